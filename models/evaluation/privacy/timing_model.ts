/**
 * What other people's timings say of keys: how long each key is held and how long after the one
 * before it goes down, by key pair (Song, Wagner and Tian 2001, Timing analysis of keystrokes),
 * Gaussian after each person's own timings are brought to one scale, which needs no key of theirs.
 */
import { type KeyTiming, sentenceTimings, TimingScale } from "./timing_scale.ts";
import { characterOf, type TypedKey, type TypedSentence, type TypedWord } from "./typed_text.ts";

const LETTERS = 26;
/** What is no letter, by what the zones tell anyway. */
const SPACE = LETTERS;
const PUNCTUATION = LETTERS + 1;
const SYMBOLS = LETTERS + 2;

/** Pair observations that weigh as much as what is known of the two keys apart. */
const PRIOR_PAIRS = 20;
const PRIOR_SPREAD_PAIRS = 50;

/** Place of a character among the symbols. */
export function symbolOf(character: string): number {
  const place = character.charCodeAt(0) - 97;
  return place >= 0 && place < LETTERS ? place : character === " " ? SPACE : PUNCTUATION;
}

function symbolOfKey({ stroke, keyCode }: TypedKey): number {
  return stroke.zone === "space" ? SPACE : symbolOf(characterOf(keyCode));
}

/** Sums of one pair's (hold before, press-press, hold): count, first and second moments. */
class Moments {
  count = 0;
  readonly sum = new Float64Array(3);
  readonly products = new Float64Array(9);

  add(x: readonly number[]): void {
    this.count++;
    for (let i = 0; i < 3; i++) {
      this.sum[i]! += x[i]!;
      for (let j = 0; j < 3; j++) this.products[3 * i + j]! += x[i]! * x[j]!;
    }
  }
}

/** Log-densities of one key's timing by key pair, ready to be evaluated. */
const PARAMETERS = 9;

export class TimingModel {
  /** By pair: means (3), slopes on the hold before (2), precision (3), half log-determinant. */
  readonly #pairs = new Float64Array(SYMBOLS * SYMBOLS * PARAMETERS);
  /** By key: mean and deviation of the hold. */
  readonly #holds = new Float64Array(SYMBOLS * 2);

  /** @param people sentences by subject, whose keys are read. */
  constructor(people: Iterable<readonly TypedSentence[]>) {
    const pairs = Array.from({ length: SYMBOLS * SYMBOLS }, () => new Moments());
    const holds = Array.from({ length: SYMBOLS }, () => new Moments());
    for (const sentences of people) {
      const scale = new TimingScale(sentences);
      for (const sentence of sentences) {
        const timings = sentenceTimings(sentence, scale);
        const symbols = sentence.keys.map(symbolOfKey);
        timings.forEach(({ hold, before }, i) => {
          holds[symbols[i]!]!.add([hold, 0, 0]);
          if (!before) return;
          pairs[symbols[i - 1]! * SYMBOLS + symbols[i]!]!.add([
            before.hold,
            before.pressPress,
            hold,
          ]);
        });
      }
    }
    this.#fitHolds(holds);
    this.#fitPairs(pairs);
  }

  /** Log-likelihoods of a sentence's words, one entry a key and pair, to be read off many times. */
  read(sentence: TypedSentence, scale: TimingScale): SentenceLikelihood {
    const timings = sentenceTimings(sentence, scale);
    const tables = timings.map((timing) => this.#table(timing));
    return new SentenceLikelihood(sentence, tables);
  }

  /** `[previous symbol x symbol]`; the same for all previous ones where no pair can be timed. */
  #table({ hold, before }: KeyTiming): Float32Array {
    const table = new Float32Array(SYMBOLS * SYMBOLS);
    for (let pair = 0; pair < table.length; pair++) {
      if (!before) {
        const key = pair % SYMBOLS;
        const z = (hold - this.#holds[2 * key]!) / this.#holds[2 * key + 1]!;
        table[pair] = -0.5 * z * z - Math.log(this.#holds[2 * key + 1]!);
        continue;
      }
      const at = pair * PARAMETERS;
      const p = this.#pairs;
      const offset = before.hold - p[at]!;
      const x = before.pressPress - p[at + 1]! - p[at + 3]! * offset;
      const y = hold - p[at + 2]! - p[at + 4]! * offset;
      table[pair] = p[at + 8]! -
        0.5 * (p[at + 5]! * x * x + 2 * p[at + 6]! * x * y + p[at + 7]! * y * y);
    }
    return table;
  }

  #fitHolds(holds: readonly Moments[]): void {
    holds.forEach(({ count, sum, products }, key) => {
      const centre = sum[0]! / (count + PRIOR_PAIRS);
      const square = (products[0]! + PRIOR_PAIRS) / (count + PRIOR_PAIRS);
      this.#holds.set([centre, Math.sqrt(Math.max(0.05, square - centre ** 2))], 2 * key);
    });
  }

  #fitPairs(pairs: readonly Moments[]): void {
    const prior = new PairPrior(pairs);
    pairs.forEach((moments, pair) => {
      const centre = prior.mean(Math.floor(pair / SYMBOLS), pair % SYMBOLS);
      for (let i = 0; i < 3; i++) {
        centre[i] = (moments.sum[i]! + PRIOR_PAIRS * centre[i]!) / (moments.count + PRIOR_PAIRS);
      }
      const spread = prior.spread.map((pooled, ij) => {
        const [i, j] = [Math.floor(ij / 3), ij % 3];
        const own = moments.products[ij]! - centre[i]! * moments.sum[j]! -
          centre[j]! * moments.sum[i]! + moments.count * centre[i]! * centre[j]!;
        return (own + PRIOR_SPREAD_PAIRS * pooled) / (moments.count + PRIOR_SPREAD_PAIRS);
      });
      this.#pairs.set(conditional(centre, spread), pair * PARAMETERS);
    });
  }
}

