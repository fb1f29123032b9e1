import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import fc from "fast-check";
import {
  KEYSTROKE_FEATURES,
  keystrokeVector,
  timeStrokes,
} from "../../../core/features/keystroke.ts";
import type { Stroke } from "../../../core/wire.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { anyStrokes, keyboardWindow, laterStrokes, strokesOf } from "./keyboard_windows.ts";

/** The strokes' features by name. */
function features(strokes: readonly Stroke[]): Record<string, number> {
  const vector = keystrokeVector(keyboardWindow(strokes));
  return Object.fromEntries(KEYSTROKE_FEATURES.map(({ name }, i) => [name, vector[i]!]));
}

function assertFeatures(strokes: readonly Stroke[], expected: Record<string, number>) {
  const found = features(strokes);
  for (const [name, value] of Object.entries(expected)) {
    assert(name in found, `${name} must be a feature`);
    if (Number.isNaN(value)) assertEquals(found[name], NaN, name);
    else assertAlmostEquals(found[name]!, value, 1e-9, name);
  }
}

Deno.test("KEYSTROKE_FEATURES says of each feature what it is, once", () => {
  const names = KEYSTROKE_FEATURES.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  assertEquals(new Set(KEYSTROKE_FEATURES.map(({ words }) => words)).size, names.length);
  for (const { name, unit, words, formula, source } of KEYSTROKE_FEATURES) {
    assertMatch(name, /^[a-z]\w*(\.\w+){0,2}$/);
    assertEquals(unit === "ms", /Ms(\.|$)/.test(name), `${name} must carry its unit`);
    assert(words && formula && /\d{4}/.test(source), name);
  }
  assertEquals(keystrokeVector(keyboardWindow(strokesOf([0, 90]))).length, names.length);
});

Deno.test("timeStrokes() gives flight, press-press and release-release, negative under rollover", () => {
  const timed = timeStrokes(strokesOf([0, 100], [180, 60, "space"], [220, 90]));
  assertEquals(timed, [
    {
      zone: "letter",
      previousZone: undefined,
      holdMs: 100,
      pressPressMs: NaN,
      flightMs: NaN,
      releaseReleaseMs: NaN,
    },
    {
      zone: "space",
      previousZone: "letter",
      holdMs: 60,
      pressPressMs: 180,
      flightMs: 80,
      releaseReleaseMs: 140,
    },
    {
      zone: "letter",
      previousZone: "space",
      holdMs: 90,
      pressPressMs: 40,
      flightMs: -20,
      releaseReleaseMs: 70,
    },
  ]);
});

Deno.test("timeStrokes() reads no interval across a pause of more than three seconds", () => {
  const [, within, beyond] = timeStrokes(strokesOf([0, 80], [3000, 80], [6000.1, 80]));
  assertEquals(within!.pressPressMs, 3000);
  assertEquals(beyond!.previousZone, undefined);
  assertEquals(beyond!.flightMs, NaN);
});

Deno.test("keystrokeVector() of three letters, by hand", () => {
  // Holds 80, 100, 120; press-press 200, 300; flights 120, 200; release-release 220, 320.
  assertFeatures(strokesOf([0, 80], [200, 100], [500, 120]), {
    holdMeanMs: 100,
    holdDeviationMs: 20,
    holdSkew: 0,
    holdP10Ms: 84,
    holdP25Ms: 90,
    holdMedianMs: 100,
    holdP75Ms: 110,
    holdP90Ms: 116,
    flightMeanMs: 160,
    flightDeviationMs: Math.sqrt(2 * 40 ** 2),
    flightSkew: NaN,
    pressPressMeanMs: 250,
    pressPressMedianMs: 250,
    releaseReleaseMeanMs: 270,
    strokeRate: 4,
    pauseShare: 0,
    burstStrokes: 3,
    erasureShare: 0,
    rolloverShare: 0,
    rolloverMeanMs: NaN,
  });
});

Deno.test("keystrokeVector() has the skew of a long tail", () => {
  // Holds 10, 10, 10, 50: mean 20, second moment 300, third 6000.
  const strokes = strokesOf([0, 10], [200, 10], [400, 10], [600, 50]);
  assertFeatures(strokes, { holdSkew: 6000 / 300 ** 1.5 });
});

