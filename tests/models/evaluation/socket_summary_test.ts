import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { areaUnderCurve, summariseTrials } from "../../../models/evaluation/socket_summary.ts";
import type { ProbeResult } from "../../../models/evaluation/socket_trial.ts";

Deno.test("areaUnderCurve() is 1 when told apart, 0 the wrong way round, and counts ties as half", () => {
  assertEquals(areaUnderCurve([1, 2], [3, 4]), 1);
  assertEquals(areaUnderCurve([3, 4], [1, 2]), 0);
  assertEquals(areaUnderCurve([1, 1], [1, 1]), 0.5);
  assertEquals(areaUnderCurve([1, 3], [2]), 0.5);
});

function probe(facts: Partial<ProbeResult>): ProbeResult {
  return {
    subject: "ada",
    playing: "ada",
    isStranger: false,
    wasReady: true,
    finalRisk: 1,
    confidence: 0.7,
    scored: 20,
    learned: 2,
    isAlerted: false,
    alertedAtStroke: undefined,
    alertedAtMs: undefined,
    assessments: 5,
    unexplained: 0,
    ...facts,
  };
}

const alerted = (finalRisk: number, alertedAtStroke: number) =>
  probe({
    isStranger: true,
    learned: 0,
    isAlerted: true,
    alertedAtMs: 9000,
    alertedAtStroke,
    finalRisk,
  });

Deno.test("summariseTrials() counts alerts, strokes to them and what strangers taught", () => {
  const { figures, holds, text } = summariseTrials(
    [
      probe({}),
      probe({}),
      alerted(98, 40),
      alerted(90, 60),
      probe({ isStranger: true, finalRisk: 3 }),
    ],
    0.95,
  );
  assertEquals(figures.people, 2);
  assertEquals(figures.genuineAlerted, 0);
  assertEquals(figures.strangersAlerted, 2 / 3);
  assertEquals(figures.medianStrokesToAlert, 50);
  assertEquals(figures.windowsLearnedOfStrangers, 2);
  assert(holds);
  assertStringIncludes(text, "1.0000 (at least 0.95)");
});

Deno.test("summariseTrials() does not hold below the bar, nor with one assessment unexplained", () => {
  const low = [probe({ finalRisk: 99 }), alerted(98, 40)];
  assert(!summariseTrials(low, 0.95).holds);
  assert(summariseTrials(low, undefined).holds);
  assert(!summariseTrials([probe({ unexplained: 1 }), alerted(98, 40)], 0.95).holds);
});
