import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { calibration, errorRates } from "../../../models/evaluation/metrics.ts";

const scores = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });

Deno.test("errorRates() of scores worked out by hand", () => {
  assertEquals(errorRates([0, 1], [2, 3]), { eer: 0, auc: 1, fnmrAtFmr1pct: 0 });
  assertEquals(errorRates([2, 3], [0, 1]), { eer: 1, auc: 0, fnmrAtFmr1pct: 1 });
  assertEquals(errorRates([1, 1], [1, 1]), { eer: 0.5, auc: 0.5, fnmrAtFmr1pct: 1 });
  const { eer, auc } = errorRates([1, 2, 3, 10], [4, 5, 6, 2.5]);
  assertEquals([eer, auc], [0.25, 11 / 16]);
});

Deno.test("errorRates() refuses at the threshold that lets one stranger in a hundred pass", () => {
  const strangers = Array.from({ length: 200 }, (_, i) => i);
  // Two strangers, 0 and 1, may pass; at 2 the third would.
  assertEquals(errorRates([-1, 0.5, 1.5, 2.5], strangers).fnmrAtFmr1pct, 0.25);
  assertEquals(errorRates([-1, 2, 2, 2], strangers).fnmrAtFmr1pct, 0.75);
});

Deno.test("calibration() of ratios worked out by hand", () => {
  const nothing = calibration([0, 0], [0]);
  assertAlmostEquals(nothing.cllr, 1, 1e-12);
  assertAlmostEquals(nothing.calibrationError, 0, 1e-12);
  // Sure of three in four, and right in three of four: calibrated, and worth what entropy says.
  const log3 = Math.log(3);
  const right = calibration([-log3, -log3, -log3, log3], [log3, log3, log3, -log3]);
  assertAlmostEquals(right.cllr, 0.8112781244591328, 1e-12);
  assertAlmostEquals(right.calibrationError, 0, 1e-12);
  // Quite sure and wrong every other time.
  const bold = calibration([-20, 20], [-20, 20]);
  assertAlmostEquals(bold.calibrationError, 0.5, 1e-6);
  assert(bold.cllr > 10);
});

Deno.test("calibration() stays a number however sure the ratios are", () => {
  const { cllr, calibrationError } = calibration([-1e4], [1e4]);
  assertEquals([cllr, calibrationError], [0, 0]);
});

Deno.test("errorRates() counts pairs for the AUC, ties half", () => {
  fc.assert(fc.property(scores, scores, (genuine, stranger) => {
    let won = 0;
    for (const own of genuine) {
      for (const other of stranger) won += other > own ? 1 : other === own ? 0.5 : 0;
    }
    const { auc } = errorRates(genuine, stranger);
    assertAlmostEquals(auc, won / (genuine.length * stranger.length), 1e-12);
  }));
});

Deno.test("errorRates() mirrors when the direction is turned around", () => {
  fc.assert(fc.property(scores, scores, (genuine, stranger) => {
    const turned = (values: number[]) => values.map((value) => -value);
    const there = errorRates(genuine, stranger);
    const back = errorRates(turned(genuine), turned(stranger));
    assertAlmostEquals(there.auc + back.auc, 1, 1e-12);
    assertAlmostEquals(there.eer + back.eer, 1, 1e-9);
  }));
});
