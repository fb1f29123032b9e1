/**
 * Vectors seen along the directions in which people differ most for how little they vary themselves
 * (Fisher 1936), and what each direction says of whose window it is.
 */

/** Fitted on people who train. Features are counted by `centre`, directions (axes) by `offset`. */
export interface Discriminant {
  /** The population's median and interquartile range, by feature. */
  readonly centre: Float64Array;
  readonly range: Float64Array;
  /** Row-major `[features, axes]`: from ranges off the centre to within-person deviations. */
  readonly projection: Float64Array;
  /** The population's mean, by axis, the most telling first. */
  readonly offset: Float64Array;
  /** Variance of people's means, by axis, where the variance within a person is 1. */
  readonly between: Float64Array;
}

/** Ranges off the centre beyond which a feature says no more. */
const FARTHEST = 4;

/**
 * A vector by axis, `[axes]`, in within-person deviations from the population's mean. A missing
 * feature is taken for the population's median.
 */
export function project(vector: Float64Array, discriminant: Discriminant): Float64Array {
  const { centre, range, projection, offset } = discriminant;
  const axes = offset.length;
  const seen = Float64Array.from(offset, (value) => -value);
  for (let i = 0; i < vector.length; i++) {
    const ranges = (vector[i]! - centre[i]!) / range[i]!;
    if (!Number.isFinite(ranges)) continue;
    const clipped = Math.min(Math.max(ranges, -FARTHEST), FARTHEST);
    for (let axis = 0; axis < axes; axis++) seen[axis]! += clipped * projection[i * axes + axis]!;
  }
  return seen;
}

/** How many windows that share no input a gallery of overlapping ones is worth. */
const GALLERY_WORTH = 3;

/**
 * Log-likelihood ratio of each axis, nats, positive for someone else: the window's place under the
 * subject's own distribution, whose mean the gallery tells only so well, against the population's
 * (the two-covariance model, Brümmer and de Villiers 2010).
 * @param gallery mean of the references' places.
 */
export function axisRatios(
  place: Float64Array,
  gallery: Float64Array,
  { between }: Discriminant,
): Float64Array {
  return place.map((value, axis) => {
    const precision = GALLERY_WORTH + 1 / between[axis]!;
    const mean = GALLERY_WORTH * gallery[axis]! / precision;
    const [own, other] = [1 + 1 / precision, 1 + between[axis]!];
    return ((value - mean) ** 2 / own - value ** 2 / other + Math.log(own / other)) / 2;
  });
}

/** Mean of places, by axis. */
export function meanPlace(places: readonly Float64Array[]): Float64Array {
  return places[0]!.map((_, axis) =>
    places.reduce((sum, place) => sum + place[axis]!, 0) / places.length
  );
}
