/** The dashboard's own routes on a free port, under the strictest policy, with a store in memory. */
import { Hono } from "hono";
import { serveStatic } from "hono/deno";
import { createDashboard } from "../../routes/dashboard.tsx";
import { createLive } from "../../routes/live.ts";

export const STRICT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface DashboardServer {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Tickets name `ownSession`. There is no stream behind them: the collector waits, as it does where a
 * service is down, and what the pages show comes from the store alone.
 */
export function serveDashboard(kv: Deno.Kv, ownSession: string, port = 0): DashboardServer {
  const deps = {
    kv,
    nowMs: () => Date.now(),
    delay: abortableDelay,
    windows: {
      keyboard: { strokes: 50, hop: 10 },
      pointer: { activeMs: 15_000, hopMs: 3000 },
    },
  };
  const root = new URL("../../static", import.meta.url).pathname;
  const app = new Hono()
    .use(async (c, next) => {
      await next();
      c.header("Content-Security-Policy", STRICT_POLICY);
    })
    .route("/", createDashboard(deps))
    .route("/", createLive(deps))
    .post("/live/ticket", (c) => {
      return c.json({ ticket: "0".repeat(32), session: ownSession, subject: "you" });
    })
    .get(
      "/static/*",
      serveStatic({ root, rewriteRequestPath: (path) => path.slice("/static".length) }),
    )
    .get("/build/*", serveStatic({ root }));
  const ending = new AbortController();
  const server = Deno.serve(
    { port, hostname: "127.0.0.1", signal: ending.signal, onListen: () => {} },
    app.fetch,
  );
  return {
    origin: `http://localhost:${server.addr.port}`,
    close: async () => {
      // A feed has no end of its own: it is cut off, as by a server that goes away.
      ending.abort();
      await server.finished;
    },
  };
}

export function abortableDelay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
