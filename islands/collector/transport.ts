/**
 * Brings events to the service over a WebSocket and its answers back. Knows no page: what is
 * captured comes in by `push`, and clock, timers, randomness and sockets are handed in.
 */
import { type ServerMessage, type StreamEvent, SUBPROTOCOL } from "../../core/wire.ts";
import { Backoff } from "./backoff.ts";
import type { ActionDetail, CollectorState, StartOptions, StateDetail } from "./collector.d.ts";
import { guarded } from "./guard.ts";
import { Outbox } from "./outbox.ts";

/** Unframed events that are sent at once, bytes. */
const FLUSH_BYTES = 4096;
/** Sent in one go at most; the rest follows a flush later, so that a long gap is no flood. */
const BURST = { frames: 8, bytes: 8192 } as const;
/** What the browser itself may hold unsent, bytes, before we hold back. */
const SOCKET_BYTES = 64 * 1024;
/** `WebSocket.OPEN`. */
const OPEN = 1;
/** A connection that is not up, or acknowledges nothing, for this long is dead. */
const SILENCE_MS = 30_000;
/** A connection that lasted this long worked. */
const STEADY_MS = 30_000;
/** Tickets refused in a row before giving up. */
const TICKETS = 5;

/** Close codes that are not final, of those by which the service refuses (4400 to 4499). */
const TICKET_REFUSED = 4401;
const SUPERSEDED = 4409;
const RATE_EXCEEDED = 4429;

/** The outside world, as far as the transport needs it. */
export interface TransportEnvironment {
  /** A clock that only goes forward, ms. */
  nowMs(): number;
  /** Uniform on [0, 1). */
  random(): number;
  setTimer(run: () => void, delayMs: number): unknown;
  clearTimer(timer: unknown): void;
  openSocket(url: string, protocols: string[]): WebSocket;
  /** Whether nobody sees the page. */
  isHidden(): boolean;
}

/** The page's own clock, timers and sockets. */
export const PAGE_ENVIRONMENT: TransportEnvironment = {
  nowMs: () => performance.now(),
  random: () => Math.random(),
  setTimer: (run, delayMs) => setTimeout(guarded(run), delayMs),
  clearTimer: (timer) => clearTimeout(timer as number),
  openSocket: (url, protocols) => new WebSocket(url, protocols),
  isHidden: () => document.hidden,
};

/**
 * One stream to the service, over as many connections as it takes. Dispatches `state`
 * ({@linkcode StateDetail}) and `action` ({@linkcode ActionDetail}).
 */
export class Transport extends EventTarget {
  readonly url: URL;
  readonly #flushMs: number;
  readonly #ticket: StartOptions["ticket"];
  readonly #environment: TransportEnvironment;
  readonly #outbox: Outbox;
  readonly #backoff: Backoff;
  #state: CollectorState = "waiting";
  #code: string | undefined;
  #socket: WebSocket | undefined;
  #flushTimer: unknown;
  #connectTimer: unknown;
  #refusals = 0;
  #openedMs = 0;
  /** When the service last gave a sign of life, or was first asked for one. */
  #heardMs = 0;
  #ticketSpent = false;
  #begun = false;
  #resting = false;
  #superseded = false;

  /** @throws {TypeError} when `endpoint` is no URL of a service. */
  constructor(options: StartOptions, environment = PAGE_ENVIRONMENT) {
    super();
    this.url = streamUrl(options.endpoint);
    this.#ticket = options.ticket;
    this.#flushMs = Math.min(500, Math.max(250, options.flushMs || 400));
    this.#environment = environment;
    this.#backoff = new Backoff(environment.random);
    const stream = crypto.getRandomValues(new Uint32Array(1))[0]!;
    this.#outbox = new Outbox(stream, options.bufferBytes || 512 * 1024);
  }

  get state(): CollectorState {
    return this.#state;
  }

  /** The number that names this run among those of its session, 32 bits. */
  get stream(): number {
    return this.#outbox.stream;
  }

  /** Connects as soon as there is a reason to; also ends a {@linkcode rest}. */
  open(): void {
    this.#begun = true;
    this.#resting = false;
    this.wake();
  }

