/** A feature's value in a window beside what it usually is: the few numbers a picture of it needs. */
import { type FeatureDefinition, quantile } from "./vector.ts";

export interface FeatureReading {
  /** The feature in words: "holds on letters". */
  readonly feature: string;
  readonly unit: FeatureDefinition["unit"];
  /** In the window, in that unit. */
  readonly value: number;
  /** Quantiles of the subject's reference windows at {@linkcode USUAL_SHARES}, in that unit. */
  readonly usual: readonly [number, number, number, number, number];
}

/** The usual range: its middle, its middle half, and nine tenths of it. */
export const USUAL_SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
/** Fewer windows draw no range. */
const LEAST_REFERENCES = 5;

/**
 * @param references the feature's values in the subject's reference windows, NaN where one had none.
 * @returns `undefined` where too few had the feature.
 */
export function readFeature(
  { words, unit }: Pick<FeatureDefinition, "words" | "unit">,
  value: number,
  references: readonly number[],
): FeatureReading | undefined {
  const known = references.filter(Number.isFinite);
  if (!Number.isFinite(value) || known.length < LEAST_REFERENCES) return undefined;
  const [q05, q25, q50, q75, q95] = USUAL_SHARES.map((share) => quantile(known, share));
  return { feature: words, unit, value, usual: [q05!, q25!, q50!, q75!, q95!] };
}
