import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  comparisonNames,
  comparisonVector,
  MISSING_COMPARISON,
  summariseReferences,
} from "../../../core/features/comparison.ts";
import { KEYSTROKE_FEATURES } from "../../../core/features/keystroke.ts";

const vector = (...values: number[]) => Float64Array.from(values);

Deno.test("summariseReferences() takes the median, and draws a short profile's spread to the typical", () => {
  const within = vector(2, 2);
  const { centre, deviation } = summariseReferences([
    vector(1, NaN),
    vector(3, NaN),
    vector(50, NaN),
  ], within);
  assertEquals(centre[0], 3);
  assert(deviation[0]! > 2 && deviation[0]! < 27.8, "between the typical and its own");
  assertEquals([centre[1], deviation[1]], [NaN, NaN]);
  assertEquals(summariseReferences([vector(1, 5)], within).deviation[1], 2);
});

Deno.test("comparisonVector() is 0 at the usual and counts deviations from it", () => {
  const usual = { centre: vector(10, 20, 30), deviation: vector(1, 2, 4) };
  const same = comparisonVector(vector(10, 20, 30), usual);
  assertEquals([...same.slice(0, 6)], [0, 0, 0, 0, 0, 0]);
  const other = comparisonVector(vector(8, 24, 30 + 400), usual);
  assertEquals([...other.slice(0, 3)], [2, 2, 8]);
  assertAlmostEquals(other[3]!, 4, 1e-6);
});

Deno.test("comparisonVector() says missing where window or references have nothing", () => {
  const usual = { centre: vector(10, NaN), deviation: vector(1, NaN) };
  const comparison = comparisonVector(vector(NaN, 3), usual);
  assertEquals([...comparison.slice(0, 2)], [MISSING_COMPARISON, MISSING_COMPARISON]);
  assertEquals(comparison.at(-1), 0);
});

Deno.test("comparisonVector() holds numbers only and is as long as its names", () => {
  const width = KEYSTROKE_FEATURES.length;
  const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(NaN));
  const row = fc.array(value, { minLength: width, maxLength: width });
  fc.assert(
    fc.property(row, fc.array(row, { minLength: 1, maxLength: 5 }), (window, references) => {
      const usual = summariseReferences(
        references.map((one) => vector(...one)),
        new Float64Array(width).fill(1),
      );
      const comparison = comparisonVector(vector(...window), usual);
      assertEquals(comparison.length, comparisonNames(KEYSTROKE_FEATURES).length);
      assert(comparison.every((one) => Number.isFinite(one) && one >= MISSING_COMPARISON));
    }),
  );
});
