import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { keyboardFindings } from "../../../../core/models/automation.ts";
import { type Random, seededRandom } from "../../../../core/random.ts";
import type { Stroke } from "../../../../core/wire.ts";
import { createTypist } from "../../../../islands/try/generated_typist.ts";

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
  keyboardFindings(window, quantumMs).map(({ rule }) => rule);
const between = (random: Random, least: number, most: number) => least + (most - least) * random();
const random = seededRandom(3);
const humanGap = () => between(random, 60, 260);
const humanHold = () => between(random, 60, 110);
const seeds = fc.integer({ min: 1, max: 1e6 }).map(seededRandom);

Deno.test("constantIntervals finds keys pressed like clockwork", () => {
  assertEquals(rules(typed(() => 100, humanHold)), ["constantIntervals"]);
  assertEquals(rules(typed((i) => 100 + i % 3, humanHold)), ["constantIntervals"]);
  const [found] = keyboardFindings(typed(() => 100, humanHold), 0.1);
  assertEquals(found!.words, "keys are pressed every 100 ms to within 0.0 ms");
});

Deno.test("constantFlights finds keys that wait for the last one's release, however long it takes", () => {
  fc.assert(fc.property(seeds, (random) => {
    const holdsMs = Array.from({ length: 50 }, () => between(random, 40, 160));
    const window = typed((i) => (holdsMs[i - 1] ?? 0) + between(random, 1, 12), (i) => holdsMs[i]!);
    assert(rules(window).includes("constantFlights"));
  }));
});

Deno.test("constantHolds finds keys let go like clockwork", () => {
  assertEquals(rules(typed(humanGap, () => 40)), ["constantHolds"]);
  assertEquals(rules(typed(humanGap, () => between(random, 0, 3))), ["constantHolds"]);
});

Deno.test("quantisedIntervals finds waits that are multiples of one step", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 20, max: 60 }), (random, stepMs) => {
    const waits = () => stepMs * (2 + Math.floor(6 * random())) + between(random, -1, 1);
    assert(rules(typed(waits, humanHold)).includes("quantisedIntervals"));
  }));
});

Deno.test("quantisedIntervals leaves alone the steps of keyboards and of displays", () => {
  fc.assert(fc.property(seeds, fc.constantFrom(1, 8, 10, 1000 / 60), (random, stepMs) => {
    const waits = () => stepMs * Math.round(between(random, 60, 300) / stepMs);
    assertEquals(rules(typed(waits, humanHold)), []);
  }));
});

Deno.test("impossibleRate finds what no hand can", () => {
  assert(rules(typed(() => 5 + 60 * random() ** 2, humanHold)).includes("impossibleRate"));
});

Deno.test("no rule on strokes speaks where the clock is coarse or was not measured", () => {
  const coarse = fc.oneof(fc.integer({ min: 3, max: 100 }), fc.constantFrom(0, NaN));
  assertEquals(rules(typed(() => 100, () => 40), 2).length, 3);
  fc.assert(fc.property(coarse, (quantumMs) => {
    assertEquals(rules(typed(() => 100, () => 40), quantumMs), []);
  }));
});

Deno.test("no rule on strokes speaks of a few of them", () => {
  const window = typed(() => 100, () => 40);
  assertEquals(rules(windowOf(window.strokes.slice(0, 15))), []);
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
