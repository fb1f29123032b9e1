import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readFeature } from "../../../core/features/reading.ts";

const HOLD = { words: "holds on letters", unit: "ms" } as const;

Deno.test("readFeature() gives the value beside the quantiles of the reference windows", () => {
  const references = Array.from({ length: 101 }, (_, i) => i);
  assertEquals(readFeature(HOLD, 120, references), {
    feature: "holds on letters",
    unit: "ms",
    value: 120,
    usual: [5, 25, 50, 75, 95],
  });
});

Deno.test("readFeature() leaves out windows that had none, and says nothing of too few", () => {
  const few = [80, NaN, 90, NaN, 100, 110];
  assertEquals(readFeature(HOLD, 95, few), undefined);
  assertEquals(readFeature(HOLD, 95, [...few, 120])?.usual[2], 100);
  assertEquals(readFeature(HOLD, NaN, [...few, 120]), undefined);
});

Deno.test("readFeature() gives a range that rises and lies within the references", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 5 });
  fc.assert(fc.property(values, (references) => {
    const { usual } = readFeature(HOLD, 0, references)!;
    assertEquals([...usual], usual.toSorted((a, b) => a - b));
    assert(usual[0] >= Math.min(...references) && usual[4] <= Math.max(...references));
  }));
});
