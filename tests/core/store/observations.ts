/** Observations of real sizes for store tests: keyboard vectors and 128-wide embeddings. */
import { KEYSTROKE_FEATURES } from "../../../core/features/keystroke.ts";
import type { Observation } from "../../../core/models/detector.ts";
import { seededRandom } from "../../../core/random.ts";

/** As wide as the embedders give; `models/*.json` says so of each. */
const DIMENSIONS = 128;

/** An observation that ended at `endMs`, the same for the same time. */
export function createObservation(endMs: number): Observation {
  const random = seededRandom(endMs);
  return {
    endMs,
    vector: Float64Array.from(KEYSTROKE_FEATURES, () => Math.fround(300 * random())),
    embedding: Float32Array.from({ length: DIMENSIONS }, () => random() - 0.5),
  };
}

export function createObservations(count: number, fromMs = 0): Observation[] {
  return Array.from({ length: count }, (_, i) => createObservation(fromMs + i));
}
