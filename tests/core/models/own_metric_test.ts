import { assert, assertAlmostEquals } from "@std/assert";
import fc from "fast-check";
import { OwnMetric } from "../../../core/models/own_metric.ts";

const SHRINKAGE = 0.3;

Deno.test("OwnMetric.squaredDistance() of uncorrelated axes is by each one's deviation", () => {
  // Variances 4/3 * 9 and 4/3 * 1 along two axes, and no covariance.
  const points = [[3, 1], [3, -1], [-3, 1], [-3, -1]].map((values) => Float32Array.from(values));
  const metric = new OwnMetric(points);
  const [wide, narrow] = [12, 4 / 3];
  const drawn = (variance: number) => (1 - SHRINKAGE) * variance + SHRINKAGE * (wide + narrow) / 2;
  assertAlmostEquals(metric.squaredDistance(Float32Array.of(0, 0)), 0, 1e-12);
  assertAlmostEquals(metric.squaredDistance(Float32Array.of(6, 0)), 36 / drawn(wide), 1e-6);
  assertAlmostEquals(metric.squaredDistance(Float32Array.of(0, 2)), 4 / drawn(narrow), 1e-6);
});

Deno.test("OwnMetric.squaredDistance() is the same however the axes are turned", () => {
  const turned = ([x, y]: readonly number[], by: number) =>
    Float32Array.of(x! * Math.cos(by) - y! * Math.sin(by), x! * Math.sin(by) + y! * Math.cos(by));
  const pair = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }));
  fc.assert(fc.property(
    fc.array(pair, { minLength: 3, maxLength: 20 }),
    pair,
    fc.integer({ min: 1, max: 6 }),
    (points, at, by) => {
      fc.pre(points.some(([x, y]) => x !== points[0]![0] || y !== points[0]![1]));
      const [plain, rotated] = [0, by].map((angle) =>
        new OwnMetric(points.map((point) => turned(point, angle)))
          .squaredDistance(turned(at, angle))
      ) as [number, number];
      assertAlmostEquals(rotated, plain, 1e-3 * Math.max(1, plain));
    },
  ));
});

Deno.test("OwnMetric.squaredDistance() of points that are all alike is a number", () => {
  const metric = new OwnMetric([Float32Array.of(1, 0), Float32Array.of(1, 0)]);
  assertAlmostEquals(metric.squaredDistance(Float32Array.of(1, 0)), 0, 1e-12);
  const off = metric.squaredDistance(Float32Array.of(0, 1));
  assert(Number.isFinite(off) && off > 0);
});
