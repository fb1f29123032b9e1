/**
 * A host site and the far end of the stream in one: a page under a strict policy, the collector as
 * it is built, and a WebSocket server that speaks the wire's protocol and no more.
 */
import { createServer, type Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import {
  decodeFrame,
  type Frame,
  type ServerMessage,
  type StreamEvent,
} from "../../../core/wire.ts";
import { bundleSiteScript } from "../../../islands/build.ts";

const FIELDS = `
  <input id="plain" name="plain"><textarea id="long"></textarea>
  <form id="login"><input id="secret" name="pin" type="password"><button id="toggle">o</button></form>
  <input id="code" autocomplete="section-a one-time-code">
  <div data-gaitkeeper-ignore><input id="ignored"></div>
  <a id="words" href="/inner">words</a><iframe id="frame" src="/inner"></iframe>
  <div id="host"></div><pre id="below">${"\n".repeat(300)}</pre>`;

/** Connects to nothing but its own origin, runs nothing inline, evaluates nothing. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; " +
  "require-trusted-types-for 'script'";

/** The script that sites load, and the module that our own islands import. */
const ENTRIES: Record<string, string> = {
  "/collector.js": "islands/collector/script.ts",
  "/module.js": "islands/collector/mod.ts",
};
const bundles = new Map<string, Uint8Array>();

export class Site {
  /** Every frame that came, resent ones included, as bytes and decoded. */
  readonly raw: Uint8Array[] = [];
  readonly frames: Frame[] = [];
  /** The tickets that were offered, one a connection. */
  readonly tickets: string[] = [];
  /** Whether frames are made durable, which an acknowledgement says. */
  acknowledges = true;
  /** Close code that answers a connection instead of a resume. */
  refusal: { code: number; reason: string } | undefined;
  readonly #durable = new Map<number, number>();
  readonly #sockets = new Set<WebSocket>();
  readonly #watchers = new Set<() => void>();

  private constructor(readonly server: Server, readonly streams: WebSocketServer) {
    streams.on("connection", (socket: WebSocket, request: { headers: Record<string, string> }) => {
      this.#accept(socket, request.headers["sec-websocket-protocol"]!.split(", ")[1]!);
    });
  }

  static async open(): Promise<Site> {
    for (const [path, entry] of Object.entries(ENTRIES)) {
      if (!bundles.has(path)) bundles.set(path, await bundleSiteScript(entry));
    }
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url!, "http://site");
      const script = bundles.get(pathname);
      if (!script && !["/", "/inner"].includes(pathname)) {
        return void response.writeHead(404).end();
      }
      response.writeHead(200, {
        "content-type": script ? "text/javascript" : "text/html; charset=utf-8",
        "content-security-policy": searchParams.get("policy") ?? POLICY,
      });
      if (script) response.end(script);
      else if (pathname === "/inner") response.end("<input id=inner>");
      else {
        response.end(
          `<!doctype html><title>Host</title><script type="module" src="/collector.js"></script>${FIELDS}`,
        );
      }
    });
    const streams = new WebSocketServer({
      server,
      path: "/v1/stream",
      handleProtocols: (offered: Set<string>) => [...offered][0]!,
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Site(server, streams);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** What the frames say when each is applied once, in the order of its sequence number. */
  get events(): StreamEvent[] {
    const applied = new Map<number, number>();
    return this.frames.flatMap(({ stream, sequence, events }) => {
      if (sequence <= (applied.get(stream) ?? 0)) return [];
      applied.set(stream, sequence);
      return events;
    });
  }

  of<Kind extends StreamEvent["kind"]>(kind: Kind): Extract<StreamEvent, { kind: Kind }>[] {
    return this.events.filter((event) => event.kind === kind) as Extract<
      StreamEvent,
      { kind: Kind }
    >[];
  }

  get marks(): string[] {
    return this.of("mark").map(({ mark }) => mark);
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Waits, driven by what arrives, until `holds`. */
  async until(holds: () => boolean, what = String(holds)): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const deadline = setTimeout(() => reject(new Error(`It never came to be: ${what}`)), 8000);
    const look = () => holds() && resolve();
    this.#watchers.add(look);
    look();
    await promise.finally(() => {
      clearTimeout(deadline);
      this.#watchers.delete(look);
    });
  }

  send(message: ServerMessage): void {
    for (const socket of this.#sockets) socket.send(JSON.stringify(message));
  }

  /** Cuts every connection, as a network does. */
  cut(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async close(): Promise<void> {
    this.cut();
    this.streams.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #accept(socket: WebSocket, ticket: string): void {
    this.tickets.push(ticket);
    if (this.refusal) return socket.close(this.refusal.code, this.refusal.reason);
    this.#sockets.add(socket);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#changed();
    });
    socket.on("message", (data: Uint8Array) => this.#receive(socket, new Uint8Array(data)));
    const streams = Object.fromEntries(this.#durable);
    socket.send(JSON.stringify({ type: "resume", session: "s", streams }));
    this.#changed();
  }

  #receive(socket: WebSocket, bytes: Uint8Array): void {
    const frame = decodeFrame(bytes);
    const { stream, sequence } = frame;
    this.raw.push(bytes);
    this.frames.push(frame);
    if (this.acknowledges) {
      this.#durable.set(stream, Math.max(sequence, this.#durable.get(stream) ?? 0));
      socket.send(JSON.stringify({ type: "ack", stream, sequence }));
    }
    this.#changed();
  }

  #changed(): void {
    for (const look of this.#watchers) look();
  }
}
