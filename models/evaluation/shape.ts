/** Probes as a shorter stay, a slower device or a coarser clock would have given them. */
import type { StreamEvent } from "../../core/wire.ts";
import { POINTER_PAUSE_MS } from "../../core/window.ts";
import { decimate } from "../../core/features/pointer_rate.ts";
import { stepOf } from "./collector_clock.ts";
import type { Shape } from "./observe.ts";

export interface ShapeOptions {
  /** The first strokes only. */
  readonly strokes?: number | undefined;
  /** The first seconds only: of movement where there is any, else of the clock. */
  readonly seconds?: number | undefined;
  /** At most so many pointer samples a second. */
  readonly decimateHz?: number | undefined;
  /** A clock that moves on by so many ms at a time. */
  readonly quantumMs?: number | undefined;
}

export function shapeOf({ strokes, seconds, decimateHz, quantumMs }: ShapeOptions): Shape {
  return (events) => {
    let shaped = events;
    if (strokes !== undefined) shaped = firstStrokes(shaped, strokes);
    if (seconds !== undefined) shaped = firstSeconds(shaped, seconds);
    if (decimateHz !== undefined) shaped = decimate(shaped, decimateHz);
    if (quantumMs === undefined || !shaped.length) return shaped;
    // As the collector would have measured it: a recording's own step stays where it is coarser.
    const toldMs = Math.max(quantumMs, stepOf(shaped));
    shaped = byClock(shaped, quantumMs);
    return [{ kind: "clock", timeMs: shaped[0]!.timeMs, quantumMs: toldMs }, ...shaped];
  };
}

/** The events up to the given number of strokes. */
export function firstStrokes(events: readonly StreamEvent[], strokes: number): StreamEvent[] {
  let left = strokes;
  return events.filter(({ kind }) => kind === "stroke" ? left-- > 0 : left > 0);
}

/** The events up to the given time in movement, or, where nothing moves, on the clock. */
export function firstSeconds(events: readonly StreamEvent[], seconds: number): StreamEvent[] {
  const kind = events.some((event) => event.kind === "pointer") ? "pointer" : "stroke";
  const longestGapMs = kind === "pointer" ? POINTER_PAUSE_MS : Infinity;
  let [spentMs, lastMs] = [0, NaN];
  return events.filter((event) => {
    if (event.kind === kind) {
      const gapMs = event.timeMs - lastMs;
      if (gapMs <= longestGapMs) spentMs += gapMs;
      lastMs = event.timeMs;
    }
    return spentMs <= 1000 * seconds;
  });
}

/** The events as told by a clock that moves on by `stepMs` at a time. */
export function byClock(events: readonly StreamEvent[], stepMs: number): StreamEvent[] {
  // A millionth of a step, so that a time on the grid stays where it is.
  const told = (ms: number) => Math.floor(ms / stepMs + 1e-6) * stepMs;
  return events.map((event): StreamEvent => {
    const timeMs = told(event.timeMs);
    if (event.kind === "stroke") {
      return { ...event, timeMs, holdMs: told(event.timeMs + event.holdMs) - timeMs };
    }
    if (event.kind === "button") {
      return { ...event, timeMs, dwellMs: told(event.timeMs + event.dwellMs) - timeMs };
    }
    return { ...event, timeMs };
  });
}
