/** Gaussians of a key pair's timings, held back to what the two keys let expect where pairs are few. */

/** Hold of the key before, press-press, hold of the key: the numbers that a pair is seen by. */
export type PairTiming = readonly [number, number, number];

/** Pairs that weigh as much as what is expected of them: for the mean and for the spread. */
const PRIOR_PAIRS = 20;
const PRIOR_SPREAD_PAIRS = 50;
/** A variance that no pair's falls below, on a scale where people's timings have one of 1. */
const LEAST_VARIANCE = 0.01;

/** Count, first and second moments of a pair's timings. */
export class PairMoments {
  count = 0;
  readonly sum = new Float64Array(3);
  /** Row-major 3 x 3. */
  readonly products = new Float64Array(9);

  add(timing: PairTiming): void {
    this.count++;
    for (let i = 0; i < 3; i++) {
      this.sum[i]! += timing[i]!;
      for (let j = 0; j < 3; j++) this.products[3 * i + j]! += timing[i]! * timing[j]!;
    }
  }

  /** Sums alone, as wanted of many pairs together. */
  addSums({ count, sum }: PairMoments): void {
    this.count += count;
    for (let i = 0; i < 3; i++) this.sum[i]! += sum[i]!;
  }
}

/** `centre` of 3, `spread` row-major 3 x 3. */
export interface PairGaussian {
  readonly centre: Float64Array;
  readonly spread: Float64Array;
}

/** The pair's own Gaussian, drawn to the one expected. */
export function fitPair(moments: PairMoments, expected: PairGaussian): PairGaussian {
  const { count, sum, products } = moments;
  const centre = expected.centre.map((value, i) => {
    return (sum[i]! + PRIOR_PAIRS * value) / (count + PRIOR_PAIRS);
  });
  const spread = expected.spread.map((value, ij) => {
    const [i, j] = [Math.floor(ij / 3), ij % 3];
    const own = products[ij]! - centre[i]! * sum[j]! - centre[j]! * sum[i]! +
      count * centre[i]! * centre[j]!;
    return (own + PRIOR_SPREAD_PAIRS * value) / (count + PRIOR_SPREAD_PAIRS);
  });
  return { centre, spread };
}

/**
 * What is expected of every pair: the effects of the key before and of the key add up, and pairs
 * spread alike.
 *
 * @param pairs `[key before x key]`, row-major.
 */
export function expectedPairs(pairs: readonly PairMoments[]): PairGaussian[] {
  const symbols = Math.sqrt(pairs.length);
  const group = () => Array.from({ length: symbols }, () => new PairMoments());
  const [before, after, all] = [group(), group(), new PairMoments()];
  const spread = new Float64Array(9);
  pairs.forEach((moments, pair) => {
    const { count, sum, products } = moments;
    for (const part of [before[Math.floor(pair / symbols)]!, after[pair % symbols]!, all]) {
      part.addSums(moments);
    }
    for (let ij = 0; ij < 9 && count; ij++) {
      spread[ij]! += products[ij]! - sum[Math.floor(ij / 3)]! * sum[ij % 3]! / count;
    }
  });
  for (let ij = 0; ij < 9; ij++) spread[ij]! /= Math.max(1, all.count);
  for (const diagonal of [0, 4, 8]) spread[diagonal]! += LEAST_VARIANCE;
  return pairs.map((_, pair) => {
    const centre = Float64Array.from([0, 1, 2], (i) => {
      const usual = all.sum[i]! / (all.count + PRIOR_PAIRS);
      const effect = ({ count, sum }: PairMoments) =>
        (sum[i]! - count * usual) / (count + PRIOR_PAIRS);
      return usual + effect(before[Math.floor(pair / symbols)]!) + effect(after[pair % symbols]!);
    });
    return { centre, spread };
  });
}

/** Log-density of the last two timings given the first, less the constant `log(2 pi)`. */
export class ConditionalDensity {
  readonly #slopes: readonly [number, number];
  readonly #precision: readonly [number, number, number];
  readonly #peak: number;

  constructor(readonly gaussian: PairGaussian) {
    const [xx, xy, xz, , yy, yz, , , zz] = gaussian.spread;
    this.#slopes = [xy! / xx!, xz! / xx!];
    const [a, b, c] = [yy! - xy! ** 2 / xx!, yz! - xy! * xz! / xx!, zz! - xz! ** 2 / xx!];
    const determinant = a * c - b * b;
    this.#precision = [c / determinant, -b / determinant, a / determinant];
    this.#peak = -0.5 * Math.log(determinant);
  }

  /** In nats. */
  of(holdBefore: number, pressPress: number, hold: number): number {
    const { centre } = this.gaussian;
    const offset = holdBefore - centre[0]!;
    const x = pressPress - centre[1]! - this.#slopes[0] * offset;
    const y = hold - centre[2]! - this.#slopes[1] * offset;
    const [a, b, c] = this.#precision;
    return this.#peak - 0.5 * (a * x * x + 2 * b * x * y + c * y * y);
  }
}
