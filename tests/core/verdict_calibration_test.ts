import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { calibrateVerdicts, ENOUGH, type Judged } from "../../core/verdict_calibration.ts";

const of = (verdict: Judged["verdict"], risk: number, count: number): Judged[] =>
  Array.from({ length: count }, () => ({ risk, verdict }));

const judgedOnes = fc.array(fc.record({
  risk: fc.double({ min: 0, max: 100, noNaN: true }),
  verdict: fc.constantFrom("impostor" as const, "genuine" as const),
}));

Deno.test("calibrateVerdicts() counts every verdict once, in the bin of its risk", () => {
  fc.assert(fc.property(judgedOnes, (judged) => {
    const { bins, impostors, genuine, cllr } = calibrateVerdicts(judged);
    assertEquals(bins.reduce((sum, bin) => sum + bin.judged, 0), judged.length);
    assertEquals(bins.reduce((sum, bin) => sum + bin.impostors, 0), impostors);
    assertEquals(impostors + genuine, judged.length);
    for (const { from, to, expected, observed, interval, judged } of bins) {
      assertEquals(expected === undefined, judged === 0);
      if (expected === undefined) continue;
      assert(expected >= from / 100 && expected <= to / 100 + 1e-9);
      assert(interval![0] <= observed! + 1e-9 && observed! <= interval![1] + 1e-9);
    }
    assertEquals(cllr === undefined, Math.min(impostors, genuine) < ENOUGH);
  }));
});

Deno.test("calibrateVerdicts() costs nothing where risks are right, a bit where they say nothing, more where they are wrong", () => {
  const right = [...of("impostor", 99.9, ENOUGH), ...of("genuine", 0.1, ENOUGH)];
  assert(calibrateVerdicts(right).cllr! < 0.01);
  const nothing = [...of("impostor", 50, ENOUGH), ...of("genuine", 50, ENOUGH)];
  assertAlmostEquals(calibrateVerdicts(nothing).cllr!, 1, 1e-9);
  const wrong = [...of("impostor", 5, ENOUGH), ...of("genuine", 95, ENOUGH)];
  assert(calibrateVerdicts(wrong).cllr! > 3);
});

Deno.test("calibrateVerdicts() gives the interval of Wilson", () => {
  const judged = [...of("impostor", 75, 8), ...of("genuine", 75, 2)];
  const bin = calibrateVerdicts(judged).bins.find(({ from }) => from === 70)!;
  assertAlmostEquals(bin.interval![0], 0.4902, 1e-3);
  assertAlmostEquals(bin.interval![1], 0.9433, 1e-3);
});
