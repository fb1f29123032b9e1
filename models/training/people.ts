/** Trace files as the stream that each person would have sent, through the wire codec. */
import { type TraceOptions, type TraceSession, traceToEvents } from "../../core/trace.ts";
import { decodeFrame, encodeFrame, FRAME_LIMITS, type StreamEvent } from "../../core/wire.ts";

/** Time between two sessions of one person when they are laid end to end, ms. */
const BETWEEN_SESSIONS_MS = 2000;
const EVENTS_A_FRAME = Math.min(1024, FRAME_LIMITS.events);

/** One recorded session's events, and its place among the person's. */
export interface LaidSession {
  readonly index: number;
  readonly events: readonly StreamEvent[];
}

export interface LayOptions extends TraceOptions {
  /** Where the first session begins. */
  readonly startMs?: number;
  /** What is done to each session's events before they cross the wire. */
  readonly shape?: ((events: readonly StreamEvent[]) => readonly StreamEvent[]) | undefined;
}

/** A person's sessions end to end, as the server would decode them. */
export function layEndToEnd(
  sessions: readonly TraceSession[],
  { startMs = 0, shape = (events) => events, everyKey }: LayOptions = {},
): LaidSession[] {
  let clockMs = startMs;
  return sessions.map((trace, index) => {
    const events = throughWire(shape(traceToEvents(trace, clockMs, { everyKey })));
    const endMs = events.reduce((end, event) => Math.max(end, endOf(event)), clockMs);
    clockMs = endMs + BETWEEN_SESSIONS_MS;
    return { index, events };
  });
}

function endOf(event: StreamEvent): number {
  const lastsMs = event.kind === "stroke"
    ? event.holdMs
    : event.kind === "button"
    ? event.dwellMs
    : 0;
  return event.timeMs + lastsMs;
}

function throughWire(events: readonly StreamEvent[]): StreamEvent[] {
  const decoded: StreamEvent[] = [];
  for (let at = 0; at < events.length; at += EVENTS_A_FRAME) {
    const frame = { stream: 1, sequence: 1, events: events.slice(at, at + EVENTS_A_FRAME) };
    decoded.push(...decodeFrame(encodeFrame(frame)).events);
  }
  return decoded;
}
