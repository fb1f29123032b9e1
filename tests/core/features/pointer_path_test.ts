import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { GRID_MS, pointerPath } from "../../../core/features/pointer_path.ts";
import { POINTER_PAUSE_MS } from "../../../core/window.ts";
import type { PointerSample } from "../../../core/wire.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { later, pointerWindow, press, sampled, wheel } from "./pointer_windows.ts";

const steady = (ms: number) => [0.5 * ms, 0] as const;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

Deno.test("pointerPath() lays movement on the grid by interpolation", () => {
  const samples: PointerSample[] = [
    { kind: "pointer", timeMs: 1000, dx: 99, dy: 99, dragging: false },
    { kind: "pointer", timeMs: 1010, dx: 10, dy: 0, dragging: false },
    { kind: "pointer", timeMs: 1030, dx: 20, dy: -8, dragging: false },
    { kind: "pointer", timeMs: 1050, dx: 0, dy: 4, dragging: true },
  ];
  const { actions } = pointerPath(pointerWindow(samples));
  // Positions: (0, 0) at 0 ms, (10, 0) at 10, (30, -8) at 30, (30, -4) at 50; so (20, -4) at 20 ms
  // and (30, -6) at 40 ms. What the first sample moved lies before the window.
  assertEquals(actions, [{
    startMs: 1000,
    endMs: 1050,
    pauseMs: NaN,
    dx: [20, 10],
    dy: [-4, -2],
    dragging: [false, true],
  }]);
});

Deno.test("pointerPath() splits at pauses and says how long they were", () => {
  const first = sampled(steady, { durationMs: 200, stepMs: 10 });
  const second = sampled(steady, { startMs: 200 + POINTER_PAUSE_MS, durationMs: 100, stepMs: 10 });
  const third = sampled(steady, { startMs: 2000, durationMs: 100, stepMs: 10 });
  const { actions } = pointerPath(pointerWindow([...first, ...second, ...third]));
  assertEquals(actions.map(({ startMs, endMs }) => [startMs, endMs]), [[0, 800], [2000, 2100]]);
  assertEquals(actions.map(({ pauseMs }) => pauseMs), [NaN, 1200]);
});

Deno.test("pointerPath() sorts out presses and wheel steps", () => {
  const moves = sampled(steady, { durationMs: 100, stepMs: 10 });
  const path = pointerPath(pointerWindow([...moves, press(55, 80), wheel(60, 100)]));
  assertEquals([path.presses, path.wheel], [[press(55, 80)], [wheel(60, 100)]]);
});

Deno.test("pointerPath() believes in a drag that a press accounts for, or may still be open", () => {
  const said = sampled(steady, { durationMs: 400, stepMs: 20, dragging: true });
  const stepsHeld = (...presses: ReturnType<typeof press>[]) => {
    const [action] = pointerPath(pointerWindow([...said, ...presses])).actions;
    return action!.dragging.flatMap((held, i) => held ? [GRID_MS * (i + 1)] : []);
  };
  // The release before 300 ms was lost, or never told.
  assertEquals(stepsHeld(press(100, 60), press(310, 40)), [
    ...[100, 120, 140, 160],
    ...[320, 340, 360, 380, 400],
  ]);
  assertEquals(stepsHeld().length, 20);
});

Deno.test("pointerPath() makes no action of a lone sample or of none", () => {
  const lone = sampled(steady, { durationMs: 0, stepMs: 10 });
  assertEquals(pointerPath(pointerWindow(lone)).actions, []);
  assertEquals(pointerPath(pointerWindow([wheel(0, 100)])).actions, []);
});

Deno.test("pointerPath() keeps the way gone, and is the same at any time of day", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1e6), (seed, shiftMs) => {
      const window = pointerWindow(createHand(seed).move(6000, 1000));
      const { actions } = pointerPath(window);
      const moved = window.events.filter((event) => event.kind === "pointer");
      for (const { startMs, endMs, dx, dy } of actions) {
        assertEquals(dx.length, Math.floor((endMs - startMs) / GRID_MS));
        const within = moved.filter(({ timeMs }) => timeMs > startMs && timeMs <= endMs);
        // The grid may end up to one step before the last sample.
        const beyond = within.filter(({ timeMs }) => timeMs > endMs - GRID_MS);
        const off = Math.abs(sum(dx) - sum(within.map((sample) => sample.dx)));
        assert(off <= sum(beyond.map((sample) => Math.abs(sample.dx))) + 1e-6);
        assertEquals(dx.length, dy.length);
      }
      const shifted = pointerPath(later(window, shiftMs)).actions;
      assertEquals(shifted.map(({ dx }) => dx.length), actions.map(({ dx }) => dx.length));
      shifted.forEach(({ dx, dy }, i) => {
        dx.forEach((x, step) => assertAlmostEquals(x, actions[i]!.dx[step]!, 1e-6));
        dy.forEach((y, step) => assertAlmostEquals(y, actions[i]!.dy[step]!, 1e-6));
      });
    }),
    { numRuns: 20 },
  );
});

Deno.test("pointerPath() gives a smooth path alike at 125 Hz and at 60 Hz", () => {
  const circle = (ms: number) => [300 * Math.cos(ms / 400), 300 * Math.sin(ms / 400)] as const;
  const [fast, slow] = [8, 1000 / 60].map((stepMs) =>
    pointerPath(pointerWindow(sampled(circle, { durationMs: 2560, stepMs }))).actions[0]!
  );
  fast!.dx.slice(0, slow!.dx.length).forEach((x, i) => {
    // A step is 15 px; mice report whole pixels.
    assertAlmostEquals(x, slow!.dx[i]!, 1.6);
    assertAlmostEquals(fast!.dy[i]!, slow!.dy[i]!, 1.6);
  });
});
