/**
 * Trace files: gzipped NDJSON, one session a line. Recording, replay, evaluation and training all
 * read and write this one format. Here a recorded session becomes the events a browser would have
 * sent for it, and events that a browser sent become a recorded session.
 */
import { z } from "zod";
import { GaitkeeperError } from "./error.ts";
import {
  APOSTROPHE_KEY_CODE,
  followShift,
  keyCodeMakesCapitals,
  SHIFT_WAIT_MS,
  shiftFate,
  TOLD,
} from "./told.ts";
import { type ButtonPress, type StreamEvent, toWirePrecision } from "./wire.ts";
import { type Zone, zoneOfKeyCode } from "./zones.ts";

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
  /** When it started, ms since the Unix epoch, where that was kept. */
  startedAtMs: number.optional(),
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

export interface TraceOptions {
  /** Every recorded key by its own zone, more than a collector tells (told.ts). */
  readonly everyKey?: boolean | undefined;
}

/** The events of a recorded session, in time order, the first at `startMs`. */
export function traceToEvents(
  trace: TraceSession,
  startMs: number,
  options: TraceOptions = {},
): StreamEvent[] {
  return [...keyEvents(trace, startMs, options), ...pointerEvents(trace, startMs)]
    .sort((a, b) => a.timeMs - b.timeMs);
}

function keyEvents(
  trace: TraceSession,
  startMs: number,
  { everyKey }: TraceOptions,
): StreamEvent[] {
  const keys = everyKey ? trace.keys ?? [] : toldKeys(trace, startMs);
  return keys.map(([pressMs, releaseMs, keyCode]) => ({
    kind: "stroke",
    timeMs: toWirePrecision(startMs + pressMs),
    holdMs: toWirePrecision(Math.min(Math.max(releaseMs - pressMs, 0), LONGEST_HOLD_MS)),
    zone: everyKey ? zoneOfKeyCode(keyCode) : toldZone(keyCode),
  }));
}

type TraceKey = NonNullable<TraceSession["keys"]>[number];

/** The recorded keys that a collector would have told of, had they been typed from `startMs` on. */
export function toldKeys(trace: TraceSession, startMs: number): TraceKey[] {
  const keys = (trace.keys ?? []).toSorted(([a], [b]) => a - b);
  return keys.filter(([shiftMs, releaseMs, keyCode], place) => {
    if (!keyCodeMakesCapitals(keyCode)) return true;
    let fate = shiftFate(toWirePrecision(startMs + shiftMs));
    for (let next = place + 1; next < keys.length && fate < TOLD; next++) {
      const [pressMs, , following] = keys[next]!;
      if (pressMs - releaseMs >= SHIFT_WAIT_MS) break;
      fate = followShift(fate, toldZone(following));
    }
    return fate === TOLD;
  });
}

function toldZone(keyCode: number): Zone {
  return keyCode === APOSTROPHE_KEY_CODE ? "letter" : zoneOfKeyCode(keyCode);
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
    else if (toWirePrecision(tMs - last.tMs) >= POINTER_STEP_MS && (x !== last.x || y !== last.y)) {
      const dragging = pressedAt.size > 0;
      events.push({ kind: "pointer", timeMs, dx: x - last.x, dy: y - last.y, dragging });
      last = { x, y, tMs };
    }
  }
  return events;
}

/** Trace button (1 left, 2 right, 3 middle, 5 back) to `MouseEvent.button`; any other is forward. */
const BROWSER_BUTTON: Readonly<Record<number, number>> = { 1: 0, 2: 2, 3: 1, 5: 3 };
/** `MouseEvent.button` to trace button. */
const TRACE_BUTTON = [1, 3, 2, 5, 4];

/** A legacy `keyCode` of each zone: of a key that was pressed its zone is all that is known. */
const KEY_CODE_OF_ZONE: Readonly<Record<Zone, number>> = {
  letter: 65,
  digit: 48,
  punctuation: 190,
  space: 32,
  erase: 8,
  enterOrTab: 13,
  modifier: 17,
  navigation: 37,
  other: 0,
};

type PointerRow = [tMs: number, kind: number, button: number, x: number, y: number];

/** When a trace of these events starts: early enough for the place where the pointer was first. */
export function traceStartMs(events: readonly StreamEvent[]): number {
  return events.reduce((startMs, { kind, timeMs }) => {
    return Math.min(startMs, kind === "pointer" ? timeMs - POINTER_STEP_MS : timeMs);
  }, Infinity);
}

