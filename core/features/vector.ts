/**
 * Named feature vectors. A vector is a `Float64Array` in the order of its definitions; NaN means
 * that the window held no evidence for the feature. Missing is missing, never zero.
 */

export const FEATURE_UNITS = [
  "ms",
  "ratio",
  "count",
  "per second",
  "px",
  "px/s",
  "px/s²",
  "px/s³",
  "rad",
  "rad/px",
] as const;

/** What one place of a vector means. */
export interface FeatureDefinition {
  /** Stable name with its unit, e.g. `holdMeanMs.letter`. Part of a model's contract. */
  readonly name: string;
  readonly unit: typeof FEATURE_UNITS[number];
  /** How a reason names it, in the plural where natural: "holds on letters". */
  readonly words: string;
  /** How it is computed from the window. */
  readonly formula: string;
  /** Paper or specification it comes from. */
  readonly source: string;
}

/** Finite values only; features call it before any statistic. */
export function finite(values: readonly number[]): number[] {
  return values.filter(Number.isFinite);
}

/** Arithmetic mean; NaN for none. */
export function mean(values: readonly number[]): number {
  return values.length ? values.reduce((sum, value) => sum + value, 0) / values.length : NaN;
}

/** Sample standard deviation (n - 1); NaN for fewer than two. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  return Math.sqrt(
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1),
  );
}

/** Adjusted-free (population) skewness g1; NaN for fewer than three or no spread. */
export function skew(values: readonly number[]): number {
  if (values.length < 3) return NaN;
  const centre = mean(values);
  const moment = (power: number) => mean(values.map((value) => (value - centre) ** power));
  const variance = moment(2);
  return variance > 1e-12 ? moment(3) / variance ** 1.5 : NaN;
}

/** Quantile by linear interpolation (Hyndman and Fan 1996, type 7); NaN for none. */
export function quantile(values: readonly number[], share: number): number {
  if (!values.length) return NaN;
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)]!;
  return below + (place - Math.floor(place)) * (sorted[Math.ceil(place)]! - below);
}
