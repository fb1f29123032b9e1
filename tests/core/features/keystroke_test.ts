import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  KEYSTROKE_FEATURES,
  keystrokeVector,
  STROKE_PAUSE_MS,
  timeStrokes,
} from "../../../core/features/keystroke.ts";
import { keystrokeTensor, STROKE_CHANNELS } from "../../../core/features/keystroke_tensor.ts";
import type { Stroke } from "../../../core/wire.ts";
import { type Zone, ZONES } from "../../../core/zones.ts";

const stroke = (timeMs: number, holdMs: number, zone: Zone = "letter"): Stroke => {
  return { kind: "stroke", timeMs, holdMs, zone };
};
const vectorOf = (strokes: Stroke[]) =>
  keystrokeVector({ modality: "keyboard", startMs: 0, endMs: 0, strokes });
const feature = (strokes: Stroke[], name: string) => {
  const place = KEYSTROKE_FEATURES.findIndex((definition) => definition.name === name);
  assert(place >= 0, `there is a feature ${name}`);
  return vectorOf(strokes)[place]!;
};

/** Presses at 0, 100, 180, 380; the second is pressed before the first is let go. */
const FOUR = [stroke(0, 120), stroke(100, 60), stroke(180, 90, "space"), stroke(380, 70)];

const typing = fc.array(
  fc.record({
    gap: fc.integer({ min: 1, max: 5000 }),
    holdMs: fc.integer({ min: 1, max: 400 }),
    zone: fc.constantFrom(...ZONES),
  }),
  { minLength: 2, maxLength: 60 },
).map((keys) => {
  let timeMs = 0;
  return keys.map(({ gap, holdMs, zone }) => stroke(timeMs += gap, holdMs, zone));
});

Deno.test("KEYSTROKE_FEATURES are documented and named once each", () => {
  assertEquals(new Set(KEYSTROKE_FEATURES.map(({ name }) => name)).size, KEYSTROKE_FEATURES.length);
  for (const { name, words, formula, source } of KEYSTROKE_FEATURES) {
    assert(words && formula && source, name);
  }
});

Deno.test("timeStrokes() gives the intervals of known strokes", () => {
  const [first, second, third] = timeStrokes(FOUR);
  assertEquals([first!.pressPressMs, first!.flightMs, first!.previousZone], [NaN, NaN, undefined]);
  assertEquals([second!.pressPressMs, second!.flightMs, second!.releaseReleaseMs], [100, -20, 40]);
  assertEquals([third!.pressPressMs, third!.flightMs, third!.releaseReleaseMs], [80, 20, 110]);
});

Deno.test("timeStrokes() reads no interval across a long pause", () => {
  const [, second] = timeStrokes([stroke(0, 100), stroke(STROKE_PAUSE_MS + 1, 100)]);
  assertEquals([second!.flightMs, second!.previousZone], [NaN, undefined]);
});

Deno.test("keystrokeVector() of known strokes has the values computed by hand", () => {
  assertEquals(feature(FOUR, "holdMeanMs"), 85);
  assertEquals(feature(FOUR, "flightMedianMs"), 20);
  assertAlmostEquals(feature(FOUR, "pressPressMeanMs"), 380 / 3, 1e-9);
  assertAlmostEquals(feature(FOUR, "holdMeanMs.letter"), 250 / 3, 1e-9);
  assertAlmostEquals(feature(FOUR, "rolloverShare"), 1 / 3, 1e-9);
  assertAlmostEquals(feature(FOUR, "strokeRate"), 3000 / 380, 1e-9);
  assertEquals(feature(FOUR, "pauseShare"), 0);
  assertEquals(feature(FOUR, "erasureShare"), 0);
  assertEquals(feature(FOUR, "burstStrokes"), 4);
});

Deno.test("keystrokeVector() leaves out what the window did not show", () => {
  for (
    const name of [
      "holdMeanMs.digit",
      "holdMeanMs.space",
      "flightMeanMs.letter.erase",
      "rolloverMeanMs",
    ]
  ) {
    assertEquals(feature(FOUR, name), NaN, name);
  }
});

Deno.test("keystrokeVector() does not depend on the time of day", () => {
  fc.assert(fc.property(typing, fc.integer({ min: 0, max: 1e9 }), (strokes, laterMs) => {
    const later = strokes.map((one) => ({ ...one, timeMs: one.timeMs + laterMs }));
    assertEquals(vectorOf(later), vectorOf(strokes));
  }));
});

Deno.test("keystrokeVector() and keystrokeTensor() hold no infinity, whatever was typed", () => {
  fc.assert(fc.property(typing, (strokes) => {
    assert(vectorOf(strokes).every((value) => Number.isNaN(value) || Number.isFinite(value)));
    assert(
      keystrokeTensor(strokes).every((value) => Number.isFinite(value) && Math.abs(value) < 10),
    );
  }));
});

Deno.test("keystrokeTensor() flags the first stroke and marks one zone a row", () => {
  const tensor = keystrokeTensor(FOUR);
  const width = STROKE_CHANNELS.length;
  const channel = (row: number, name: string) =>
    tensor[row * width + STROKE_CHANNELS.indexOf(name)]!;
  assertEquals([0, 1, 2, 3].map((row) => channel(row, "first")), [1, 0, 0, 0]);
  assertEquals([0, 1, 2, 3].map((row) => channel(row, "zone.space")), [0, 0, 1, 0]);
  assertEquals(channel(0, "pressPress"), 0);
  assertAlmostEquals(channel(0, "hold"), 0.2, 1e-6);
  assertAlmostEquals(channel(1, "flightArsinh"), Math.asinh(-0.5) - 1, 1e-6);
  for (let row = 0; row < 4; row++) {
    const zones = ZONES.map((zone) => channel(row, `zone.${zone}`));
    assertEquals(zones.reduce((sum, value) => sum + value, 0), 1);
  }
});
