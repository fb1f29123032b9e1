/**
 * A client of the stream for programs: what the collector's transport is for a page. It keeps what
 * is not acknowledged and sends it again on a new connection.
 */
import WebSocket from "ws";
import { type ErrorCode, GaitkeeperError } from "../../core/error.ts";
import { encodeFrame, type ServerMessage, type StreamEvent, SUBPROTOCOL } from "../../core/wire.ts";

export interface StreamClientOptions {
  /** The service's origin, e.g. `http://localhost:3000`; also sent as the page's. */
  readonly service: URL;
  /** Mints a ticket; each connection takes one. */
  readonly openTicket: () => Promise<string>;
  /** Names this run among the streams of its session, 32 bits. */
  readonly stream: number;
  /** Frames that may wait for their acknowledgement. */
  readonly window: number;
  readonly delay: (ms: number) => Promise<void>;
  /** Told every message of the service but `resume`, after it was taken into account. */
  readonly onMessage?: (message: ServerMessage) => void;
}

interface Waiting {
  readonly sequence: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Connections in a row that brought nothing forward before it gives up. */
const TRIES = 6;
const FIRST_WAIT_MS = 200;
/** A service that says nothing for this long while it owes an acknowledgement is gone. */
const SILENCE_MS = 30_000;
/** Closes after which another try would end the same way (routes/stream). */
const FINAL_CLOSES: Readonly<Record<number, ErrorCode>> = {
  4400: "frame_malformed",
  4403: "origin_refused",
  4413: "frame_too_large",
  4422: "time_implausible",
};

export class StreamClient {
  #socket: WebSocket | undefined;
  #waiting: Waiting[] = [];
  #sequence = 0;
  #acknowledged = 0;
  #failure: unknown;
  #serviceError: string | undefined;
  #closing = false;
  /** Connections since something was last acknowledged. */
  #tries = 0;
  #changed = Promise.withResolvers<void>();

  constructor(readonly options: StreamClientOptions) {}

  /** Last sequence number sent, and last known to be durable. */
  get sent(): number {
    return this.#sequence;
  }
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /**
   * Connects and stays connected until {@linkcode close}.
   * @throws {GaitkeeperError} when the service cannot be reached or refuses.
   */
  async open(): Promise<void> {
    for (;;) {
      this.#tries++;
      try {
        return await this.#connect();
      } catch (cause) {
        if (isFinal(cause) || this.#tries >= TRIES || this.#closing) throw cause;
        await this.options.delay(FIRST_WAIT_MS * 2 ** this.#tries);
      }
    }
  }

  /** Sends events as one frame; waits first while too much is unacknowledged. */
  async send(events: readonly StreamEvent[]): Promise<void> {
    if (!events.length) return;
    await this.#until(() => this.#waiting.length < this.options.window);
    const sequence = ++this.#sequence;
    const bytes = encodeFrame({ stream: this.options.stream, sequence, events });
    this.#waiting.push({ sequence, bytes });
    this.#socket?.send(bytes);
  }

  /** Resolves when all that was sent is durable. */
  async settled(): Promise<void> {
    await this.#until(() => this.#waiting.length === 0);
  }

  close(): void {
    this.#closing = true;
    this.#socket?.close(1000);
    this.#socket = undefined;
  }

  /** Cuts the connection as a failing network does; the client comes back by itself. */
  cut(): void {
    this.#socket?.terminate();
  }

  async #until(isMet: () => boolean): Promise<void> {
    while (!isMet()) {
      if (this.#failure) throw this.#failure;
      const silence = setTimeout(() => this.#socket?.terminate(), SILENCE_MS);
      try {
        await this.#changed.promise;
      } finally {
        clearTimeout(silence);
      }
    }
    if (this.#failure) throw this.#failure;
  }

  async #connect(): Promise<void> {
    const { service, openTicket } = this.options;
    const ticket = await openTicket();
    const url = new URL("/v1/stream", service);
    url.protocol = url.protocol.replace("http", "ws");
    this.#serviceError = undefined;
    const socket = new WebSocket(url, [SUBPROTOCOL, ticket], {
      origin: service.origin,
      handshakeTimeout: SILENCE_MS,
    });
    const ready = Promise.withResolvers<void>();
    socket.on("message", (data: unknown) => {
      const message = JSON.parse(String(data)) as ServerMessage;
      if (message.type === "resume") {
        this.#acknowledge(message.streams[this.options.stream] ?? 0);
        for (const { bytes } of this.#waiting) socket.send(bytes);
        this.#socket = socket;
        ready.resolve();
      } else this.#take(message);
    });
    socket.on("unexpected-response", (_: unknown, { statusCode }: { statusCode: number }) => {
      socket.terminate();
      ready.reject(refused(statusCode));
    });
    socket.on("error", (cause: unknown) => ready.reject(unreachable(service, cause)));
    socket.on("close", (code: number) => {
      const error = closedError(code, this.#serviceError);
      ready.reject(error);
      if (this.#socket === socket) this.#lost(error);
    });
    await ready.promise;
  }

  #take(message: ServerMessage): void {
    if (message.type === "ack" && message.stream === this.options.stream) {
      this.#acknowledge(message.sequence);
    } else if (message.type === "error") this.#serviceError = `${message.code}: ${message.message}`;
    this.options.onMessage?.(message);
  }

  #acknowledge(sequence: number): void {
    if (sequence > this.#acknowledged) this.#tries = 0;
    this.#acknowledged = Math.max(this.#acknowledged, sequence);
    this.#waiting = this.#waiting.filter((frame) => frame.sequence > this.#acknowledged);
    this.#notify();
  }

  #lost(error: GaitkeeperError): void {
    this.#socket = undefined;
    if (this.#closing) return;
    if (isFinal(error) || this.#tries >= TRIES) return this.#fail(error);
    this.open().catch((cause) => this.#fail(cause));
  }

  #fail(cause: unknown): void {
    this.#failure = cause;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

const FINAL_CODES: ReadonlySet<ErrorCode> = new Set([
  ...Object.values(FINAL_CLOSES),
  "credential_invalid",
  "request_invalid",
]);

function isFinal(cause: unknown): boolean {
  return cause instanceof GaitkeeperError && FINAL_CODES.has(cause.code);
}

function unreachable(service: URL, cause: unknown): GaitkeeperError {
  return new GaitkeeperError(
    "service_unreachable",
    `Cannot stream: ${service.origin} must be a running service`,
    { cause },
  );
}

function refused(status: number): GaitkeeperError {
  const code = status === 403 ? "origin_refused" : "request_invalid";
  return new GaitkeeperError(code, `Cannot stream: the upgrade must be accepted, got ${status}`);
}

function closedError(code: number, said: string | undefined): GaitkeeperError {
  return new GaitkeeperError(
    FINAL_CLOSES[code] ?? "ticket_invalid",
    `Cannot stream: the service closed the connection with ${code}${said ? ` (${said})` : ""}`,
  );
}
