/** Where a made-up pointer was, as the collector would have told it. */
import { type PointerSample, type StreamEvent, toWirePrecision } from "../../../core/wire.ts";

export interface PointerPlace {
  readonly timeMs: number;
  readonly x: number;
  readonly y: number;
}

/** The collector's cap: 125 Hz. */
const LEAST_STEP_MS = 8;

/** Samples between whole pixels; positions that come too soon after the last are passed over. */
export function collected(places: readonly PointerPlace[], start: PointerPlace): PointerSample[] {
  const samples: PointerSample[] = [];
  let [x, y, lastMs] = [Math.round(start.x), Math.round(start.y), -Infinity];
  for (const place of places) {
    const [toX, toY] = [Math.round(place.x), Math.round(place.y)];
    if (place.timeMs - lastMs < LEAST_STEP_MS - 0.1 || toX === x && toY === y) continue;
    const timeMs = toWirePrecision(place.timeMs);
    samples.push({ kind: "pointer", timeMs, dx: toX - x, dy: toY - y, dragging: false });
    [x, y, lastMs] = [toX, toY, place.timeMs];
  }
  return samples;
}

/** Events that a generator gave, in the order of their time. */
export function inOrder(events: readonly StreamEvent[]): StreamEvent[] {
  return events.toSorted((a, b) => a.timeMs - b.timeMs);
}
