import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { POINTER_FEATURES, pointerVector } from "../../../core/features/pointer.ts";
import { deviation, mean } from "../../../core/features/vector.ts";
import type { PointerWindow } from "../../../core/window.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { later, pointerWindow, press, sampled, wheel } from "./pointer_windows.ts";

/** The window's features by name. */
function features(window: PointerWindow): Record<string, number> {
  const vector = pointerVector(window);
  return Object.fromEntries(POINTER_FEATURES.map(({ name }, i) => [name, vector[i]!]));
}

function assertFeatures(window: PointerWindow, expected: Record<string, number>) {
  const found = features(window);
  for (const [name, value] of Object.entries(expected)) {
    assert(name in found, `${name} must be a feature`);
    if (Number.isNaN(value)) assertEquals(found[name], NaN, name);
    else assertAlmostEquals(found[name]!, value, 1e-6, name);
  }
}

const right = (ms: number) => [0.5 * ms, 0] as const;
const moves = sampled(right, { durationMs: 1000, stepMs: 10 });

Deno.test("POINTER_FEATURES says of each feature what it is, once", () => {
  const names = POINTER_FEATURES.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assertEquals(new Set(POINTER_FEATURES.map(({ words }) => words)).size, names.length);
  for (const { name, words, formula, source } of POINTER_FEATURES) {
    assertMatch(name, /^[a-z]\w*(\.\w+)?$/);
    assert(words && formula && /\d{4}/.test(source), name);
  }
  assertEquals(pointerVector(pointerWindow(moves)).length, names.length);
});

Deno.test("pointerVector() of a steady straight line", () => {
  assertFeatures(pointerWindow(moves), {
    speedMean: 500,
    speedDeviation: 0,
    speedP10: 500,
    speedP90: 500,
    accelerationMean: 0,
    jerkMean: 0,
    curvatureMean: 0,
    turnMean: 0,
    straightnessMean: 1,
    actionLengthPxMean: 500,
    actionMsMean: 1000,
    "directionShare.right": 1,
    "directionShare.up": 0,
    directionChangeRate: 0,
    overshootPx: 0,
    dragShare: 0,
  });
});

Deno.test("pointerVector() measures how speed changes", () => {
  // 10, 20, 30 and 20 px in a grid step each; smoothed 50/3, 20, 22.5 and 70/3 px.
  const places = [0, 10, 30, 60, 80];
  const window = pointerWindow(sampled((ms) => [places[ms / 20]!, 0], {
    durationMs: 80,
    stepMs: 20,
  }));
  const speeds = [50 / 3, 20, 22.5, 70 / 3].map((px) => 50 * px);
  const changes = [10 / 3, 2.5, 5 / 6].map((px) => 2500 * px);
  const jerks = [5 / 6, 5 / 3].map((px) => 125_000 * px);
  assertFeatures(window, {
    speedMean: mean(speeds),
    speedDeviation: deviation(speeds),
    speedMedian: 50 * 21.25,
    speedP10: 0.7 * speeds[0]! + 0.3 * speeds[1]!,
    accelerationMean: mean(changes),
    accelerationMedian: 6250,
    jerkMean: mean(jerks),
    jerkP90: 0.1 * jerks[0]! + 0.9 * jerks[1]!,
    peakPlace: 3 / 4,
    // What is no matter of time is measured as it was.
    actionLengthPxMean: 80,
  });
});

Deno.test("pointerVector() measures how the path turns", () => {
  // 100 px right, then 100 px down, 10 px a grid step: one turn of 90 degrees in 19.
  const corner = (ms: number) => [Math.min(100, ms / 2), Math.max(0, ms / 2 - 100)] as const;
  assertFeatures(pointerWindow(sampled(corner, { durationMs: 400, stepMs: 20 })), {
    turnMean: Math.PI / 2 / 19,
    turnMedian: 0,
    straightnessMean: Math.SQRT1_2,
    actionLengthPxMean: 200,
    "directionShare.right": 0.5,
    "directionShare.down": 0.5,
    "directionShare.downRight": 0,
    // The corner is rounded: no one turn is above 90 degrees.
    directionChangeRate: 0,
  });
});

Deno.test("pointerVector() sees a path that comes back as change of direction and overshoot", () => {
  // 120 px right in 240 ms, then 20 px back in 40 ms.
  const beyond = (ms: number) => [ms <= 240 ? ms / 2 : 120 - (ms - 240) / 2, 0] as const;
  assertFeatures(pointerWindow(sampled(beyond, { durationMs: 280, stepMs: 20 })), {
    overshootPx: 20,
    straightnessMean: 100 / 140,
    directionChangeRate: 1 / 0.28,
    "directionShare.left": 1 / 7,
  });
});

Deno.test("pointerVector() takes all eight directions apart", () => {
  const names = ["right", "downRight", "down", "downLeft", "left", "upLeft", "up", "upRight"];
  names.forEach((direction, eighth) => {
    const [x, y] = [Math.cos(eighth * Math.PI / 4), Math.sin(eighth * Math.PI / 4)];
    const line = (ms: number) => [x * ms, y * ms] as const;
    const window = pointerWindow(sampled(line, { durationMs: 200, stepMs: 20 }));
    assertFeatures(window, { [`directionShare.${direction}`]: 1 });
  });
});

