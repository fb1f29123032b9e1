import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  comparisonNames,
  comparisonVector,
  createReference,
  deviationNames,
  deviationsVector,
  MISSING_COMPARISON,
  summariseReferences,
} from "../../../core/features/comparison.ts";
import { axisRatios, project } from "../../../core/features/discriminant.ts";
import { KEYSTROKE_FEATURES } from "../../../core/features/keystroke.ts";
import { alongFeatures } from "./discriminants.ts";

const vector = (...values: number[]) => Float64Array.from(values);
const rounded = (values: Iterable<number>) => [...values].map((value) => Number(value.toFixed(5)));
/** Any vector of three features, some missing. */
const anyVector = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6 }), fc.constant(NaN)), {
  minLength: 3,
  maxLength: 3,
}).map((values) => Float64Array.from(values));
const WITHIN = vector(1, 2, 3);

Deno.test("summariseReferences() takes the median of what is there", () => {
  const { centre } = summariseReferences(
    [vector(1, NaN), vector(2, 5), vector(900, NaN)],
    vector(1, 1),
  );
  assertEquals([...centre], [2, 5]);
});

Deno.test("summariseReferences() leaves a feature that no reference has missing", () => {
  const { centre, deviation } = summariseReferences([vector(NaN), vector(NaN)], vector(4));
  assertEquals([...centre, ...deviation], [NaN, NaN]);
});

Deno.test("summariseReferences() takes the typical deviation for a single reference", () => {
  assertAlmostEquals(summariseReferences([vector(10)], vector(4)).deviation[0]!, 4, 1e-12);
});

Deno.test("summariseReferences() trusts a person's own deviation the more the more windows there are", () => {
  // Own deviation 2 (sample, of n points at +-d), typical 10.
  const own = (count: number) => {
    const distance = 2 * Math.sqrt((count - 1) / count);
    return Array.from({ length: count }, (_, i) => vector(i % 2 ? distance : -distance));
  };
  const found = [8, 40].map((count) => summariseReferences(own(count), vector(10)).deviation[0]!);
  // (8 x 4 + 8 x 100) / 16 and (40 x 4 + 8 x 100) / 48.
  assertAlmostEquals(found[0]!, Math.sqrt(52), 1e-9);
  assertAlmostEquals(found[1]!, Math.sqrt(20), 1e-9);
});

Deno.test("summariseReferences() never gives a deviation of zero", () => {
  const same = Array.from({ length: 48 }, () => vector(7));
  assert(summariseReferences(same, vector(1)).deviation[0]! > 0.3);
});

Deno.test("summariseReferences() does not mind the references' order", () => {
  fc.assert(fc.property(fc.array(anyVector, { maxLength: 12 }), (references) => {
    const forwards = summariseReferences(references, WITHIN);
    const backwards = summariseReferences(references.toReversed(), WITHIN);
    assertEquals(rounded(backwards.centre), rounded(forwards.centre));
    backwards.deviation.forEach((value, i) => {
      const expected = forwards.deviation[i]!;
      if (Number.isNaN(expected)) assertEquals(value, NaN);
      else assertAlmostEquals(value / expected, 1, 1e-9);
    });
  }));
});

Deno.test("deviationsVector() counts deviations from usual, then sums up", () => {
  const usual = { centre: vector(10, 10, 10, NaN), deviation: vector(2, 5, 1, NaN) };
  const found = deviationsVector(vector(14, 10, NaN, 3), usual);
  // Deviations 2 and 0; mean 1, median 1, 90 % quantile 1.8, two of four present.
  assertEquals(rounded(found), [2, 0, MISSING_COMPARISON, MISSING_COMPARISON, 1, 1, 1.8, 0.5]);
});

Deno.test("deviationsVector() clips what lies far out", () => {
  const usual = { centre: vector(0), deviation: vector(1) };
  assertEquals(deviationsVector(vector(1e9), usual)[0], 8);
  assertEquals(deviationsVector(vector(-1e9), usual)[0], 8);
});

Deno.test("deviationsVector() of a window without evidence says so in every place", () => {
  const usual = { centre: vector(1, 2), deviation: vector(1, 1) };
  const missing = MISSING_COMPARISON;
  assertEquals([...deviationsVector(vector(NaN, NaN), usual)], [...Array(5).fill(missing), 0]);
});

Deno.test("deviationsVector() is finite whatever the references lack", () => {
  fc.assert(fc.property(fc.array(anyVector, { maxLength: 12 }), anyVector, (references, probe) => {
    const found = deviationsVector(probe, summariseReferences(references, WITHIN));
    assertEquals(found.length, deviationNames([]).length + 3);
    for (const value of found) assert(value >= MISSING_COMPARISON && value <= 8, `${value}`);
  }));
});

Deno.test("comparisonVector() gives the ratios' sum, the ratios and the deviations", () => {
  const discriminant = alongFeatures(WITHIN, [2, 0]);
  const references = [vector(1, 2, 3), vector(3, 2, 1)];
  const reference = createReference(references, WITHIN, discriminant);
  const probe = vector(2, NaN, 9);
  const found = comparisonVector(probe, reference, discriminant);
  const ratios = axisRatios(project(probe, discriminant), vector(2 / 3, 2), discriminant);
  assertEquals(rounded(found.slice(1, 3)), rounded(ratios));
  assertAlmostEquals(found[0]!, ratios[0]! + ratios[1]!, 1e-5);
  assertEquals(found.slice(3), deviationsVector(probe, reference.usual));
});

Deno.test("comparisonNames() names every place of a comparison once", () => {
  const names = comparisonNames(KEYSTROKE_FEATURES, 5);
  const within = new Float64Array(KEYSTROKE_FEATURES.length).fill(1);
  const discriminant = alongFeatures(within, [0, 1, 2, 3, 4]);
  const zero = new Float64Array(KEYSTROKE_FEATURES.length);
  const found = comparisonVector(zero, createReference([zero], within, discriminant), discriminant);
  assertEquals(names.length, found.length);
  assertEquals(new Set(names).size, names.length);
  assertEquals(names[6], `deviations.${KEYSTROKE_FEATURES[0]!.name}`);
});
