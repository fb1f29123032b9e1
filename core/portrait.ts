/**
 * How somebody types and moves, as a picture can show it: not more than is kept. A profile keeps no
 * strokes, only a number a feature and window; so what is spread out here is how that number differs
 * from one window of the subject's to the next.
 */
import { deviation, type FeatureDefinition, finite, mean, quantile } from "./features/vector.ts";
import type { Profile } from "./profile.ts";

/** A feature over the windows of a profile. */
export interface Spread {
  readonly feature: FeatureDefinition;
  /** One a window that holds the feature, ascending. */
  readonly values: readonly number[];
  /** Half of the windows lie between `low` and `high`. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

/** Fewer windows than this draw no picture. */
export const LEAST_WINDOWS = 8;

/** By the feature's name; what too few windows hold is not among them. */
export type Portrait = ReadonlyMap<string, Spread>;

/** @param features in the order of the profile's vectors, of the models that made them. */
export function portraitOf(profile: Profile, features: readonly FeatureDefinition[]): Portrait {
  const portrait = new Map<string, Spread>();
  for (const [place, feature] of features.entries()) {
    const found = finite(profile.references.map(({ vector }) => vector[place] ?? NaN));
    if (found.length < LEAST_WINDOWS) continue;
    const values = found.sort((a, b) => a - b);
    const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(values, share));
    portrait.set(feature.name, { feature, values, low: low!, middle: middle!, high: high! });
  }
  return portrait;
}

/** Where a density is drawn: from one end to the other, at so many places. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly places: number;
}

/**
 * Kernel density estimate with a Gaussian kernel, its highest place being 1. The bandwidth is
 * Silverman's rule of thumb (1986, equation 3.31), and never below `finest`, so that no picture is
 * sharper than what was measured.
 */
export function densityOf(
  values: readonly number[],
  { from, to, places }: Axis,
  finest: number,
): number[] {
  const bandwidth = Math.max(finest, bandwidthOf(values));
  const at = Array.from({ length: places }, (_, i) => from + (to - from) * i / (places - 1));
  const heights = at.map((x) =>
    mean(values.map((value) => Math.exp(-0.5 * ((x - value) / bandwidth) ** 2)))
  );
  const highest = Math.max(...heights) || 1;
  return heights.map((height) => height / highest);
}

function bandwidthOf(values: readonly number[]): number {
  const quartileRange = quantile(values, 0.75) - quantile(values, 0.25);
  const spreads = finite([deviation(values), quartileRange / 1.34]).filter((spread) => spread > 0);
  return spreads.length ? 0.9 * Math.min(...spreads) * values.length ** -0.2 : 0;
}

/** An axis that holds all of the spreads, with a little room, and its ends on whole steps. */
export function axisOf(spreads: readonly Spread[], step: number, places: number): Axis {
  const ends = spreads.flatMap(({ values }) => [values[0]!, values.at(-1)!]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const room = Math.max(step, 0.15 * (most - least));
  const from = Math.floor((least - room) / step) * step;
  // What cannot be below zero is not drawn there.
  return {
    from: least >= 0 ? Math.max(0, from) : from,
    to: Math.ceil((most + room) / step) * step,
    places,
  };
}
