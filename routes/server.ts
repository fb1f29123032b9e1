/** HTTP and streams on one port. */
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { GaitkeeperError } from "../core/error.ts";
import { createApp } from "./app.ts";
import type { AppDeps } from "./deps.ts";
import { serveStreams } from "./stream.ts";
import { SessionRegistry } from "./stream/registry.ts";

export interface GaitkeeperServer {
  /** The port it listens on, chosen by the system where 0 was asked for. */
  readonly port: number;
  /** Live sessions in memory. */
  readonly sessions: number;
  /** Commits every session, lets every client go, and stops listening. */
  close(): Promise<void>;
}

/** A header that takes longer than this to arrive, or a request than that, is cut off, ms. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Serves the application; resolves once it listens.
 * @throws {GaitkeeperError} `settings_invalid` when the port is taken.
 */
export async function serveGaitkeeper(
  deps: AppDeps,
  { port, hostname }: { readonly port: number; readonly hostname: string },
): Promise<GaitkeeperServer> {
  const registry = new SessionRegistry(deps);
  const server: Server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    getRequestListener(createApp({ ...deps, live: registry }).fetch, {
      overrideGlobalObjects: false,
    }),
  );
  const streams = serveStreams(server, registry, deps);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: Error & { code?: string }) => {
      reject(cause.code === "EADDRINUSE" ? taken(port, cause) : cause);
    });
    server.listen(port, hostname, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    get sessions() {
      return streams.sessions;
    },
    close: async () => {
      // Nobody new comes in while those who are here are let go.
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await streams.close();
      server.closeAllConnections?.();
      await closed;
    },
  };
}

function taken(port: number, cause: Error): GaitkeeperError {
  return new GaitkeeperError(
    "settings_invalid",
    `Cannot start: PORT must be free, got ${port}, on which something else listens`,
    { cause },
  );
}
