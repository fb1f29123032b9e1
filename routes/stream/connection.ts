/** One socket: its caps, its queue, and what it is told when something is wrong. */
import { UNKNOWN_DECISION } from "../../core/decision.ts";
import { type ErrorCode, GaitkeeperError } from "../../core/error.ts";
import { decodeFrame, type ServerMessage } from "../../core/wire.ts";
import {
  CLOSE_CODES,
  CLOSE_INTERNAL,
  EVENT_RATE,
  FRAME_RATE,
  QUEUE_LENGTH,
  TokenBucket,
  UNREAD_BYTES,
} from "./limits.ts";
import type { Peer } from "./peer.ts";
import type { HeldSession, Listener } from "./registry.ts";

export interface ConnectionOptions {
  readonly nowMs: () => number;
  /** A recording: it is slowed to what the server can take instead of being cut off. */
  readonly replay: boolean;
}

export class Connection implements Listener {
  #held: HeldSession | undefined;
  #queue: Promise<void> = Promise.resolve();
  #waiting = 0;
  #closed = false;
  readonly #frames: TokenBucket;
  readonly #events: TokenBucket;

  constructor(readonly peer: Peer, readonly options: ConnectionOptions) {
    this.#frames = new TokenBucket(FRAME_RATE, options.nowMs());
    this.#events = new TokenBucket(EVENT_RATE, options.nowMs());
  }

  /** Begins to serve the session; what came before waits its turn. */
  serve(held: HeldSession): void {
    this.#held = held;
    this.#enqueue(() => held.greet(this));
  }

  /** Takes a binary message; anything wrong with it closes this socket and changes nothing. */
  receive(data: Uint8Array): void {
    if (this.#closed) return;
    try {
      const frame = decodeFrame(data);
      const nowMs = this.options.nowMs();
      const inRate = this.#frames.take(1, nowMs) && this.#events.take(frame.events.length, nowMs);
      if (!inRate && !this.options.replay) {
        throw new GaitkeeperError("rate_exceeded", "Cannot take frame: too many came too fast");
      }
      if (this.#waiting >= QUEUE_LENGTH) {
        if (!this.options.replay) {
          throw new GaitkeeperError("queue_full", "Cannot take frame: too many are waiting");
        }
        this.peer.pause();
      }
      this.#enqueue(() => this.#held?.receive(frame) ?? Promise.resolve());
    } catch (error) {
      this.fail(error);
    }
  }

  tell(message: ServerMessage): void {
    if (this.#closed) return;
    if (this.peer.unreadBytes > UNREAD_BYTES) this.peer.terminate();
    else this.peer.send(message);
  }

  /**
   * Fails closed: an error of the server's own leaves the session unknown, and the client keeps its
   * frames for another connection.
   */
  fail(error: unknown): void {
    if (this.#closed) return;
    const code: ErrorCode = error instanceof GaitkeeperError ? error.code : "internal";
    const closeCode = CLOSE_CODES[code as keyof typeof CLOSE_CODES];
    const message = error instanceof Error && closeCode ? error.message : "Something went wrong";
    this.tell({ type: "error", code, message });
    if (!closeCode) {
      console.error("stream failed:", error);
      this.tell({ type: "action", ...UNKNOWN_DECISION });
    }
    this.#closed = true;
    this.peer.close(closeCode ?? CLOSE_INTERNAL, code);
  }

  /** The server goes away; the client comes back to its successor. */
  async end(code: number, reason: string): Promise<void> {
    await this.#queue;
    this.#closed = true;
    this.peer.close(code, reason);
  }

  /** The socket has closed: what arrived is still applied, then committed. */
  async left(): Promise<void> {
    this.#closed = true;
    await this.#queue;
    await this.#held?.leave(this);
  }

  #enqueue(work: () => Promise<void>): void {
    this.#waiting++;
    this.#queue = this.#queue.then(work).catch((error) => this.fail(error)).finally(() => {
      if (--this.#waiting === QUEUE_LENGTH / 2 && this.options.replay) this.peer.resume();
    });
  }
}
