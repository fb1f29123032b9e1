import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { errorRates } from "../../../models/evaluation/metrics.ts";

const scores = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });

Deno.test("errorRates() of scores worked out by hand", () => {
  assertEquals(errorRates([0, 1], [2, 3]), { eer: 0, auc: 1 });
  assertEquals(errorRates([2, 3], [0, 1]), { eer: 1, auc: 0 });
  assertEquals(errorRates([1, 1], [1, 1]), { eer: 0.5, auc: 0.5 });
  const { eer, auc } = errorRates([1, 2, 3, 10], [4, 5, 6, 2.5]);
  assertEquals([eer, auc], [0.25, 11 / 16]);
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