  /** Takes an event; it is sent with the next flush. */
  push(event: StreamEvent): void {
    if (this.#ended) return;
    this.#outbox.push(event);
    // The person is at this page again: it takes the session back from the page that took it.
    if (this.#superseded && (event.kind === "stroke" || event.kind === "pointer")) {
      this.#superseded = this.#environment.isHidden();
    }
    if (this.#outbox.unframedBytes >= FLUSH_BYTES) this.flush();
    else this.#flushLater();
    this.wake();
  }

  /** Sends what there is now, as far as the connection takes it. */
  flush(): void {
    this.#clearFlushTimer();
    const socket = this.#socket;
    if (this.#state !== "open" || !socket) return;
    const nowMs = this.#environment.nowMs();
    if (!this.#outbox.inFlight) this.#heardMs = nowMs;
    else if (nowMs - this.#heardMs > SILENCE_MS) return this.#lose();
    let [frames, bytes] = [0, 0];
    // To write to a socket that is closing is an error in the host's console.
    while (
      frames < BURST.frames && bytes < BURST.bytes && socket.readyState === OPEN &&
      socket.bufferedAmount < SOCKET_BYTES
    ) {
      const frame = this.#outbox.next();
      if (!frame) return;
      socket.send(frame);
      frames++;
      bytes += frame.length;
    }
    this.#flushLater();
  }

  /** Nothing more is to come: delivers what there is, then closes the connection. */
  rest(): void {
    this.#resting = true;
    this.flush();
    this.#closeIfRested();
  }

  /** Connects if there is a reason to and no wait is on: the page is seen, or something is to send. */
  wake(): void {
    if (this.#socket || this.#connectTimer !== undefined || this.#superseded) return;
    if (!this.#begun || this.#ended) return;
    if (this.#outbox.isEmpty && (this.#resting || this.#environment.isHidden())) return;
    this.#connect().catch(() => this.close("failed", "internal"));
  }

  /** Ends for good; what was not sent is dropped. */
  close(state: "stopped" | "failed" = "stopped", code?: string): void {
    if (this.#ended) return;
    this.#clearFlushTimer();
    this.#clearConnectTimer();
    this.#dropSocket();
    this.#outbox.clear();
    this.#setState(state, code);
  }

  get #ended(): boolean {
    return this.#state === "stopped" || this.#state === "failed";
  }

  async #connect(): Promise<void> {
    if (this.#ticketSpent) return this.close("failed", this.#code ?? "ticket_spent");
    // Holds the place of the socket until the ticket is here, and ends a connection that hangs.
    this.#connectTimer = this.#environment.setTimer(() => this.#lose(), SILENCE_MS);
    const attempt = this.#connectTimer;
    this.#setState("connecting");
    let ticket: string;
    try {
      ticket = typeof this.#ticket === "function" ? await this.#ticket() : this.#ticket;
    } catch {
      if (attempt === this.#connectTimer) this.#lose();
      return;
    }
    if (attempt !== this.#connectTimer || this.#ended) return;
    this.#ticketSpent = typeof this.#ticket !== "function";
    try {
      const socket = this.#environment.openSocket(this.url.href, [SUBPROTOCOL, ticket]);
      this.#socket = socket;
      socket.onmessage = guarded(({ data }) => this.#receive(data));
      socket.onclose = guarded(({ code, reason }) => this.#closed(code, reason));
    } catch {
      // Mixed content, a policy, or a ticket that is no token: another try would end the same way.
      this.close("failed", "connection_refused");
    }
  }

  #receive(data: unknown): void {
    let message: ServerMessage;
    try {
      message = JSON.parse(data as string) ?? {};
    } catch {
      return;
    }
    this.#heardMs = this.#environment.nowMs();
    if (message.type === "resume") {
      this.#clearConnectTimer();
      this.#outbox.acknowledge(message.streams?.[this.stream] ?? 0);
      this.#outbox.rewind();
      this.#refusals = 0;
      this.#openedMs = this.#heardMs;
      this.#code = undefined;
      this.#setState("open");
      this.flush();
      this.#closeIfRested();
    } else if (message.type === "ack" && message.stream === this.stream) {
      this.#outbox.acknowledge(message.sequence);
      this.#backoff.reset();
      if (this.#outbox.unframedBytes) this.#flushLater();
      this.#closeIfRested();
    } else if (message.type === "action") {
      const { action, level, alert } = message;
      this.#tell("action", { action, level, ...(alert === undefined ? {} : { alert }) });
    } else if (message.type === "error") this.#code = message.code;
  }

  #closed(code: number, reason: string): void {
    const mayReturn = [TICKET_REFUSED, SUPERSEDED, RATE_EXCEEDED].includes(code);
    if (code >= 4400 && code < 4500 && !mayReturn) {
      return this.close("failed", this.#code ?? (reason || "connection_refused"));
    }
    if (code === TICKET_REFUSED && ++this.#refusals >= TICKETS) {
      return this.close("failed", "ticket_invalid");
    }
    if (code === TICKET_REFUSED) this.#code = "ticket_invalid";
    this.#superseded = code === SUPERSEDED;
    this.#lose(code === RATE_EXCEEDED);
  }

  /** The connection is gone; another follows when the wait is over and there is a reason for it. */
  #lose(busy = false): void {
    const steadyMs = this.#environment.nowMs() - this.#openedMs;
    if (this.#state === "open" && steadyMs > STEADY_MS) this.#backoff.reset();
    this.#dropSocket();
    this.#clearConnectTimer();
    this.#connectTimer = this.#environment.setTimer(() => {
      this.#connectTimer = undefined;
      this.wake();
    }, this.#backoff.nextMs(busy));
    this.#setState("waiting", this.#superseded ? "session_superseded" : this.#code);
  }

  #closeIfRested(): void {
    if (!this.#resting || !this.#outbox.isEmpty || this.#ended) return;
    this.#clearConnectTimer();
    this.#dropSocket();
    this.#setState("waiting");
  }

  #dropSocket(): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }

  #flushLater(): void {
    this.#flushTimer ??= this.#environment.setTimer(() => this.flush(), this.#flushMs);
  }

  #clearFlushTimer(): void {
    if (this.#flushTimer !== undefined) this.#environment.clearTimer(this.#flushTimer);
    this.#flushTimer = undefined;
  }

  #clearConnectTimer(): void {
    if (this.#connectTimer !== undefined) this.#environment.clearTimer(this.#connectTimer);
    this.#connectTimer = undefined;
  }

  #setState(state: CollectorState, code?: string): void {
    if (state === this.#state && !code) return;
    this.#state = state;
    this.#tell("state", { state, ...(code ? { code } : {}) });
  }

  #tell(type: "state" | "action", detail: StateDetail | ActionDetail): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The stream's URL of a service's origin, or of the stream itself. */
function streamUrl(endpoint: string | URL): URL {
  const url = new URL(endpoint, globalThis.location?.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (url.pathname === "/") url.pathname = "/v1/stream";
  if (!/^wss?:$/.test(url.protocol)) {
    throw new TypeError(`Cannot start: endpoint must be an http or ws URL, got "${url.protocol}"`);
  }
  return url;
}
