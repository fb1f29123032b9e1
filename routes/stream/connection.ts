/** One socket: its caps, its queue, and what it is told when something is wrong. */
import { UNKNOWN_DECISION } from "../../core/decision.ts";
import { type ErrorCode, GaitkeeperError } from "../../core/error.ts";
import { decodeFrame, type Frame, type ServerMessage } from "../../core/wire.ts";
import {
  CLOSE_CODES,
  CLOSE_INTERNAL,
  CLOSE_RESTARTING,
  EVENT_RATE,
  FRAME_RATE,
  QUEUE,
  TokenBucket,
  UNREAD_BYTES,
} from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { HeldSession, Listener } from "./registry.ts";

export interface ConnectionOptions {
  readonly nowMs: () => number;
  /** A recording: it is slowed to what the server can take instead of being cut off. */
  readonly replay: boolean;
  /** The subject consented to what comes here being recorded. */
  readonly consented: boolean;
  /** Uses the ticket up and joins its session; frames that come before wait their turn. */
  readonly join: (listener: Listener) => Promise<HeldSession>;
}

export class Connection implements Listener {
  readonly #joined: Promise<HeldSession>;
  /** Everything in the order of its arrival, one at a time. */
  #queue: Promise<void>;
  #waiting = 0;
  /** Takes nothing more from the peer. */
  #deaf = false;
  /** A frame was not applied, so none after it may be: the client would take it for durable. */
  #broken = false;
  #closed = false;
  readonly #frames: TokenBucket;
  readonly #events: TokenBucket;

  constructor(readonly peer: Peer, readonly options: ConnectionOptions) {
    this.#frames = new TokenBucket(FRAME_RATE, options.nowMs());
    this.#events = new TokenBucket(EVENT_RATE, options.nowMs());
    this.#joined = options.join(this);
    this.#queue = this.#joined.then((held) => held.greet(this)).catch((error) => this.fail(error));
  }

  /** Takes a message; what came before anything that is wrong with it is still applied. */
  receive(data: Uint8Array, binary: boolean): void {
    if (this.#deaf) return;
    try {
      const frame = this.#admit(data, binary);
      const { consented } = this.options;
      this.#enqueue(async () => (await this.#joined).receive(frame, consented));
    } catch (error) {
      this.#deaf = true;
      this.#enqueue(() => Promise.reject(error));
    }
    if (this.options.replay && this.#waiting >= QUEUE.pauseAt) this.peer.pause();
  }

  #admit(data: Uint8Array, binary: boolean): Frame {
    if (!binary) throw new GaitkeeperError("frame_malformed", "Cannot read frame: got text");
    if (this.#waiting >= QUEUE.length && !this.options.replay) {
      throw new GaitkeeperError("queue_full", "Cannot take frame: too many are waiting");
    }
    const nowMs = this.options.nowMs();
    const frameInRate = this.#frames.take(1, nowMs) || this.options.replay;
    // Reading a frame costs as well, so its rate comes first.
    const frame = frameInRate ? decodeFrame(data) : undefined;
    const inRate = frame && (this.#events.take(frame.events.length, nowMs) || this.options.replay);
    if (!inRate) {
      throw new GaitkeeperError("rate_exceeded", "Cannot take frame: too many came too fast");
    }
    return frame;
  }

  tell(message: ServerMessage): void {
    if (this.#closed) return;
    this.peer.send(message);
    if (this.peer.unreadBytes <= UNREAD_BYTES) return;
    this.#deaf = this.#closed = true;
    this.peer.terminate();
  }

  /**
   * Fails closed: an error of the server's own leaves the session unknown, and the client keeps its
   * frames for another connection.
   */
  fail(error: unknown): void {
    this.#deaf = this.#broken = true;
    if (this.#closed) return;
    const code: ErrorCode = error instanceof GaitkeeperError ? error.code : "internal";
    const closeCode = CLOSE_CODES[code as keyof typeof CLOSE_CODES];
    const message = closeCode ? (error as Error).message : "Something went wrong on the server";
    this.tell({ type: "error", code, message });
    if (!closeCode) {
      console.error("stream failed:", error);
      this.tell({ type: "action", ...UNKNOWN_DECISION });
    }
    this.#closed = true;
    this.peer.close(closeCode ?? CLOSE_INTERNAL, code);
  }

  restart(): void {
    this.#deaf = this.#broken = true;
    if (this.#closed) return;
    this.#closed = true;
    this.peer.close(CLOSE_RESTARTING, "restarting");
  }

  /** The server goes away: what arrived is committed and told, and the client finds a successor. */
  async end(): Promise<void> {
    this.#deaf = true;
    await this.#queue;
    await this.#joined.then((held) => held.commit(), () => {});
    if (this.#closed) return;
    this.#closed = true;
    this.peer.close(CLOSE_RESTARTING, "restarting");
  }

  /** The socket has closed: what arrived is still applied, then committed. */
  async left(): Promise<void> {
    this.#deaf = this.#closed = true;
    await this.#queue;
    await this.#joined.then((held) => held.leave(this), () => {});
  }

  #enqueue(work: () => Promise<void>): void {
    this.#waiting++;
    const done = async () => {
      if (!this.#broken) await work();
    };
    this.#queue = this.#queue.then(done).catch((error) => this.fail(error)).finally(() => {
      if (--this.#waiting === QUEUE.resumeAt && this.options.replay) this.peer.resume();
    });
  }
}
