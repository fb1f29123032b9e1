import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { decodeFrame, encodeFrame, type PointerSample } from "../../../core/wire.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

Deno.test("createHand() gives the same movement for the same seed and another for another", () => {
  fc.assert(fc.property(seeds, (seed) => {
    assertEquals(createHand(seed).move(3000, 0), createHand(seed).move(3000, 0));
    assertNotEquals(createHand(seed).move(3000, 0), createHand(seed + 1).move(3000, 0));
  }));
});

Deno.test("createHand() moves in time order, inside its time, by whole pixels", () => {
  fc.assert(fc.property(seeds, (seed) => {
    const events = createHand(seed).move(5000, 2000);
    events.forEach((event, i) => {
      assert(event.timeMs >= 2000 && event.timeMs < 7000);
      if (i > 0) assert(event.timeMs >= events[i - 1]!.timeMs);
      if (event.kind === "button") assert(event.dwellMs >= 20);
      else assert(Number.isInteger(event.dx) && Number.isInteger(event.dy));
    });
  }));
});

Deno.test("createHand() stays on its surface and is sampled at no more than 125 Hz", () => {
  const samples = createHand(5).move(60_000, 0)
    .filter((event): event is PointerSample => event.kind === "pointer");
  let [x, y] = [550, 320];
  samples.forEach((sample, i) => {
    x += sample.dx;
    y += sample.dy;
    assert(x > -200 && x < 1300 && y > -120 && y < 760, `at ${x}, ${y}`);
    if (i > 0) assert(sample.timeMs - samples[i - 1]!.timeMs >= 7.9);
  });
  assert(samples.length > 60 * 20, "it hardly moves");
});

Deno.test("createHand() clicks and pauses between movements", () => {
  const events = createHand(9).move(60_000, 0);
  const gaps = events.slice(1).map((event, i) => event.timeMs - events[i]!.timeMs);
  assert(events.filter(({ kind }) => kind === "button").length > 5);
  assert(gaps.filter((gapMs) => gapMs > 200).length > 20);
});

Deno.test("createHand() events cross the wire unchanged", () => {
  const events = createHand(8).move(4000, 1_700_000_000_000);
  assertEquals(decodeFrame(encodeFrame({ stream: 1, sequence: 1, events })).events, events);
});