Deno.test("pointerVector() measures pauses between movements", () => {
  const again = (startMs: number) => sampled(right, { startMs, durationMs: 200, stepMs: 20 });
  assertFeatures(pointerWindow([...again(0), ...again(1200), ...again(3400), ...again(60_000)]), {
    pauseMsP10: 1000 + 0.2 * 1000,
    pauseMsMedian: 2000,
    // The last, of 56.4 s, counts for 10 s.
    pauseMsMean: (1000 + 2000 + 10_000) / 3,
    actionMsDeviation: 0,
  });
});

Deno.test("pointerVector() measures clicks, double clicks and drags", () => {
  const dragged = sampled(right, { startMs: 5000, durationMs: 1000, stepMs: 10, dragging: true });
  // A double click, a right click, and a press that was held to drag.
  const presses = [press(100, 80), press(300, 100), press(700, 60, 2), press(5000, 1010)];
  assertFeatures(pointerWindow([...moves, ...dragged, ...presses]), {
    clickDwellMeanMs: 90,
    clickDwellDeviationMs: Math.sqrt(200),
    doubleClickGapMs: 120,
    dragShare: 0.5,
  });
});

Deno.test("pointerVector() measures the rhythm of the wheel", () => {
  // Gaps of 100, 200, 300 ms and a pause; one of four steps turns back.
  const steps = [wheel(0, 100), wheel(100, 100), wheel(300, 100), wheel(600, -100)];
  assertFeatures(pointerWindow([...moves, ...steps, wheel(4000, -100)]), {
    wheelGapMs: 200,
    wheelReversalShare: 1 / 4,
  });
});

Deno.test("pointerVector() of a window without clicks, wheel or pauses has them missing", () => {
  const nothing = NaN;
  assertFeatures(pointerWindow(moves), {
    pauseMsMean: nothing,
    pauseMsMedian: nothing,
    clickDwellMeanMs: nothing,
    clickDwellDeviationMs: nothing,
    doubleClickGapMs: nothing,
    wheelGapMs: nothing,
    wheelReversalShare: nothing,
    // One movement has no spread.
    actionMsDeviation: nothing,
    straightnessDeviation: nothing,
  });
});

Deno.test("pointerVector() of no movement is missing as a whole", () => {
  const vector = pointerVector(pointerWindow([wheel(0, 100)]));
  assertEquals([...vector].filter(Number.isFinite), []);
});

Deno.test("pointerVector() is the same at any time of day", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.nat(1e9), (seed, shiftMs) => {
      const window = pointerWindow(createHand(seed).move(8000, 1000));
      const shifted = pointerVector(later(window, shiftMs));
      pointerVector(window).forEach((value, i) => {
        const near = Math.abs(value - shifted[i]!) <= 1e-4 * (1 + Math.abs(value));
        assert(near || Number.isNaN(value) && Number.isNaN(shifted[i]), POINTER_FEATURES[i]!.name);
      });
    }),
    { numRuns: 20 },
  );
});

Deno.test("pointerVector() keeps ratios in their bounds whatever the hand does", () => {
  fc.assert(
    fc.property(fc.nat(1000), (seed) => {
      const found = features(pointerWindow(createHand(seed).move(12_800, 1000)));
      const ratios = POINTER_FEATURES.filter(({ unit, name }) =>
        unit === "ratio" && !name.endsWith("Deviation")
      );
      for (const { name } of ratios) {
        const value = found[name]!;
        assert(Number.isNaN(value) || value >= 0 && value <= 1 + 1e-9, `${name} ${value}`);
      }
      const shares = POINTER_FEATURES.filter(({ name }) => name.startsWith("directionShare."));
      assertAlmostEquals(shares.reduce((sum, { name }) => sum + found[name]!, 0), 1, 1e-9);
    }),
    { numRuns: 20 },
  );
});

Deno.test("pointerVector() sees little difference between 125, 60 and 30 Hz on a smooth path", () => {
  // An eight as wide as a page, at some 500 px/s.
  const eight = (ms: number) => [500 * Math.sin(ms / 900), 250 * Math.sin(ms / 450)] as const;
  const at = (hz: number) =>
    features(pointerWindow(sampled(eight, { durationMs: 12_800, stepMs: 1000 / hz })));
  const native = at(125);
  const within = {
    speedMean: 0.02,
    speedMedian: 0.03,
    speedP90: 0.03,
    speedDeviation: 0.03,
    curvatureMedian: 0.2,
    turnMedian: 0.2,
    straightnessMean: 0.02,
    actionLengthPxMean: 0.02,
    actionMsMean: 0.02,
  };
  for (const slower of [at(60), at(30)]) {
    for (const [name, share] of Object.entries(within)) {
      assertAlmostEquals(slower[name]!, native[name]!, share * Math.abs(native[name]!), name);
    }
    // Whole pixels tip a direction near the edge of its eighth over.
    for (const { name } of POINTER_FEATURES) {
      if (name.startsWith("directionShare.")) {
        assertAlmostEquals(slower[name]!, native[name]!, 0.01, name);
      }
    }
  }
});
