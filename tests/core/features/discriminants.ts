/** Discriminants that are easy to reckon with. */
import type { Discriminant } from "../../../core/features/discriminant.ts";

/**
 * Axes along single features, in units of their deviation within a person.
 * @param chosen which features, one an axis; all of them by default.
 */
export function alongFeatures(
  withinDeviation: Float64Array,
  chosen: readonly number[] = [...withinDeviation.keys()],
  between = 4,
): Discriminant {
  const projection = new Float64Array(withinDeviation.length * chosen.length);
  chosen.forEach((feature, axis) => projection[feature * chosen.length + axis] = 1);
  return {
    centre: new Float64Array(withinDeviation.length),
    range: withinDeviation,
    projection,
    offset: new Float64Array(chosen.length),
    between: new Float64Array(chosen.length).fill(between),
  };
}
