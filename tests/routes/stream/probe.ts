/** Far ends of the stream for tests: one that speaks WebSocket, and one that speaks bytes. */
// @ts-types="@types/ws"
import WebSocket from "ws";
import {
  encodeFrame,
  type Frame,
  type ServerMessage,
  type StreamEvent,
  SUBPROTOCOL,
} from "../../../core/wire.ts";
import { START_MS } from "../../core/live_sessions.ts";
import { SITE, type TestService } from "../test_service.ts";

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** A connected client that remembers every message. */
export class Probe {
  readonly messages: ServerMessage[] = [];
  readonly closed: Promise<Closed>;
  #told = Promise.withResolvers<void>();

  constructor(readonly socket: WebSocket) {
    const closed = Promise.withResolvers<Closed>();
    this.closed = closed.promise;
    socket.on("message", (data) => {
      this.messages.push(JSON.parse(String(data)));
      this.#wake();
    });
    socket.on("error", () => {});
    socket.on("close", (code, reason) => {
      closed.resolve({ code, reason: String(reason) });
      this.#wake();
    });
  }

  /** Opens a stream; resolves when it is open or refused. */
  static async open(
    { port }: TestService,
    ticket: string,
    options: WebSocket.ClientOptions = {},
  ): Promise<Probe> {
    const url = `ws://127.0.0.1:${port}/v1/stream`;
    const socket = new WebSocket(url, [SUBPROTOCOL, ticket], { origin: SITE, ...options });
    const probe = new Probe(socket);
    await new Promise<void>((resolve) => {
      socket.on("open", () => resolve());
      void probe.closed.then(() => resolve());
    });
    return probe;
  }

  send(frame: Frame): void {
    this.socket.send(encodeFrame(frame));
  }

  /** The first such message from `from` on, there or still to come. */
  async next<Type extends ServerMessage["type"]>(
    type: Type,
    from = 0,
    accept: (message: Extract<ServerMessage, { type: Type }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    const isSuch = (message: ServerMessage): message is Extract<ServerMessage, { type: Type }> => {
      return message.type === type &&
        accept(message as Extract<ServerMessage, { type: Type }>);
    };
    for (;;) {
      const found = this.messages.slice(from).find(isSuch);
      if (found) return found;
      if (this.socket.readyState === WebSocket.CLOSED) {
        throw new Error(`Cannot wait for ${type}: the stream closed after ${this.words()}`);
      }
      await this.#told.promise;
    }
  }

  /** Resolves when the server has taken in all that was sent before. */
  async reached(): Promise<void> {
    const pong = new Promise<void>((resolve) => this.socket.once("pong", () => resolve()));
    this.socket.ping();
    await Promise.race([pong, this.closed]);
  }

  words(): string {
    return JSON.stringify(this.messages);
  }

  async close(): Promise<void> {
    this.socket.close(1000);
    await this.closed;
  }

  #wake(): void {
    this.#told.resolve();
    this.#told = Promise.withResolvers();
  }
}

export interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** Open after a 101; closed by the caller. */
  readonly connection: Deno.TcpConn;
}

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** Sends an upgrade byte for byte as given and reads the answer's head, and its body if refused. */
export async function upgrade(
  { port }: TestService,
  headers: readonly (readonly [string, string])[],
  path = "/v1/stream",
): Promise<Answer> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines = [
    `GET ${path} HTTP/1.1`,
    "Host: gaitkeeper.example",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${KEY}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  await writeAll(connection, new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(16 * 1024);
  let text = "";
  for (;;) {
    const read = await connection.read(buffer);
    if (read !== null) text += decoder.decode(buffer.subarray(0, read));
    const end = text.indexOf("\r\n\r\n");
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]);
    if (read !== null && (end < 0 || status !== 101)) continue;
    if (status !== 101) connection.close();
    return { status, head: text.slice(0, end), body: text.slice(end + 4), connection };
  }
}

export async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** A frame of the WebSocket protocol itself (RFC 6455, section 5.2), masked with zeros. */
export function protocolFrame(opcode: number, payload: Uint8Array, final = true): Uint8Array {
  const { length } = payload;
  const size = length < 126
    ? [0x80 | length]
    : length < 65536
    ? [0x80 | 126, length >> 8, length & 255]
    : [0x80 | 127, 0, 0, 0, 0, length >>> 24, length >> 16 & 255, length >> 8 & 255, length & 255];
  const head = [(final ? 0x80 : 0) | opcode, ...size, 0, 0, 0, 0];
  const frame = new Uint8Array(head.length + length);
  frame.set(head);
  frame.set(payload, head.length);
  return frame;
}

export const COMMIT_MS = 2000;

/** Has what was sent so far committed, as two seconds do, and waits for the next acknowledgement. */
export async function settle({ timers }: TestService, probe: Probe, from = 0): Promise<void> {
  // The timer starts when the first frame has been applied.
  while (!timers.elapse(COMMIT_MS)) await probe.reached();
  await probe.next("ack", from);
}

/** Reads until the far end closes or is gone. */
export async function readUntilClose(connection: Deno.TcpConn): Promise<Uint8Array> {
  const chunks: number[] = [];
  const buffer = new Uint8Array(4096);
  try {
    for (;;) {
      const read = await connection.read(buffer);
      if (read === null) break;
      chunks.push(...buffer.subarray(0, read));
      if (closeCodeOf(Uint8Array.from(chunks)) !== undefined) break;
    }
  } catch {
    // A connection that is cut ends just as well.
  }
  return Uint8Array.from(chunks);
}

/** Code of the close frame among unmasked frames, if there is one whole. */
export function closeCodeOf(bytes: Uint8Array): number | undefined {
  for (let at = 0; at + 1 < bytes.length;) {
    const [opcode, short] = [bytes[at]! & 0x0f, bytes[at + 1]!];
    const isLong = short === 126;
    const length = isLong ? bytes[at + 2]! * 256 + bytes[at + 3]! : short;
    const start = at + (isLong ? 4 : 2);
    if (opcode === 8 && start + 2 <= bytes.length) return bytes[start]! * 256 + bytes[start + 1]!;
    at = start + length;
  }
  return undefined;
}

/** A frame of `count` marks, one a millisecond. */
export function marks(sequence: number, count: number): Frame {
  const events = Array.from({ length: count }, (_, i): StreamEvent => {
    return { kind: "mark", timeMs: START_MS + i, mark: "focus" };
  });
  return { stream: 1, sequence, events };
}
