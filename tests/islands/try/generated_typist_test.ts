import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { mean } from "../../../core/features/vector.ts";
import { decodeFrame, encodeFrame, type Stroke } from "../../../core/wire.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

Deno.test("createTypist() gives the same strokes for the same seed and others for another", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const strokes = createTypist(seed).type(60, 1000);
    assertEquals(strokes, createTypist(seed).type(60, 1000));
    assertNotEquals(strokes, createTypist(seed + 1).type(60, 1000));
  }));
});

Deno.test("createTypist() types in press order from startMs with holds a finger can make", () => {
  fc.assert(fc.property(seeds, fc.integer({ min: 1, max: 300 }), (seed, count) => {
    const strokes = createTypist(seed).type(count, 5000);
    assertEquals(strokes.length, count);
    assertEquals(strokes[0]!.timeMs, 5000);
    strokes.forEach((stroke, i) => {
      assert(stroke.holdMs > 20 && stroke.holdMs < 1500, `held ${stroke.holdMs} ms`);
      if (i > 0) assert(stroke.timeMs - strokes[i - 1]!.timeMs > 15, "two presses at once");
    });
  }));
});

Deno.test("createTypist() never has one key down twice", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const strokes = createTypist(seed).type("llllllllllllllllllllllllllllll", 0)
      .filter((_, i, all) => all[i]!.zone === "letter" && all[i + 1]?.zone !== "erase");
    for (let i = 1; i < strokes.length; i++) {
      assert(strokes[i]!.timeMs >= strokes[i - 1]!.timeMs + strokes[i - 1]!.holdMs);
    }
  }));
});

Deno.test("createTypist() rolls over, pauses and corrects itself like people do", () => {
  const strokes = Array.from({ length: 40 }, (_, seed) => createTypist(seed).type(300, 0));
  const share = (is: (stroke: Stroke, next: Stroke) => boolean) =>
    mean(strokes.map((of) => mean(of.slice(1).map((next, i) => is(of[i]!, next) ? 1 : 0))));
  const rollover = share((stroke, next) => stroke.timeMs + stroke.holdMs > next.timeMs);
  const pauses = share((stroke, next) => next.timeMs - stroke.timeMs > 400);
  const erased = share((_, next) => next.zone === "erase");
  assert(rollover > 0.1 && rollover < 0.6, `rollover ${rollover}`);
  assert(pauses > 0.005 && pauses < 0.12, `pauses ${pauses}`);
  assert(erased > 0.005 && erased < 0.06, `erased ${erased}`);
});

Deno.test("createTypist() holds shift through the press of a capital", () => {
  const strokes = createTypist(3).type("Hello There", 0);
  const shifts = strokes.filter(({ zone }) => zone === "modifier");
  assertEquals(shifts.length, 2);
  for (const shift of shifts) {
    const letter = strokes[strokes.indexOf(shift) + 1]!;
    assertEquals(letter.zone, "letter");
    assert(shift.timeMs + shift.holdMs > letter.timeMs);
  }
});

Deno.test("createTypist() keeps a person nearer to themselves than to others", () => {
  const summary = (strokes: Stroke[]) => {
    const gaps = strokes.slice(1).map((next, i) => next.timeMs - strokes[i]!.timeMs);
    const held = strokes.map(({ holdMs }) => Math.log(holdMs));
    return [
      4 * mean(held),
      3 * mean(gaps.map((gapMs) => Math.log(Math.min(gapMs, 400)))),
      4 * mean(held.filter((_, i) => strokes[i]!.zone === "space")),
    ];
  };
  const distance = (a: number[], b: number[]) => Math.hypot(...a.map((value, i) => value - b[i]!));
  const people = Array.from({ length: 24 }, (_, seed) => {
    const typist = createTypist(1000 + seed);
    return { first: summary(typist.type(250, 0)), later: summary(typist.type(250, 1e6)) };
  });
  const found = people.filter(({ later }) => {
    const byDistance = people.toSorted((a, b) =>
      distance(a.first, later) - distance(b.first, later)
    );
    return byDistance.slice(0, 3).some((person) => person.later === later);
  });
  assert(found.length >= 20, `${found.length} of ${people.length} found among the nearest three`);
});

Deno.test("createTypist() strokes cross the wire unchanged", () => {
  const events = createTypist(8).type(120, 1_700_000_000_000);
  assertEquals(decodeFrame(encodeFrame({ stream: 1, sequence: 1, events })).events, events);
});