Deno.test("keystrokeVector() tells zones and zone pairs apart", () => {
  const strokes = strokesOf(
    [0, 100],
    [200, 50, "space"],
    [500, 120],
    [700, 70, "space"],
    [900, 80, "erase"],
    [1200, 140],
  );
  assertFeatures(strokes, {
    "holdMeanMs.letter": 120,
    "holdMeanMs.space": 60,
    // One erase key makes no mean.
    "holdMeanMs.erase": NaN,
    "holdMeanMs.digit": NaN,
    "flightMeanMs.letter.space": 90,
    "pressPressMeanMs.letter.space": 200,
    // From space to a letter there is one interval: the other letter follows an erase key.
    "flightMeanMs.space.letter": NaN,
    "flightMeanMs.letter.letter": NaN,
    erasureShare: 1 / 6,
  });
});

Deno.test("keystrokeVector() counts rollover by flights below zero alone", () => {
  // Flights -20, -40, 0 and 50.
  const strokes = strokesOf([0, 100], [80, 100], [140, 60], [200, 50], [300, 50]);
  assertFeatures(strokes, { rolloverShare: 0.5, rolloverMeanMs: 30 });
});

Deno.test("keystrokeVector() tells short, long and endless pauses apart", () => {
  // Press-press 200, 600, 1500 and one beyond reach.
  const strokes = strokesOf([0, 80], [200, 80], [800, 80], [2300, 80], [9000, 80]);
  assertFeatures(strokes, {
    pauseShare: 2 / 3,
    longPauseShare: 1 / 3,
    burstStrokes: 5 / 3,
    pressPressMeanMs: 2300 / 3,
    strokeRate: 3000 / 2300,
  });
});

Deno.test("keystrokeVector() cuts a key that was rested on to one second", () => {
  assertFeatures(strokesOf([0, 4000], [500, 100]), { holdMeanMs: 550 });
});

Deno.test("keystrokeVector() leaves what a single stroke cannot say missing", () => {
  const found = features(strokesOf([0, 90]));
  assertEquals(found.holdMeanMs, 90);
  for (const [name, value] of Object.entries(found)) {
    const told = /^hold(Mean|P\d\d|Median)Ms$|^burstStrokes$|^erasureShare$/.test(name);
    assertEquals(Number.isNaN(value), !told, name);
  }
});

Deno.test("keystrokeVector() is the same at any time of day", () => {
  fc.assert(fc.property(anyStrokes, fc.nat(20_000_000_000_000), (strokes, ticks) => {
    const now = keystrokeVector(keyboardWindow(strokes));
    const then = keystrokeVector(keyboardWindow(laterStrokes(strokes, ticks)));
    assertEquals(then, now);
  }));
});

Deno.test("keystrokeVector() holds finite numbers or NaN, and shares within 0 and 1", () => {
  fc.assert(fc.property(anyStrokes, (strokes) => {
    for (const [name, value] of Object.entries(features(strokes))) {
      assert(Number.isFinite(value) || Number.isNaN(value), `${name} is ${value}`);
      if (name.endsWith("Share")) assert(!(value < 0 || value > 1), `${name} is ${value}`);
    }
  }));
});

Deno.test("keystrokeVector() scales its times with the hand's tempo", () => {
  const slow = (strokes: readonly Stroke[]) =>
    strokes.map((stroke) => ({
      ...stroke,
      timeMs: 2 * stroke.timeMs,
      holdMs: 2 * stroke.holdMs,
    }));
  const strokes = strokesOf([0, 80], [150, 100], [290, 90, "space"], [500, 70], [600, 110]);
  const [quick, twice] = [features(strokes), features(slow(strokes))];
  for (const { name, unit } of KEYSTROKE_FEATURES) {
    if (Number.isNaN(quick[name])) assertEquals(twice[name], NaN, name);
    else if (unit === "ms") assertAlmostEquals(twice[name]!, 2 * quick[name]!, 1e-9, name);
  }
  assertAlmostEquals(twice.strokeRate!, quick.strokeRate! / 2, 1e-9);
  assertAlmostEquals(twice.flightSkew!, quick.flightSkew!, 1e-9);
});

Deno.test("keystrokeVector() differs between two people more than within one", () => {
  const vectorOf = (seed: number, startMs: number, skip: number) => {
    const strokes = createTypist(seed).type(skip + 400, startMs).slice(skip);
    return keystrokeVector(keyboardWindow(strokes));
  };
  const [ada, adaLater, ben] = [vectorOf(1, 0, 0), vectorOf(1, 0, 400), vectorOf(2, 0, 0)];
  const place = KEYSTROKE_FEATURES.findIndex(({ name }) => name === "holdMedianMs");
  assertNotEquals(ada[place], ben[place]);
  const apart = (a: Float64Array, b: Float64Array) => Math.abs(a[place]! - b[place]!);
  assert(apart(ada, adaLater) < apart(ada, ben) / 2);
});
