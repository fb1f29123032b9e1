import { assertAlmostEquals, assertEquals } from "@std/assert";
import { measureAction } from "../../../core/features/pointer_action.ts";
import { quantile } from "../../../core/features/vector.ts";

function action(steps: readonly (readonly [number, number])[]) {
  return measureAction({
    startMs: 0,
    endMs: 20 * steps.length,
    pauseMs: NaN,
    dx: steps.map(([dx]) => dx),
    dy: steps.map(([, dy]) => dy),
    dragging: steps.map(() => false),
  });
}

Deno.test("measureAction() of a circle finds its turn, speed and curvature", () => {
  // Radius 200 px, 6 degrees a grid step.
  const angle = Math.PI / 30;
  const chord = 2 * 200 * Math.sin(angle / 2);
  const circle = Array.from(
    { length: 60 },
    (_, i) => [chord * Math.cos(i * angle), chord * Math.sin(i * angle)] as const,
  );
  const { turns, speed, curvature, lengthPx, distancePx } = action(circle);
  // Smoothing shortens a turning step, and turns it nowhere.
  const smoothed = chord * (3 + 4 * Math.cos(angle) + 2 * Math.cos(2 * angle)) / 9;
  assertAlmostEquals(quantile(turns, 0.5), angle, 1e-9);
  assertAlmostEquals(quantile(speed, 0.5), 50 * smoothed, 1e-6);
  assertAlmostEquals(quantile(curvature, 0.5), angle / smoothed, 1e-9);
  assertAlmostEquals(1 / quantile(curvature, 0.5), 200, 3);
  assertAlmostEquals(lengthPx, 60 * chord, 1e-9);
  assertAlmostEquals(distancePx, 0, 1e-9);
});

Deno.test("measureAction() takes no direction from steps that are too short for one", () => {
  const { turns, curvature } = action([[0.5, 0], [0, 0.5], [-0.5, 0], [0, -0.5]]);
  assertEquals([turns, curvature], [[], []]);
});

Deno.test("measureAction() turns the shorter way about, y downwards positive", () => {
  const run = (dx: number, dy: number) => Array.from({ length: 6 }, () => [dx, dy] as const);
  const sum = (turns: readonly number[]) => turns.reduce((total, turn) => total + turn, 0);
  assertAlmostEquals(sum(action([...run(9, 0), ...run(0, 9)]).turns), Math.PI / 2, 1e-9);
  assertAlmostEquals(sum(action([...run(0, 9), ...run(9, 0)]).turns), -Math.PI / 2, 1e-9);
  // Across the angle where atan2 jumps.
  assertAlmostEquals(sum(action([...run(-9, 9), ...run(-9, -9)]).turns), Math.PI / 2, 1e-9);
});

Deno.test("measureAction() measures overshoot along the line from first to last point", () => {
  assertAlmostEquals(action([[30, 40], [30, 40], [-6, -8]]).overshootPx, 10, 1e-9);
  assertAlmostEquals(action([[30, 40], [3, 4]]).overshootPx, 0, 1e-9);
});
