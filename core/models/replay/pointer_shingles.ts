/**
 * Content-defined shingles of movement: the way of the pointer from where it sets out after a stop, in
 * pieces of one length, at points that lie equally far apart on each. Times count as shares of the
 * whole, so a copy may be shifted, and played faster or slower; where it was cut does not matter.
 */
import type { PointerSample } from "../../wire.ts";
import type { Shingle } from "./stroke_shingles.ts";

/** Points on the way, and how far they are apart, px. */
const POINTS = 12;
const APART_PX = 16;
/** Of every point its place and its moment; the last moment is the whole. */
export const POINTER_DIMENSIONS = 3 * POINTS - 1;
/** A longer gap is a stop, ms: longer than slow mice and remote desktops leave on the way. */
const STOP_MS = 400;
/** Fewer samples are a line with one bend: too little to tell a copy by. */
const FEWEST_SAMPLES = 6;
/** Of a way that is longer in the making than this its end begins another. */
const MOST_SAMPLES = 256;
/** What a moment weighs against a place: jitter moves moments alone. */
const TIME_WEIGHT = 0.5;

export class PointerShingles {
  /** The way under way; its first sample only says where and when it begins. */
  #way: PointerSample[];
  #lengthPx = 0;

  /** @param open where a watch goes on: what its predecessor had open. */
  constructor(open: readonly PointerSample[] = []) {
    this.#way = [...open];
    for (const { dx, dy } of open.slice(1)) this.#lengthPx += Math.hypot(dx, dy);
  }

  get open(): readonly PointerSample[] {
    return this.#way;
  }

  /** Takes a sample; the shingle that it completes, if it does. */
  push(sample: PointerSample): Shingle | undefined {
    const last = this.#way.at(-1);
    if (!last || !(Math.abs(sample.timeMs - last.timeMs) <= STOP_MS)) {
      this.#begin(sample);
      return undefined;
    }
    this.#way.push(sample);
    this.#lengthPx += Math.hypot(sample.dx, sample.dy);
    const isWhole = this.#lengthPx >= POINTS * APART_PX;
    if (!isWhole && this.#way.length <= MOST_SAMPLES) return undefined;
    const way = this.#way;
    this.#begin(sample);
    return isWhole ? shingleOf(way) : undefined;
  }

  /** No way may be read across what comes here. */
  reset(): void {
    this.#way = [];
    this.#lengthPx = 0;
  }

  #begin(sample: PointerSample): void {
    this.#way = [sample];
    this.#lengthPx = 0;
  }
}

/** `undefined` where the way says too little. */
function shingleOf([first, ...rest]: readonly PointerSample[]): Shingle | undefined {
  if (rest.length < FEWEST_SAMPLES) return undefined;
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
  if (!(wholeMs > 0)) return undefined;
  for (let i = 0; i < POINTS - 1; i++) vector[2 * POINTS + i] = TIME_WEIGHT * moments[i]! / wholeMs;
  return { tag: 0, vector };
}
