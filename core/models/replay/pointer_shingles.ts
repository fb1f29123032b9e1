/**
 * Content-defined shingles of movement: the way of the pointer from where it sets out after a stop,
 * over a fixed length, at points that lie equally far apart on it. Times count as shares of the whole,
 * so a copy may be shifted, and played faster or slower; where it was cut does not matter.
 */
import type { PointerSample } from "../../wire.ts";
import { STOP_MS } from "../automation/reach.ts";
import type { Shingle } from "./stroke_shingles.ts";

/** Points on the way, and how far they are apart, px. */
const POINTS = 12;
const APART_PX = 16;
/** Of every point its place and its moment; the last moment is the whole. */
export const POINTER_DIMENSIONS = 3 * POINTS - 1;
/** Fewer samples are a line with one bend: too little to tell a copy by. */
const FEWEST_SAMPLES = 6;
/** What a moment weighs against a place: jitter moves moments alone. */
const TIME_WEIGHT = 0.5;

export class PointerShingles {
  /** The movement under way, whose shingle is not complete; empty once it is. */
  #reach: PointerSample[] = [];
  #lastMs = -Infinity;

  /** What to push again to go on elsewhere. */
  get open(): readonly PointerSample[] {
    return this.#reach;
  }

  /** Takes a sample; the shingle that it completes, if it does. */
  push(sample: PointerSample): Shingle | undefined {
    const sinceMs = sample.timeMs - this.#lastMs;
    this.#lastMs = sample.timeMs;
    // How long the first step took is not known: it only says where the way begins.
    if (!(Math.abs(sinceMs) <= STOP_MS)) this.#reach = [];
    else if (!this.#reach.length) return undefined;
    this.#reach.push(sample);
    const shingle = shingleOf(this.#reach);
    if (shingle !== undefined) this.#reach = [];
    return shingle || undefined;
  }

  /** No way may be read across what comes here. */
  reset(): void {
    this.#reach = [];
    this.#lastMs = -Infinity;
  }
}

/** `undefined` while the way is too short, `null` where it says too little. */
function shingleOf(reach: readonly PointerSample[]): Shingle | null | undefined {
  const [first, ...rest] = reach;
  let lengthPx = 0;
  for (const { dx, dy } of rest) lengthPx += Math.hypot(dx, dy);
  if (lengthPx < POINTS * APART_PX) return undefined;
  if (rest.length < FEWEST_SAMPLES) return null;
  const vector = new Float64Array(POINTER_DIMENSIONS);
  const moments: number[] = [];
  let [walkedPx, x, y, lastMs] = [0, 0, 0, first!.timeMs];
  for (const { dx, dy, timeMs } of rest) {
    const stepPx = Math.hypot(dx, dy);
    while (moments.length < POINTS && walkedPx + stepPx >= (moments.length + 1) * APART_PX) {
      const share = ((moments.length + 1) * APART_PX - walkedPx) / stepPx;
      const i = moments.length;
      vector[2 * i] = (x + share * dx) / (POINTS * APART_PX);
      vector[2 * i + 1] = (y + share * dy) / (POINTS * APART_PX);
      moments.push(lastMs + share * (timeMs - lastMs) - first!.timeMs);
    }
    [walkedPx, x, y, lastMs] = [walkedPx + stepPx, x + dx, y + dy, timeMs];
  }
  const wholeMs = moments.at(-1)!;
  if (!(wholeMs > 0)) return null;
  for (let i = 0; i < POINTS - 1; i++) vector[2 * POINTS + i] = TIME_WEIGHT * moments[i]! / wholeMs;
  return { tag: 0, vector };
}
