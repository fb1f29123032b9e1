import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { automationEvidence } from "../../../core/models/automation.ts";
import { seededRandom } from "../../../core/random.ts";
import type { Stroke } from "../../../core/wire.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";

const windowOf = (strokes: Stroke[]) => {
  return { modality: "keyboard", startMs: 0, endMs: 0, strokes } as const;
};
const typed = (gapMs: (i: number) => number, holdMs: (i: number) => number) => {
  let timeMs = 0;
  return windowOf(Array.from({ length: 50 }, (_, i) => {
    return { kind: "stroke", timeMs: timeMs += gapMs(i), holdMs: holdMs(i), zone: "letter" };
  }));
};
const rules = (window: ReturnType<typeof windowOf>, quantumMs = 0.1) =>
  automationEvidence({ window, quantumMs }).map(({ rule }) => rule);
const random = seededRandom(3);
const humanGap = () => 90 + 120 * random();
const humanHold = () => 60 + 50 * random();

Deno.test("constantIntervals finds keys pressed like clockwork", () => {
  assertEquals(rules(typed(() => 100, humanHold)), ["constantIntervals"]);
  assertEquals(rules(typed((i) => 100 + i % 3, humanHold)), ["constantIntervals"]);
});

Deno.test("constantHolds finds keys let go like clockwork", () => {
  assertEquals(rules(typed(humanGap, () => 40)), ["constantHolds"]);
});

Deno.test("impossibleRate finds what no hand can", () => {
  assertEquals(
    rules(typed(() => 5 + 30 * random() ** 2, humanHold)).includes("impossibleRate"),
    true,
  );
});

Deno.test("untrustedEvents finds a page's script, not a stray event", () => {
  const trust = (trusted: number, untrusted: number) =>
    automationEvidence({ trust: { kind: "trust", timeMs: 0, trusted, untrusted }, quantumMs: 0 });
  assertEquals(trust(100, 2), []);
  assertEquals(trust(0, 20)[0]!.rule, "untrustedEvents");
  assertEquals(trust(10, 30)[0]!.words, "a script made 30 of the events, 75 % of them");
});

Deno.test("no rule on timing speaks where the clock is coarse", () => {
  fc.assert(fc.property(fc.integer({ min: 3, max: 100 }), (quantumMs) => {
    assertEquals(rules(typed(() => quantumMs, () => quantumMs), quantumMs), []);
  }));
});

Deno.test("no rule on timing speaks before the clock has been measured", () => {
  assertEquals(rules(typed(() => 100, () => 40)), ["constantIntervals", "constantHolds"]);
  assertEquals(rules(typed(() => 100, () => 40), 0), []);
  assertEquals(rules(typed(() => 100, () => 40), NaN), []);
});

Deno.test("no rule flags what generated typists type, by whatever clock", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const strokes = createTypist(seed).type(50, 0);
    assertEquals(rules(windowOf(strokes)), []);
    for (const stepMs of [1, 2, 100 / 6, 100]) {
      const down = (ms: number) => Math.floor(ms / stepMs) * stepMs;
      const coarse = strokes.map((stroke) => {
        const timeMs = down(stroke.timeMs);
        return { ...stroke, timeMs, holdMs: down(stroke.timeMs + stroke.holdMs) - timeMs };
      });
      assertEquals(rules(windowOf(coarse), stepMs), []);
    }
  }
});
