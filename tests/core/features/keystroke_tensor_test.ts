import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { keystrokeTensor, STROKE_CHANNELS } from "../../../core/features/keystroke_tensor.ts";
import type { Stroke } from "../../../core/wire.ts";
import { ZONES } from "../../../core/zones.ts";
import { anyStrokes, laterStrokes, strokesOf } from "./keyboard_windows.ts";

const WIDTH = STROKE_CHANNELS.length;
const INTERVALS = ["pressPress", "flight", "releaseRelease"];

/** The i-th stroke's channels by name. */
function channels(strokes: readonly Stroke[], i: number): Record<string, number> {
  const row = keystrokeTensor(strokes).slice(i * WIDTH, (i + 1) * WIDTH);
  return Object.fromEntries(STROKE_CHANNELS.map((name, c) => [name, row[c]!]));
}

function assertChannels(found: Record<string, number>, expected: Record<string, number>) {
  for (const [name, value] of Object.entries(expected)) {
    assertAlmostEquals(found[name]!, value, 1e-6, name);
  }
}

Deno.test("keystrokeTensor() writes a stroke's intervals on two scales and its zone", () => {
  // Hold 90, press-press 150, flight 50, release-release 140.
  const found = channels(strokesOf([0, 100], [150, 90, "space"]), 1);
  assertChannels(found, {
    holdLog: 2 * (Math.log(100) - 4.6),
    hold: -0.1,
    pressPressLog: Math.log(170) - 5.2,
    pressPress: -0.25,
    flightArsinh: Math.asinh(1.25) - 1,
    flight: 50 / 150 - 0.5,
    releaseReleaseArsinh: Math.asinh(140 / 60) - 1.5,
    releaseRelease: -0.3,
    first: 0,
    "zone.space": 1,
    "zone.letter": 0,
  });
});

Deno.test("keystrokeTensor() flags a stroke with nothing before it, its intervals zero", () => {
  const strokes = strokesOf([0, 100], [4000, 100]);
  for (const i of [0, 1]) {
    const found = channels(strokes, i);
    assertEquals(found.first, 1);
    for (const [name, value] of Object.entries(found)) {
      if (INTERVALS.some((interval) => name.startsWith(interval))) assertEquals(value, 0, name);
    }
  }
});

Deno.test("keystrokeTensor() clips what no hand does", () => {
  const rested = channels(strokesOf([0, 5000], [2900, 5000]), 1);
  assertChannels(rested, {
    holdLog: 2 * (Math.log(1010) - 4.6),
    hold: 9,
    pressPress: 2,
    flightArsinh: Math.asinh(-1000 / 40) - 1,
    flight: -200 / 150 - 0.5,
    releaseRelease: 2,
  });
});

Deno.test("keystrokeTensor() has one row a stroke, finite, of one zone each, none for no stroke", () => {
  fc.assert(fc.property(anyStrokes, (strokes) => {
    const tensor = keystrokeTensor(strokes);
    assertEquals(tensor.length, strokes.length * WIDTH);
    assert(tensor.every(Number.isFinite));
    strokes.forEach(({ zone }, i) => {
      const zones = tensor.slice((i + 1) * WIDTH - ZONES.length, (i + 1) * WIDTH);
      assertEquals([...zones], ZONES.map((name) => name === zone ? 1 : 0));
    });
  }));
});

Deno.test("keystrokeTensor() is the same at any time of day", () => {
  fc.assert(fc.property(anyStrokes, fc.nat(20_000_000_000_000), (strokes, ticks) => {
    assertEquals(keystrokeTensor(laterStrokes(strokes, ticks)), keystrokeTensor(strokes));
  }));
});
