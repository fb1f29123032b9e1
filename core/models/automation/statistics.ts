/** Scale-free statistics of samples; NaN where there are too few values or no spread. */
import { deviation, finite, mean, quantile, skew } from "../../features/vector.ts";

const LEAST_VALUES = 5;

/** Values worth a statistic. */
function enough(values: readonly number[]): readonly number[] {
  const known = finite(values);
  return known.length < LEAST_VALUES ? [] : known;
}

/** Deviation as a share of the mean. */
export function variation(values: readonly number[]): number {
  const known = enough(values);
  return ratio(deviation(known), mean(known));
}

export function skewness(values: readonly number[]): number {
  return skew(enough(values));
}

/** Excess kurtosis g2: 0 for a normal distribution, -1.2 for a uniform one. */
export function kurtosis(values: readonly number[]): number {
  const known = enough(values);
  const centre = mean(known);
  const moment = (power: number) => mean(known.map((value) => (value - centre) ** power));
  return ratio(moment(4), moment(2) ** 2) - 3;
}

/** How much further the upper tenth lies from the middle than the lower tenth does. */
export function lopsidedness(values: readonly number[]): number {
  const known = enough(values);
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(known, share));
  return ratio(high! - 2 * middle! + low!, high! - low!);
}

/** A quantile as a multiple of the median. */
export function relativeQuantile(values: readonly number[], share: number): number {
  const known = enough(values);
  return ratio(quantile(known, share), quantile(known, 0.5));
}

export function quantileOf(values: readonly number[], share: number): number {
  return quantile(enough(values), share);
}

/** Pearson's correlation of pairs that are both known. */
export function correlation(xs: readonly number[], ys: readonly number[]): number {
  const pairs = xs.map((x, i) => [x, ys[i]!] as const)
    .filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y));
  if (pairs.length < LEAST_VALUES) return NaN;
  const [meanX, meanY] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  const sum = (of: (x: number, y: number) => number) =>
    pairs.reduce((total, [x, y]) => total + of(x - meanX, y - meanY), 0);
  return ratio(sum((x, y) => x * y), Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y)));
}

/** Correlation of each value with the one before it. */
export function persistence(values: readonly number[]): number {
  return correlation(values.slice(0, -1), values.slice(1));
}

/** NaN instead of a division by next to nothing. */
export function ratio(part: number, whole: number): number {
  return Math.abs(whole) > 1e-9 ? part / whole : NaN;
}
