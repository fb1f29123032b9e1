/** A window held against what is usual for the subject: the verifier's input. */
import { deviation, type FeatureDefinition, quantile } from "./vector.ts";

/** What is usual, by feature; NaN where no reference window had the feature. */
export interface Usual {
  /** Median of the reference windows. */
  readonly centre: Float64Array;
  /** Deviation between windows, drawn towards the population's; above 0. */
  readonly deviation: Float64Array;
}

/**
 * How many windows the population's deviation counts for: a short enrolment's own deviation is
 * drawn towards what is typical (the normal-inverse-gamma posterior's weighting of prior scatter).
 */
const PRIOR_WINDOWS = 8;

/**
 * Summarises reference vectors.
 * @param withinDeviation typical deviation of each feature between windows of one person.
 */
export function summariseReferences(
  references: readonly Float64Array[],
  withinDeviation: Float64Array,
): Usual {
  const centre = new Float64Array(withinDeviation.length).fill(NaN);
  const spread = new Float64Array(withinDeviation.length).fill(NaN);
  for (let i = 0; i < withinDeviation.length; i++) {
    const values = references.map((vector) => vector[i]!).filter(Number.isFinite);
    if (!values.length) continue;
    const typical = withinDeviation[i]!;
    const own = values.length > 1 ? deviation(values) : typical;
    centre[i] = quantile(values, 0.5);
    spread[i] = Math.sqrt(
      (values.length * own ** 2 + PRIOR_WINDOWS * typical ** 2) / (values.length + PRIOR_WINDOWS),
    );
  }
  return { centre, deviation: spread };
}

/** Deviations beyond this say no more. */
const FARTHEST = 8;
/** What the verifier reads where the window or the references have no evidence. */
export const MISSING_COMPARISON = -1;

const AGGREGATES = ["meanDeviations", "medianDeviations", "p90Deviations", "presentShare"] as const;

/** Names of a comparison's places: the features', then the aggregates'. */
export function comparisonNames(features: readonly FeatureDefinition[]): string[] {
  return [...features.map(({ name }) => `deviations.${name}`), ...AGGREGATES];
}

/**
 * Deviations from usual by feature, 0 to {@linkcode FARTHEST} and HIGH IS STRANGE, then their mean,
 * median, 90 % quantile and the share of features present.
 */
export function comparisonVector(vector: Float64Array, usual: Usual): Float32Array {
  const comparison = new Float32Array(vector.length + AGGREGATES.length);
  const present: number[] = [];
  vector.forEach((value, i) => {
    const deviations = Math.abs(value - usual.centre[i]!) / usual.deviation[i]!;
    if (Number.isFinite(deviations)) present.push(Math.min(deviations, FARTHEST));
    comparison[i] = Number.isFinite(deviations)
      ? Math.min(deviations, FARTHEST)
      : MISSING_COMPARISON;
  });
  const mean = present.reduce((sum, value) => sum + value, 0) / Math.max(1, present.length);
  const aggregates = present.length
    ? [mean, quantile(present, 0.5), quantile(present, 0.9), present.length / vector.length]
    : [MISSING_COMPARISON, MISSING_COMPARISON, MISSING_COMPARISON, 0];
  comparison.set(aggregates, vector.length);
  return comparison;
}
