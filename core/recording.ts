/**
 * What one session records of a subject who consented to it: events that a trace can hold, kept as
 * wire frames, which are small. It is bounded: when it is full, what comes later is not recorded.
 */
import { eventsToTrace, type TraceSession, traceStartMs } from "./trace.ts";
import { decodeFrame, encodeFrame, type StreamEvent } from "./wire.ts";

/**
 * The most that is kept of a session, bytes; apart, so that a busy pointer leaves room for strokes.
 * About 25,000 strokes, and seven minutes of a pointer that never rests.
 */
export const RECORDING_LIMITS = { strokes: 128 * 1024, pointer: 256 * 1024 } as const;

const EVENTS_A_FRAME = 1024;

/** Events of one kind as frames, up to a limit; what is taken waits until it is settled. */
class Tape {
  readonly #frames: Uint8Array[] = [];
  #bytes = 0;
  #waiting: StreamEvent[] = [];

  constructor(readonly limit: number) {}

  take(events: readonly StreamEvent[]): void {
    if (this.#bytes < this.limit) this.#waiting = this.#waiting.concat(events);
  }

  settle(): void {
    const settled = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < settled.length; at += EVENTS_A_FRAME) {
      const events = settled.slice(at, at + EVENTS_A_FRAME);
      const frame = encodeFrame({ stream: 0, sequence: 1, events });
      if (this.#bytes + frame.length > this.limit) {
        this.#bytes = this.limit;
        return;
      }
      this.#bytes += frame.length;
      this.#frames.push(frame);
    }
  }

  get events(): StreamEvent[] {
    return this.#frames.flatMap((frame) => [...decodeFrame(frame).events]);
  }
}

export class Recording {
  readonly #strokes = new Tape(RECORDING_LIMITS.strokes);
  readonly #pointer = new Tape(RECORDING_LIMITS.pointer);

  /** Takes events that were applied; they are recorded once they are durable. */
  take(events: readonly StreamEvent[]): void {
    this.#strokes.take(events.filter(({ kind }) => kind === "stroke"));
    this.#pointer.take(
      events.filter(({ kind }) => kind === "pointer" || kind === "button" || kind === "wheel"),
    );
  }

  /**
   * What was taken is durable. Without this a client would send the same again to another process,
   * and it would be recorded twice.
   */
  settle(): void {
    this.#strokes.settle();
    this.#pointer.settle();
  }

  /** The durable part as a trace; `undefined` where there is nothing. */
  trace(names: Pick<TraceSession, "subject" | "session">): TraceSession | undefined {
    const events = [...this.#strokes.events, ...this.#pointer.events];
    if (!events.length) return undefined;
    const startedAtMs = traceStartMs(events);
    return { ...eventsToTrace(events, startedAtMs, names), startedAtMs };
  }
}
