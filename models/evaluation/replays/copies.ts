/** What is done to a recording before it is played again, and recordings cut anywhere. */
import type { Random } from "../../../core/random.ts";
import { type Modality, POINTER_PAUSE_MS } from "../../../core/window.ts";
import { type StreamEvent, toWirePrecision } from "../../../core/wire.ts";
import { between, normal } from "../../../islands/try/sampling.ts";
import { byClock } from "../shape.ts";

/** As in models/evaluation/automation/keyboard_attackers.ts. */
const WARP = { stretch: 0.1, drift: 0.02, jitterMs: 5 } as const;

export type Copy = (events: readonly StreamEvent[], random: Random) => StreamEvent[];

/** What one replay plays: strokes, or ms. */
export const REPLAYED = { strokes: 100, pointerMs: 30_000 } as const;

/** Every way a recording is played again. */
export const COPIES: Readonly<Record<string, Copy>> = {
  exact: (events) => [...events],
  shifted: (events) => moved(events, (ms) => ms + 123_456_789.04),
  ...named([0.8, 0.9, 1.1, 1.25], (by) => `${by} x`, (by) => (events) => {
    return moved(events, (ms) => by * ms);
  }),
  ...named([1, 2, 3, 5], (ms) => `uniform ${ms} ms`, (jitterMs) => (events, random) => {
    return moved(events, (ms) => ms + between(random, -jitterMs, jitterMs));
  }),
  ...named([1, 2, 3, 5], (ms) => `gaussian ${ms} ms`, (jitterMs) => (events, random) => {
    return moved(events, (ms) => ms + jitterMs * normal(random));
  }),
  ...named([0.8, 1.25], (by) => `${by} x, gaussian 5 ms`, (by) => (events, random) => {
    return moved(events, (ms) => by * ms + 5 * normal(random));
  }),
  ...named([1, 5], (ms) => `${ms} ms clock`, (stepMs) => (events) => byClock(events, stepMs)),
  "5 ms clock, gaussian 5 ms": (events, random) => {
    return byClock(moved(events, (ms) => ms + 5 * normal(random)), 5);
  },
  /** As the automation rules are attacked by it: a pace that wanders, and jitter that adds up. */
  warped: (events, random) => {
    let pace = 1 + WARP.stretch * (2 * random() - 1);
    let [toldMs, lastMs] = [0, events[0]?.timeMs ?? 0];
    return events.map((event): StreamEvent => {
      const stepMs = event.timeMs - lastMs;
      lastMs = event.timeMs;
      pace *= Math.exp(WARP.drift * normal(random));
      toldMs += Math.max(1, pace * stepMs + WARP.jitterMs * normal(random));
      const lasts = (ms: number) => {
        return toWirePrecision(Math.max(5, pace * ms + WARP.jitterMs * normal(random)));
      };
      const timeMs = toWirePrecision(toldMs);
      if (event.kind === "stroke") return { ...event, timeMs, holdMs: lasts(event.holdMs) };
      if (event.kind === "button") return { ...event, timeMs, dwellMs: lasts(event.dwellMs) };
      return { ...event, timeMs };
    });
  },
};

function named(
  values: readonly number[],
  nameOf: (value: number) => string,
  copyOf: (value: number) => Copy,
): Record<string, Copy> {
  return Object.fromEntries(values.map((value) => [nameOf(value), copyOf(value)]));
}

/** Presses and releases each at another time, as far as their order stays. */
function moved(events: readonly StreamEvent[], at: (ms: number) => number): StreamEvent[] {
  let lastMs = -Infinity;
  return events.map((event): StreamEvent => {
    const timeMs = lastMs = Math.max(lastMs, toWirePrecision(at(event.timeMs)));
    const end = (ms: number) =>
      toWirePrecision(Math.max(timeMs + 1, at(event.timeMs + ms)) - timeMs);
    if (event.kind === "stroke") return { ...event, timeMs, holdMs: end(event.holdMs) };
    if (event.kind === "button") return { ...event, timeMs, dwellMs: end(event.dwellMs) };
    return { ...event, timeMs };
  });
}

/** A stretch of a stream from anywhere; `undefined` where there is too little. */
export function cut(
  events: readonly StreamEvent[],
  modality: Modality,
  random: Random,
): readonly StreamEvent[] | undefined {
  if (modality === "keyboard") {
    const room = events.length - REPLAYED.strokes;
    if (room < 0) return undefined;
    const start = Math.floor(random() * (room + 1));
    return events.slice(start, start + REPLAYED.strokes);
  }
  const start = Math.floor(random() * events.length);
  const startMs = events[start]?.timeMs ?? NaN;
  if (!((events.at(-1)?.timeMs ?? NaN) - startMs >= REPLAYED.pointerMs)) return undefined;
  // As windows count it, time passes while something moves.
  const stretch: StreamEvent[] = [];
  let [movedMs, lastMs] = [0, startMs];
  for (let i = start; i < events.length && movedMs < REPLAYED.pointerMs; i++) {
    const event = events[i]!;
    const sinceMs = event.timeMs - lastMs;
    if (sinceMs <= POINTER_PAUSE_MS) movedMs += sinceMs;
    lastMs = event.timeMs;
    stretch.push(event);
  }
  return movedMs >= REPLAYED.pointerMs ? stretch : undefined;
}
