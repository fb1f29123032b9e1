import { assertAlmostEquals, assertEquals } from "@std/assert";
import { deviation, finite, mean, quantile, skew } from "../../../core/features/vector.ts";

Deno.test("statistics of a known sample", () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  assertEquals(mean(values), 5);
  assertAlmostEquals(deviation(values), Math.sqrt(32 / 7), 1e-12);
  assertEquals(quantile(values, 0), 2);
  assertEquals(quantile(values, 0.5), 4.5);
  assertEquals(quantile(values, 1), 9);
  assertAlmostEquals(quantile([1, 2, 3, 4], 0.25), 1.75, 1e-12);
  assertAlmostEquals(skew(values), 42 / 8 / 4 ** 1.5, 1e-12);
});

Deno.test("statistics of too few values are missing, never zero", () => {
  for (
    const value of [mean([]), deviation([3]), skew([1, 2]), skew([4, 4, 4]), quantile([], 0.5)]
  ) {
    assertEquals(value, NaN);
  }
});

Deno.test("finite() keeps numbers alone", () => {
  assertEquals(finite([1, NaN, -2, Infinity]), [1, -2]);
});
