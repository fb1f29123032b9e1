/** The CMU password benchmark as strokes: one person types one password again and again. */
import { type Stroke, toWirePrecision } from "../../../core/wire.ts";
import type { Zone } from "../../../core/zones.ts";

/** `.tie5Roanl` and Return; shift and R were timed as one. */
const ZONES: readonly Zone[] = [
  "punctuation",
  "letter",
  "letter",
  "letter",
  "digit",
  "letter",
  "letter",
  "letter",
  "letter",
  "letter",
  "enterOrTab",
];
/** Between two repetitions, ms: always the same, which makes them as alike as they can be. */
const BETWEEN_MS = 1000;

/** @param repetitions hold, down-down and up-down times in turn, seconds (evaluate cmu). */
export function retypingOf(repetitions: readonly Float64Array[]): Stroke[] {
  let startMs = 0;
  return repetitions.flatMap((row) => {
    let timeMs = startMs;
    const strokes = ZONES.map((zone, key): Stroke => {
      const holdMs = toWirePrecision(1000 * row[3 * key]!);
      const stroke: Stroke = { kind: "stroke", timeMs: toWirePrecision(timeMs), holdMs, zone };
      timeMs += 1000 * (row[3 * key + 1] ?? 0);
      return stroke;
    });
    startMs = timeMs + BETWEEN_MS;
    return strokes;
  });
}
