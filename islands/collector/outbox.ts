/** What waits for the service: events not yet framed, and frames not yet acknowledged. */
import { encodeFrame, type StreamEvent } from "../../core/wire.ts";

/** What an event is taken to weigh before it is framed, bytes; the usual ones weigh 5 to 7. */
export const EVENT_BYTES = 8;

/** Events a frame is cut at, far below what the wire allows. */
const FRAME_EVENTS = 512;

/** Share of what waits that is dropped at a time, so that dropping is rare. */
const DROPPED_SHARE = 1 / 8;

/**
 * A bounded queue of frames. Events are framed only when they can be sent, so what is dropped for
 * lack of room never had a sequence number: the numbers that the service sees have no gap.
 */
export class Outbox {
  #events: StreamEvent[] = [];
  #frames: { readonly sequence: number; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];
  #framesBytes = 0;
  /** How many of `#frames` the present connection has taken. */
  #sent = 0;
  #sequence = 0;

  /** `stream` is a number of 32 bits, `limitBytes` what may wait in all. */
  constructor(readonly stream: number, readonly limitBytes: number) {}

  /** Whether nothing waits, neither to be sent nor to be acknowledged. */
  get isEmpty(): boolean {
    return !this.#events.length && !this.#frames.length;
  }

  /** Events that no frame holds yet, bytes. */
  get unframedBytes(): number {
    return this.#events.length * EVENT_BYTES;
  }

  /** Frames sent on this connection and not yet acknowledged. */
  get inFlight(): number {
    return this.#sent;
  }

  push(event: StreamEvent): void {
    // One number that is none would make a frame that the service refuses, and the stream with it.
    for (const name in event) {
      const value = event[name as keyof StreamEvent] as unknown;
      if (typeof value === "number" && !Number.isFinite(value)) return;
    }
    this.#events.push(event);
    if (this.unframedBytes + this.#framesBytes <= this.limitBytes) return;
    const dropped = this.#events.splice(0, Math.ceil(this.#events.length * DROPPED_SHARE) + 1);
    this.#events.unshift({ kind: "mark", timeMs: dropped.at(-1)!.timeMs, mark: "lost" });
  }

  /**
   * The next frame that this connection has not taken; undefined when there is none, or when so
   * much is unacknowledged that the rest has to wait.
   */
  next(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#sent === this.#frames.length) {
      if (!this.#events.length || this.#framesBytes > this.limitBytes / 2) return;
      const bytes = encodeFrame({
        stream: this.stream,
        sequence: ++this.#sequence,
        events: this.#events.splice(0, FRAME_EVENTS),
      });
      this.#frames.push({ sequence: this.#sequence, bytes });
      this.#framesBytes += bytes.length;
    }
    return this.#frames[this.#sent++]!.bytes;
  }

  /** Forgets the frames up to `sequence`: they are durable. */
  acknowledge(sequence: number): void {
    while (this.#frames.length && this.#frames[0]!.sequence <= sequence) {
      this.#framesBytes -= this.#frames.shift()!.bytes.length;
      this.#sent = Math.max(0, this.#sent - 1);
    }
  }

  /** A new connection: every frame that is left has to be sent again. */
  rewind(): void {
    this.#sent = 0;
  }

  clear(): void {
    this.#events = [];
    this.#frames = [];
    this.#framesBytes = this.#sent = 0;
  }
}