/** What is expected of a pair from its two keys apart, and the spread within pairs. */
class PairPrior {
  readonly #before = Array.from({ length: SYMBOLS }, () => new Moments());
  readonly #after = Array.from({ length: SYMBOLS }, () => new Moments());
  readonly #all = new Moments();
  readonly spread = new Float64Array(9);

  constructor(pairs: readonly Moments[]) {
    pairs.forEach((moments, pair) => {
      const parts = [this.#before[Math.floor(pair / SYMBOLS)]!, this.#after[pair % SYMBOLS]!];
      for (const part of [...parts, this.#all]) {
        part.count += moments.count;
        for (let i = 0; i < 3; i++) part.sum[i]! += moments.sum[i]!;
      }
    });
    let total = 0;
    for (const { count, sum, products } of pairs) {
      if (!count) continue;
      total += count;
      for (let ij = 0; ij < 9; ij++) {
        this.spread[ij]! += products[ij]! - sum[Math.floor(ij / 3)]! * sum[ij % 3]! / count;
      }
    }
    for (let ij = 0; ij < 9; ij++) this.spread[ij] = (this.spread[ij]! + 0) / Math.max(1, total);
    for (const diagonal of [0, 4, 8]) this.spread[diagonal]! += 0.01;
  }

  /** Effects of the key before and of the key add up. */
  mean(before: number, after: number): number[] {
    return [0, 1, 2].map((i) => {
      const all = this.#all.sum[i]! / (this.#all.count + PRIOR_PAIRS);
      const effect = ({ count, sum }: Moments) => (sum[i]! - count * all) / (count + PRIOR_PAIRS);
      return all + effect(this.#before[before]!) + effect(this.#after[after]!);
    });
  }
}

/** A Gaussian of three as one of the last two given the first. */
function conditional(centre: readonly number[], spread: Float64Array): number[] {
  const [s00, s01, s02] = [spread[0]!, spread[1]!, spread[2]!];
  const [xx, xy, yy] = [
    spread[4]! - s01 * s01 / s00,
    spread[5]! - s01 * s02 / s00,
    spread[8]! - s02 * s02 / s00,
  ];
  const determinant = xx * yy - xy * xy;
  return [
    ...centre,
    s01 / s00,
    s02 / s00,
    yy / determinant,
    -xy / determinant,
    xx / determinant,
    -0.5 * Math.log(determinant),
  ];
}

/** How well texts explain the timings of one sentence's keys. */
export class SentenceLikelihood {
  constructor(readonly sentence: TypedSentence, readonly tables: readonly Float32Array[]) {}

  /** Log-likelihood of a text as long as the word, in nats up to a constant of the word's. */
  of({ start, keys }: TypedWord, text: string): number {
    let sum = 0;
    let before = this.#gapAt(start - 1);
    for (let i = 0; i < keys.length; i++) {
      const symbol = symbolOf(text[i]!);
      sum += this.tables[start + i]![before * SYMBOLS + symbol]!;
      before = symbol;
    }
    const end = start + keys.length;
    return end < this.tables.length
      ? sum + this.tables[end]![before * SYMBOLS + this.#gapAt(end)]!
      : sum;
  }

  /** What is no part of a word, as the zones tell it. */
  #gapAt(place: number): number {
    return this.sentence.keys[place]?.stroke.zone === "space" ? SPACE : PUNCTUATION;
  }
}
