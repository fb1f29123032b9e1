/** `GET /v1/stream`: the socket that a collector sends its frames through. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import { GaitkeeperError } from "../core/error.ts";
import { consumeTicket } from "../core/store/tickets.ts";
import { FRAME_LIMITS, SUBPROTOCOL } from "../core/wire.ts";
import type { AppDeps } from "./deps.ts";
import { problemOf } from "./problem.ts";
import { type Admission, admit } from "./stream/admission.ts";
import { Connection } from "./stream/connection.ts";
import { CLOSE_TIMEOUT_MS, HEARTBEAT_MS } from "./stream/limits.ts";
import { webSocketPeer } from "./stream/peer.ts";
import type { Listener, SessionRegistry } from "./stream/registry.ts";

/** The streams of one server. */
export interface Streams {
  /** Sessions in memory. */
  readonly sessions: number;
  /** Commits every session and sends every client on to the next process. */
  close(): Promise<void>;
}

type StreamDeps = Pick<AppDeps, "kv" | "nowMs" | "delay">;

/**
 * Serves streams on an HTTP server. `ws` on `node:http` is used because it caps a fragmented message
 * while it arrives and can sever a peer that has stopped reading.
 */
export function serveStreams(
  server: Server,
  registry: SessionRegistry,
  deps: StreamDeps,
): Streams {
  const open = new Map<
    Connection,
    { readonly webSocket: WebSocket; readonly left: Promise<void> }
  >();
  const ending = new AbortController();
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    maxPayload: FRAME_LIMITS.bytes,
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    handleProtocols: () => SUBPROTOCOL,
  };
  const sockets = new WebSocketServer(options);

  server.on("upgrade", async (request: IncomingMessage, socket: Duplex, head) => {
    socket.on("error", () => socket.destroy());
    try {
      const admission = await admit(deps.kv, {
        path: request.url?.split("?")[0] ?? "",
        origin: request.headers.origin,
        protocols: request.headers["sec-websocket-protocol"],
      }, deps.nowMs());
      if (ending.signal.aborted) throw stopping();
      sockets.handleUpgrade(request, socket, head, (webSocket) => accept(webSocket, admission));
    } catch (error) {
      refuse(socket, error);
    }
  });

  function accept(webSocket: WebSocket, { secret, ticket }: Admission): void {
    const connection = new Connection(webSocketPeer(webSocket), {
      nowMs: deps.nowMs,
      replay: ticket?.replay ?? false,
      consented: ticket?.traces ?? false,
      join: async (listener: Listener) => {
        // The origin was compared with this very ticket's, so no other may be used.
        if (!ticket) throw refusedTicket();
        return registry.join(await consumeTicket(deps.kv, secret, deps.nowMs()), listener);
      },
    });
    const closed = Promise.withResolvers<void>();
    const left = closed.promise.then(() => connection.left());
    open.set(connection, { webSocket, left });
    webSocket.on("message", (data: Uint8Array, binary: boolean) => {
      connection.receive(new Uint8Array(data), binary);
    });
    // ws closes by itself what breaks the protocol or is too long.
    webSocket.on("error", () => {});
    webSocket.on("close", () => closed.resolve());
    void watchOver(webSocket, closed.promise);
    void left.finally(() => open.delete(connection));
  }

  /** Ends a connection whose far end is gone without a word: a laptop that was shut, a lost network. */
  async function watchOver(webSocket: WebSocket, closed: Promise<void>): Promise<void> {
    let isAlive = true;
    const over = new AbortController();
    void closed.then(() => over.abort());
    webSocket.on("pong", () => isAlive = true);
    for (;;) {
      await deps.delay(HEARTBEAT_MS, over.signal);
      if (over.signal.aborted) return;
      // A paused socket reads no pong either.
      if (!isAlive && !webSocket.isPaused) return webSocket.terminate();
      isAlive = false;
      webSocket.ping();
    }
  }

  return {
    get sessions() {
      return registry.size;
    },
    close: async () => {
      ending.abort();
      const all = [...open];
      await Promise.all(all.map(async ([connection, { webSocket, left }]) => {
        await connection.end();
        const timer = new AbortController();
        await Promise.race([left, deps.delay(GOODBYE_MS, timer.signal)]);
        timer.abort();
        webSocket.terminate();
        await left;
      }));
      sockets.close();
    },
  };
}

/** What a client has to answer the goodbye of a server that stops, ms. */
const GOODBYE_MS = 1000;

function stopping(): GaitkeeperError {
  return new GaitkeeperError("store_unavailable", "Cannot upgrade: the service is restarting");
}

function refusedTicket(): GaitkeeperError {
  return new GaitkeeperError(
    "ticket_invalid",
    "Cannot open stream: the ticket must be new, unused and at most 30 s old",
  );
}

/** Answers an upgrade that is not to be with a problem, and closes. */
function refuse(socket: Duplex, error: unknown): void {
  const problem = problemOf(error);
  if (problem.status === 500) console.error("upgrade failed:", error);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    "Content-Type: application/problem+json",
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
