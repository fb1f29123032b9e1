import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { KEYSTROKE_FEATURES, keystrokeVector } from "../../core/features/keystroke.ts";
import { axisOf, densityOf, LEAST_WINDOWS, portraitOf } from "../../core/portrait.ts";
import { createProfile, learnWindow, type Profile } from "../../core/profile.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { windowsOf } from "./small_models.ts";

function profileOf(vectors: readonly Float64Array[]): Profile {
  return vectors.reduce(
    (profile, vector, i) =>
      learnWindow(profile, { endMs: i, vector, embedding: new Float32Array(2) }),
    createProfile("keyboard", "test", 1),
  );
}

const typed = (seed: number) => windowsOf(createTypist(seed).type(400, 0)).map(keystrokeVector);

Deno.test("portraitOf() spreads each feature over the windows that hold it, and no other", () => {
  const portrait = portraitOf(profileOf(typed(1)), KEYSTROKE_FEATURES);
  const letters = portrait.get("holdMeanMs.letter")!;
  assert(letters.low < letters.middle && letters.middle < letters.high);
  assert(letters.values[0]! <= letters.low && letters.high <= letters.values.at(-1)!);
  for (const { values } of portrait.values()) {
    assert(values.length >= LEAST_WINDOWS && values.every(Number.isFinite));
    assertEquals(values.toSorted((a, b) => a - b), values);
  }
  const digits = KEYSTROKE_FEATURES.findIndex(({ name }) => name === "holdMeanMs.digit");
  const few = typed(1).map((vector, i) =>
    vector.map((value, place) => place === digits ? (i < LEAST_WINDOWS - 1 ? 90 : NaN) : value)
  );
  assert(!portraitOf(profileOf(few), KEYSTROKE_FEATURES).has("holdMeanMs.digit"));
});

Deno.test("portraitOf() tells two typists apart where their hands differ", () => {
  const hold = (seed: number) =>
    portraitOf(profileOf(typed(seed)), KEYSTROKE_FEATURES).get("holdMeanMs.letter")!.middle;
  const differences = [2, 3, 4, 5].map((seed) => Math.abs(hold(1) - hold(seed)));
  assert(Math.max(...differences) > 10, `${differences}`);
});

Deno.test("densityOf() is highest where the values lie, and nowhere sharper than was measured", () => {
  const axis = { from: 0, to: 200, places: 201 };
  const heights = densityOf([100, 100, 100, 100, 100], axis, 4);
  assertEquals(heights.indexOf(1), 100);
  // A Gaussian of that bandwidth: one bandwidth off it is exp(-1/2).
  assertAlmostEquals(heights[104]!, Math.exp(-0.5), 1e-9);
});

Deno.test("densityOf() and axisOf() draw whatever was kept", () => {
  const value = fc.double({ min: -500, max: 5000, noNaN: true });
  fc.assert(fc.property(fc.array(value, { minLength: 8, maxLength: 96 }), (values) => {
    const sorted = values.toSorted((a, b) => a - b);
    const [low, middle, high] = [sorted[1]!, sorted[2]!, sorted[3]!];
    const axis = axisOf(
      [{ feature: KEYSTROKE_FEATURES[0]!, values: sorted, low, middle, high }],
      10,
      40,
    );
    assert(axis.from <= sorted[0]! && sorted.at(-1)! <= axis.to && axis.from < axis.to);
    assert(sorted[0]! < 0 || axis.from >= 0);
    const heights = densityOf(sorted, axis, 2);
    assertEquals(heights.length, 40);
    assert(heights.every((height) => height >= 0 && height <= 1));
  }));
});
