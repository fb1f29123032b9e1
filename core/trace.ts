/**
 * Trace files: gzipped NDJSON, one session a line. Recording, replay, evaluation and training all
 * read and write this one format. Here a recorded session becomes the events a browser would have
 * sent for it.
 */
import { z } from "zod";
import { GaitkeeperError } from "./error.ts";
import { type StreamEvent, toWirePrecision } from "./wire.ts";
import { zoneOfKeyCode } from "./zones.ts";

const number = z.number();
/** One line of a trace file. Times are ms from the session's start. */
export const TraceSession = z.object({
  subject: z.string().min(1),
  session: z.string(),
  /** `[pressMs, releaseMs, keyCode]` in press order. */
  keys: z.array(z.tuple([number, number, number])).optional(),
  /** `[tMs, kind, button, x, y]`; kind 0 move, 1 press, 2 release, 3 wheel up, 4 wheel down. */
  pointer: z.array(z.tuple([number, number, number, number, number])).optional(),
  /** Where the file says whose hand it was. */
  genuine: z.boolean().optional(),
});
export type TraceSession = z.infer<typeof TraceSession>;

/**
 * Parses one line.
 * @throws {GaitkeeperError} `trace_invalid`
 */
export function parseTraceLine(line: string, lineNumber: number): TraceSession {
  try {
    return TraceSession.parse(JSON.parse(line));
  } catch (cause) {
    throw new GaitkeeperError(
      "trace_invalid",
      `Cannot read trace: line ${lineNumber} must be a session as in the trace format`,
      { cause },
    );
  }
}

/** The longest hold taken at its word, ms; recordings hold a few keys that were never released. */
const LONGEST_HOLD_MS = 5000;
/** The collector's cap on pointer samples: 125 Hz. */
const POINTER_STEP_MS = 8;
/** Coordinates at or above this are a recorder's mark for "none". */
const INVALID_COORDINATE = 65535;
const WHEEL_STEP_PX = 100;

/** The events of a recorded session, in time order, the first at `startMs`. */
export function traceToEvents(trace: TraceSession, startMs: number): StreamEvent[] {
  return [...keyEvents(trace, startMs), ...pointerEvents(trace, startMs)]
    .sort((a, b) => a.timeMs - b.timeMs);
}

function keyEvents(trace: TraceSession, startMs: number): StreamEvent[] {
  return (trace.keys ?? []).map(([pressMs, releaseMs, keyCode]) => ({
    kind: "stroke",
    timeMs: toWirePrecision(startMs + pressMs),
    holdMs: toWirePrecision(Math.min(Math.max(releaseMs - pressMs, 0), LONGEST_HOLD_MS)),
    zone: zoneOfKeyCode(keyCode),
  }));
}

function pointerEvents(trace: TraceSession, startMs: number): StreamEvent[] {
  const events: StreamEvent[] = [];
  const pressedAt = new Map<number, number>();
  let last: { x: number; y: number; tMs: number } | undefined;
  const rows = (trace.pointer ?? []).filter(([, , , x, y]) => Math.max(x, y) < INVALID_COORDINATE);
  for (const [place, [tMs, kind, button, x, y]] of rows.entries()) {
    const timeMs = toWirePrecision(startMs + tMs);
    // Of moves told at one moment the last says where the pointer is.
    const next = rows[place + 1];
    if (kind === 0 && next?.[0] === tMs && next[1] === 0) continue;
    // A press of no button has no release, and all that follows would be dragging.
    if (kind === 1 && button !== 0) pressedAt.set(button, timeMs);
    else if (kind === 1 || kind === 2) {
      const pressMs = pressedAt.get(button);
      pressedAt.delete(button);
      if (pressMs === undefined) continue;
      events.push({
        kind: "button",
        timeMs: pressMs,
        dwellMs: toWirePrecision(timeMs - pressMs),
        button: BROWSER_BUTTON[button] ?? 4,
      });
    } else if (kind === 3 || kind === 4) {
      events.push({
        kind: "wheel",
        timeMs,
        dx: 0,
        dy: kind === 3 ? -WHEEL_STEP_PX : WHEEL_STEP_PX,
      });
    } else if (last === undefined) last = { x, y, tMs };
    else if (tMs - last.tMs >= POINTER_STEP_MS && (x !== last.x || y !== last.y)) {
      const dragging = pressedAt.size > 0;
      events.push({ kind: "pointer", timeMs, dx: x - last.x, dy: y - last.y, dragging });
      last = { x, y, tMs };
    }
  }
  return events;
}

/** Trace button (1 left, 2 right, 3 middle) to `MouseEvent.button`. */
const BROWSER_BUTTON: Readonly<Record<number, number>> = { 1: 0, 2: 2, 3: 1 };
