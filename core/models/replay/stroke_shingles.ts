/**
 * Content-defined shingles of typing (after Broder 1997 and Manber 1994): wherever a word begins, the
 * next strokes are taken, so that a recording is known again wherever it is cut.
 */
import { quantile } from "../../features/vector.ts";
import { STROKE_PAUSE_MS } from "../../features/keystroke.ts";
import type { Stroke } from "../../wire.ts";
import { type Zone, ZONES } from "../../zones.ts";

/** Strokes of a shingle. */
export const SHINGLE_STROKES = 12;
/** Their holds, and the steps from each press to the next. */
export const STROKE_DIMENSIONS = 2 * SHINGLE_STROKES - 1;

/** A shingle: what must be equal, and what may differ a little. */
export interface Shingle {
  /** FNV-1a of what must be equal, 16 bits. */
  readonly tag: number;
  /** Free of shift and scale. */
  readonly vector: Float64Array;
}

/** After these a word begins. */
const GAPS: ReadonlySet<Zone | undefined> = new Set(["space", "enterOrTab", undefined]);
/** Above this many typical steps an interval counts by its logarithm: pauses say little of a hand. */
const LINEAR_STEPS = 2;
/**
 * Fewest different intervals in a shingle: by a clock of 100 ms two typings of one word are equal,
 * and none may be taken for a copy of the other.
 */
const FEWEST_DISTINCT = 10;

export class StrokeShingles {
  /** The strokes of the shingles under way, and the one before. */
  #recent: Stroke[];

  /** @param open where a watch goes on: what its predecessor had open. */
  constructor(open: readonly Stroke[] = []) {
    this.#recent = [...open];
  }

  get open(): readonly Stroke[] {
    return this.#recent;
  }

  /** Takes a stroke; the shingle that it completes, if it does. */
  push(stroke: Stroke): Shingle | undefined {
    const last = this.#recent.at(-1);
    if (last && !(Math.abs(stroke.timeMs - last.timeMs) <= STROKE_PAUSE_MS)) this.reset();
    this.#recent.push(stroke);
    if (this.#recent.length > SHINGLE_STROKES + 1) this.#recent.shift();
    const start = this.#recent.length - SHINGLE_STROKES;
    if (start < 0 || !GAPS.has(this.#recent[start - 1]?.zone)) return undefined;
    if (GAPS.has(this.#recent[start]!.zone)) return undefined;
    return shingleOf(this.#recent.slice(start));
  }

  /** No interval may be read across what comes here. */
  reset(): void {
    this.#recent = [];
  }
}

function shingleOf(strokes: readonly Stroke[]): Shingle | undefined {
  const steps = strokes.slice(1).map(({ timeMs }, i) => timeMs - strokes[i]!.timeMs);
  const intervals = [...steps, ...strokes.map(({ holdMs }) => holdMs)];
  if (new Set(intervals.map((ms) => Math.round(ms))).size < FEWEST_DISTINCT) return undefined;
  const typical = quantile(steps, 0.5);
  if (!(typical > 0)) return undefined;
  const vector = Float64Array.from(intervals, (ms) => {
    const share = ms / typical;
    return share > LINEAR_STEPS ? LINEAR_STEPS * (1 + Math.log(share / LINEAR_STEPS)) : share;
  });
  let tag = 0x811c9dc5;
  for (const { zone } of strokes) tag = Math.imul(tag ^ ZONES.indexOf(zone), 0x01000193) >>> 0;
  return { tag: (tag ^ tag >>> 16) & 0xffff, vector };
}
