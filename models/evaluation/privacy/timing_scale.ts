/** People's timings on one scale, without knowing a key of theirs. */
import type { TypedSentence } from "./typed_text.ts";

/** A person's timings on a scale that all people share: normal scores of their ranks. */
export class TimingScale {
  readonly #holds: Float64Array;
  readonly #pressPresses: Float64Array;

  constructor(sentences: readonly TypedSentence[]) {
    const holds: number[] = [];
    const pressPresses: number[] = [];
    for (const { keys } of sentences) {
      keys.forEach(({ stroke, place }, i) => {
        holds.push(stroke.holdMs);
        const before = keys[i - 1];
        if (before?.place === place - 1) pressPresses.push(stroke.timeMs - before.stroke.timeMs);
      });
    }
    this.#holds = Float64Array.from(holds).sort();
    this.#pressPresses = Float64Array.from(pressPresses).sort();
  }

  hold(ms: number): number {
    return normalScore(this.#holds, ms);
  }

  pressPress(ms: number): number {
    return normalScore(this.#pressPresses, ms);
  }
}

/** Where a value stands in a sorted sample, as a quantile of the standard normal. */
function normalScore(sorted: Float64Array, value: number): number {
  const place = (lowerPlace(sorted, value) + lowerPlace(sorted, value + 1e-6)) / 2;
  return probit((place + 0.5) / (sorted.length + 1));
}

/** How many of a sorted sample are below the value. */
function lowerPlace(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Quantile of the standard normal to 4.5e-4 (Abramowitz and Stegun 26.2.23). */
function probit(share: number): number {
  const tail = Math.sqrt(-2 * Math.log(Math.min(share, 1 - share)));
  const top = 2.515517 + tail * (0.802853 + tail * 0.010328);
  const bottom = 1 + tail * (1.432788 + tail * (0.189269 + tail * 0.001308));
  return (share < 0.5 ? -1 : 1) * (tail - top / bottom);
}

/** One key's timings beside those of the stroke before it, by a {@linkcode TimingScale}. */
export interface KeyTiming {
  readonly hold: number;
  /** Absent where the stroke before is no part of the text that stands next to it. */
  readonly before?: { readonly hold: number; readonly pressPress: number };
}

/** Timings of all keys that stand in a sentence, in their order. */
export function sentenceTimings({ keys }: TypedSentence, scale: TimingScale): KeyTiming[] {
  return keys.map(({ stroke, place }, i) => {
    const hold = scale.hold(stroke.holdMs);
    const previous = keys[i - 1];
    if (previous?.place !== place - 1) return { hold };
    const pressPress = scale.pressPress(stroke.timeMs - previous.stroke.timeMs);
    return { hold, before: { hold: scale.hold(previous.stroke.holdMs), pressPress } };
  });
}
