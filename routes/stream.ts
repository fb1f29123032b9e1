/** `GET /v1/stream`: the socket that a collector sends its frames through. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
// @ts-types="@types/ws"
import { WebSocketServer } from "ws";
import { GaitkeeperError } from "../core/error.ts";
import { consumeTicket } from "../core/store/tickets.ts";
import { FRAME_LIMITS, SUBPROTOCOL } from "../core/wire.ts";
import type { AppDeps } from "./deps.ts";
import { problemOf } from "./problem.ts";
import { type Admission, admit } from "./stream/admission.ts";
import { Connection } from "./stream/connection.ts";
import { CLOSE_RESTARTING } from "./stream/limits.ts";
import { webSocketPeer } from "./stream/peer.ts";
import { SessionRegistry } from "./stream/registry.ts";

/** The streams of one server. */
export interface Streams {
  /** Commits every session and sends every client on to the next process. */
  close(): Promise<void>;
}

/**
 * Serves streams on an HTTP server. `ws` on `node:http` is used because it caps a fragmented message
 * while it arrives and can sever a peer that has stopped reading.
 */
export function serveStreams(server: Server, deps: AppDeps): Streams {
  const registry = new SessionRegistry(deps);
  const connections = new Set<Connection>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_LIMITS.bytes,
    perMessageDeflate: false,
    handleProtocols: () => SUBPROTOCOL,
  });

  server.on("upgrade", async (request: IncomingMessage, socket: Duplex, head) => {
    socket.on("error", () => socket.destroy());
    try {
      const admission = await admit(deps.kv, {
        path: request.url?.split("?")[0] ?? "",
        origin: request.headers.origin,
        protocols: request.headers["sec-websocket-protocol"],
      }, deps.nowMs());
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const replay = admission.ticket?.replay ?? false;
        const connection = new Connection(webSocketPeer(webSocket), { nowMs: deps.nowMs, replay });
        connections.add(connection);
        webSocket.on("message", (data: Uint8Array, binary: boolean) => {
          if (binary) connection.receive(new Uint8Array(data));
          else {connection.fail(
              new GaitkeeperError("frame_malformed", "Cannot read frame: it must be binary"),
            );}
        });
        webSocket.on("error", () => webSocket.terminate());
        webSocket.on("close", () => {
          connections.delete(connection);
          void connection.left();
        });
        void begin(connection, admission);
      });
    } catch (error) {
      refuse(socket, error);
    }
  });

  async function begin(connection: Connection, { secret }: Admission) {
    try {
      const ticket = await consumeTicket(deps.kv, secret, deps.nowMs());
      connection.serve(registry.join(ticket, connection));
    } catch (error) {
      connection.fail(error);
    }
  }

  return {
    close: async () => {
      await registry.commitAll();
      await Promise.all([...connections].map((one) => one.end(CLOSE_RESTARTING, "restarting")));
      sockets.close();
    },
  };
}

/** Answers an upgrade that is not to be with a problem, and closes. */
function refuse(socket: Duplex, error: unknown): void {
  const problem = problemOf(error);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\n` +
      "Content-Type: application/problem+json\r\n" +
      `Content-Length: ${
        new TextEncoder().encode(body).length
      }\r\nConnection: close\r\n\r\n${body}`,
  );
}
