import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { shapeOf } from "../../../models/evaluation/shape.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";

const typed = createTypist(1).type(80, 1000);
const moved = createHand(1).move(20_000, 1000);

Deno.test("shapeOf() leaves a session whole when nothing is asked", () => {
  assertEquals(shapeOf({})(typed), typed);
});

Deno.test("shapeOf() keeps the first strokes", () => {
  assertEquals(shapeOf({ strokes: 50 })(typed), typed.slice(0, 50));
  assertEquals(shapeOf({ strokes: 500 })(typed), typed);
});

Deno.test("shapeOf() keeps the first seconds: of typing by the clock, of a pointer in movement", () => {
  const early = shapeOf({ seconds: 3 })(typed);
  assert(early.length > 0 && early.length < typed.length);
  assert(early.every(({ timeMs }) => timeMs <= typed[0]!.timeMs + 3000));
  assert(typed[early.length]!.timeMs > typed[0]!.timeMs + 3000);

  const paused = [
    ...moved,
    ...createHand(1).move(20_000, 90_000),
  ];
  const samples = shapeOf({ seconds: 15 })(paused).filter(({ kind }) => kind === "pointer");
  let activeMs = 0;
  samples.forEach(({ timeMs }, i) => {
    const gapMs = timeMs - (samples[i - 1]?.timeMs ?? timeMs);
    if (gapMs <= 500) activeMs += gapMs;
  });
  assert(activeMs > 14_000 && activeMs <= 15_000, `${activeMs} ms`);
});

Deno.test("shapeOf() tells presses, releases and movement on the clock's grid", () => {
  for (const quantumMs of [1, 5, 100 / 6, 100]) {
    const onGrid = (ms: number) =>
      assertAlmostEquals(ms / quantumMs, Math.round(ms / quantumMs), 1e-6);
    for (const event of shapeOf({ quantumMs })([...typed, ...moved])) {
      onGrid(event.timeMs);
      if (event.kind === "stroke") onGrid(event.timeMs + event.holdMs);
      if (event.kind === "button") onGrid(event.timeMs + event.dwellMs);
    }
    const [clock, ...once] = shapeOf({ quantumMs })(typed);
    assertEquals(clock, { kind: "clock", timeMs: once[0]!.timeMs, quantumMs });
    assertEquals(shapeOf({ quantumMs })(once).slice(1), once);
  }
});

Deno.test("shapeOf() thins the pointer without losing its way", () => {
  const slower = shapeOf({ decimateHz: 30 })(moved);
  const [all, few] = [moved, slower].map((events) => events.filter((e) => e.kind === "pointer"));
  assert(few!.length < all!.length / 2);
  few!.slice(1).forEach(({ timeMs }, i) => assert(timeMs - few![i]!.timeMs >= 1000 / 30 - 1e-9));
});
