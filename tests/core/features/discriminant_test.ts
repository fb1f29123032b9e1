import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { axisRatios, meanPlace, project } from "../../../core/features/discriminant.ts";
import { alongFeatures } from "./discriminants.ts";

const vector = (...values: number[]) => Float64Array.from(values);

Deno.test("project() scales, clips, turns and moves a vector, worked out by hand", () => {
  const discriminant = {
    centre: vector(10, 0),
    range: vector(2, 1),
    // Axis 0 is the sum, axis 1 twice the first less the second.
    projection: vector(1, 2, 1, -1),
    offset: vector(0.5, 0),
    between: vector(1, 1),
  };
  assertEquals([...project(vector(14, 3), discriminant)], [2 + 3 - 0.5, 4 - 3]);
  assertEquals([...project(vector(1e9, -1e9), discriminant)], [4 - 4 - 0.5, 8 + 4]);
  assertEquals([...project(vector(NaN, 3), discriminant)], [3 - 0.5, -3]);
});

Deno.test("meanPlace() is the mean by axis", () => {
  assertEquals([...meanPlace([vector(1, 5), vector(3, 7)])], [2, 6]);
});

Deno.test("axisRatios() speaks for who lies where the gallery lies, far from the crowd", () => {
  const discriminant = alongFeatures(vector(1, 1));
  const gallery = vector(4, 0);
  const [own] = axisRatios(vector(4, 0), gallery, discriminant);
  const [other] = axisRatios(vector(-4, 0), gallery, discriminant);
  assert(own! < -1 && other! > 5, `${own} and ${other}`);
});

Deno.test("axisRatios() are the log of two normal densities", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: -9, max: 9, noNaN: true }),
      fc.double({ min: 0.1, max: 20, noNaN: true }),
      (place, gallery, between) => {
        const density = (x: number, mean: number, variance: number) =>
          -((x - mean) ** 2 / variance + Math.log(2 * Math.PI * variance)) / 2;
        // Posterior of the subject's mean after three windows whose mean is the gallery's.
        const variance = 1 / (3 + 1 / between);
        const expected = density(place, 0, 1 + between) -
          density(place, variance * 3 * gallery, 1 + variance);
        const discriminant = alongFeatures(vector(1), [0], between);
        const [found] = axisRatios(vector(place), vector(gallery), discriminant);
        assertAlmostEquals(found!, expected, 1e-9);
      },
    ),
  );
});
