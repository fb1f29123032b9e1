import { assertAlmostEquals, assertEquals } from "@std/assert";
import type { KeyboardWindow } from "../../../core/window.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { typeAsScript } from "../../../islands/try/generated_script.ts";
import { byClock, flagged } from "../../../models/evaluation/automation.ts";

const windowOf = (strokes: KeyboardWindow["strokes"]): KeyboardWindow => {
  return { modality: "keyboard", startMs: 0, endMs: 0, strokes };
};
const typed = windowOf(createTypist(1).type(50, 0));
const scripted = windowOf(typeAsScript(50, 0));

Deno.test("flagged() gives the share of windows, and of each rule", () => {
  const { share, rules } = flagged([typed, scripted, typed, typed], 1);
  assertEquals(share, 0.25);
  assertEquals(rules, { constantIntervals: 0.25, constantFlights: 0.25, constantHolds: 0.25 });
  assertEquals(flagged([typed, scripted], 100), { share: 0, rules: {} });
});

Deno.test("byClock() tells presses and releases on the clock's grid, and leaves it when there", () => {
  const coarse = byClock(typed, 100 / 6);
  coarse.strokes.forEach(({ timeMs, holdMs }, i) => {
    const was = typed.strokes[i]!;
    for (const [told, ms] of [[timeMs, was.timeMs], [timeMs + holdMs, was.timeMs + was.holdMs]]) {
      const steps = told! / (100 / 6);
      assertAlmostEquals(steps, Math.round(steps), 1e-6);
      assertEquals(told! <= ms! + 1e-3 && ms! - told! < 100 / 6 + 1e-3, true);
    }
  });
  assertEquals(byClock(coarse, 100 / 6), coarse);
});
