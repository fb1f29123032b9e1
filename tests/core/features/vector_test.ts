import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { deviation, finite, mean, quantile, skew } from "../../../core/features/vector.ts";

const anyValues = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });

Deno.test("finite() keeps numbers alone, zero among them", () => {
  assertEquals(finite([1, NaN, 0, Infinity, -Infinity, -2]), [1, 0, -2]);
});

Deno.test("mean(), deviation(), skew() and quantile() of nothing are missing", () => {
  assertEquals([mean([]), deviation([]), skew([]), quantile([], 0.5)], [NaN, NaN, NaN, NaN]);
});

Deno.test("deviation() is the sample's, and missing for one value", () => {
  assertAlmostEquals(deviation([2, 4, 4, 4, 5, 5, 7, 9]), Math.sqrt(32 / 7), 1e-12);
  assertEquals(deviation([3]), NaN);
});

Deno.test("skew() is positive for a tail to the right, missing without spread", () => {
  assertAlmostEquals(skew([0, 0, 0, 4]), 2 / Math.sqrt(3), 1e-12);
  assertAlmostEquals(skew([0, 4, 4, 4]), -2 / Math.sqrt(3), 1e-12);
  assertEquals(skew([5, 5, 5]), NaN);
  assertEquals(skew([1, 2]), NaN);
});

Deno.test("quantile() lies between its neighbours by their share", () => {
  const values = [40, 10, 30, 20];
  assertEquals([0, 1 / 3, 0.5, 1].map((share) => quantile(values, share)), [10, 20, 25, 40]);
  assertEquals(values, [40, 10, 30, 20], "the caller's values must stay as they are");
});

Deno.test("quantile() never falls as its share grows, and stays within the values", () => {
  fc.assert(fc.property(anyValues, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (v, s) => {
    const found = s.sort((a, b) => a - b).map((share) => quantile(v, share));
    found.forEach((value, i) => {
      assert(value >= Math.min(...v) && value <= Math.max(...v));
      assert(i === 0 || value >= found[i - 1]! - 1e-9);
    });
  }));
});