/**
 * The inverse of {@linkcode traceToEvents}, for what a trace can hold: strokes by their zones,
 * movement, presses, and wheel steps up and down, whatever their length. Marks, clocks and devices
 * are left out. A pointer's coordinates count from where it was first.
 */
export function eventsToTrace(
  events: readonly StreamEvent[],
  startMs: number,
  names: Pick<TraceSession, "subject" | "session">,
): TraceSession {
  const inOrder = events
    .map((event) => ({ ...event, timeMs: toWirePrecision(event.timeMs - startMs) }))
    .sort((a, b) => a.timeMs - b.timeMs);
  const keys = inOrder.flatMap((event): [number, number, number][] => {
    if (event.kind !== "stroke") return [];
    const { timeMs, holdMs, zone } = event;
    return [[timeMs, toWirePrecision(timeMs + holdMs), KEY_CODE_OF_ZONE[zone]]];
  });
  const pointer = pointerRows(inOrder);
  return { ...names, ...keys.length ? { keys } : {}, ...pointer.length ? { pointer } : {} };
}

function pointerRows(inOrder: readonly StreamEvent[]): PointerRow[] {
  const steps = stepsOf(inOrder).sort((a, b) => a.tMs - b.tMs || a.rank - b.rank);
  const firstMove = steps.find(({ kind }) => kind === 0);
  if (firstMove) {
    const tMs = toWirePrecision(firstMove.tMs - POINTER_STEP_MS);
    steps.unshift({ ...firstMove, tMs, dx: 0, dy: 0 });
    steps.sort((a, b) => a.tMs - b.tMs);
  }
  let [x, y, farX, farY] = [0, 0, 0, 0];
  const rows = steps.map(({ tMs, kind, button, dx, dy }): PointerRow => {
    [x, y] = [x + dx, y + dy];
    [farX, farY] = [Math.max(farX, x), Math.max(farY, y)];
    return [tMs, kind, button, x, y];
  });
  // No coordinate may look like a recorder's mark for "none".
  const [beyondX, beyondY] = [farX, farY].map((far) => Math.max(0, far - INVALID_COORDINATE + 1));
  return rows.map(([tMs, kind, button, x, y]) => [tMs, kind, button, x - beyondX!, y - beyondY!]);
}

/** What a recorder would have written, and its place among all of its moment. */
interface Step {
  readonly tMs: number;
  readonly rank: number;
  readonly kind: number;
  readonly button: number;
  readonly dx: number;
  readonly dy: number;
}

/**
 * A press, a release and the movement before, between and after them may share a moment. Movement
 * under a button comes before that button's release; other movement after the releases, before the
 * presses.
 */
const RANK = { held: 0, release: 1, free: 2, press: 3, justHeld: 4 } as const;

function stepsOf(inOrder: readonly StreamEvent[]): Step[] {
  const presses = inOrder.filter((event) => event.kind === "button");
  let [pressesBefore, heldUntilMs] = [0, -Infinity];
  const still = { button: 0, dx: 0, dy: 0 };
  return inOrder.flatMap((event): Step[] => {
    const { timeMs: tMs } = event;
    if (event.kind === "pointer") {
      const { dx, dy } = event;
      for (; (presses[pressesBefore]?.timeMs ?? Infinity) < tMs; pressesBefore++) {
        heldUntilMs = Math.max(heldUntilMs, releaseMs(presses[pressesBefore]!));
      }
      const held = heldUntilMs >= tMs ? RANK.held : RANK.justHeld;
      return [{ tMs, rank: event.dragging ? held : RANK.free, kind: 0, button: 0, dx, dy }];
    }
    if (event.kind === "button") {
      const button = TRACE_BUTTON[event.button] ?? 4;
      const rank = event.dwellMs > 0 ? RANK.release : RANK.press;
      return [
        { ...still, tMs, rank: RANK.press, kind: 1, button },
        { ...still, tMs: releaseMs(event), rank, kind: 2, button },
      ];
    }
    if (event.kind !== "wheel" || event.dy === 0) return [];
    return [{ ...still, tMs, rank: RANK.free, kind: event.dy < 0 ? 3 : 4, button: 4 }];
  });
}

function releaseMs({ timeMs, dwellMs }: ButtonPress): number {
  return toWirePrecision(timeMs + dwellMs);
}
