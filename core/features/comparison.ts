/** A window held against what is usual for the subject: the verifier's input. */
import { axisRatios, type Discriminant, meanPlace, project } from "./discriminant.ts";
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

/** Names of what {@linkcode deviationsVector} gives: the features', then the aggregates'. */
export function deviationNames(features: readonly FeatureDefinition[]): string[] {
  return [...features.map(({ name }) => `deviations.${name}`), ...AGGREGATES];
}

/** Names of a comparison's places: the ratios' sum, each axis' own, then the deviations. */
export function comparisonNames(features: readonly FeatureDefinition[], axes: number): string[] {
  const ratios = Array.from({ length: axes }, (_, axis) => `ratio.${axis}`);
  return ["ratio", ...ratios, ...deviationNames(features)];
}

/** What the verifier knows of a subject. */
export interface Reference {
  readonly usual: Usual;
  /** Mean place of the reference windows along the discriminant's axes. */
  readonly place: Float64Array;
}

export function createReference(
  references: readonly Float64Array[],
  withinDeviation: Float64Array,
  discriminant: Discriminant,
): Reference {
  return {
    usual: summariseReferences(references, withinDeviation),
    place: meanPlace(references.map((vector) => project(vector, discriminant))),
  };
}

/** The verifier's input, in the order of {@linkcode comparisonNames}; HIGH IS STRANGE throughout. */
export function comparisonVector(
  vector: Float64Array,
  { usual, place }: Reference,
  discriminant: Discriminant,
): Float32Array {
  // Of a feature that no reference has, nothing is known of what is usual.
  const known = vector.map((value, i) => Number.isFinite(usual.centre[i]) ? value : NaN);
  const ratios = axisRatios(project(known, discriminant), place, discriminant);
  const sum = ratios.reduce((total, ratio) => total + ratio, 0);
  return Float32Array.from([sum, ...ratios, ...deviationsVector(vector, usual)]);
}

/**
 * Deviations from usual by feature, 0 to {@linkcode FARTHEST} and HIGH IS STRANGE, then their mean,
 * median, 90 % quantile and the share of features present.
 */
export function deviationsVector(vector: Float64Array, usual: Usual): Float32Array {
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
