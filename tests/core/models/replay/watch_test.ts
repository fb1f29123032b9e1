import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ReplayWatch } from "../../../../core/models/replay/watch.ts";
import type { StreamEvent } from "../../../../core/wire.ts";
import { createHand } from "../../../../islands/try/generated_hand.ts";
import { createTypist } from "../../../../islands/try/generated_typist.ts";
import { byClock } from "../../../../models/evaluation/shape.ts";
import { find, jittered, memoriesOf, moved, throughWire } from "./copies.ts";

const START_MS = 1.7e12;
const TYPED = throughWire(createTypist(1).type(300, START_MS));
const MOVED = throughWire(createHand(3).move(60_000, START_MS));
const TEXT = "The quick brown fox jumps over the lazy dog and runs into the deep dark forest. ";

Deno.test("ReplayWatch refuses an exact copy, shifted and scaled by whatever amount, wherever it is cut", () => {
  const [typed, walked] = [memoriesOf(TYPED), memoriesOf(MOVED)];
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.double({ min: 0.8, max: 1.25, noNaN: true }),
      fc.integer({ min: 0, max: 150 }),
      (shiftMs, scale, cut) => {
        const at = (ms: number) => START_MS + shiftMs + scale * (ms - START_MS);
        assert(find(moved(TYPED, at).slice(cut, cut + 120), typed).some(({ exact }) => exact));
        // A stop is one by the clock: of a movement the pace alone may change.
        const paced = MOVED.slice(3 * cut);
        assert(find(moved(paced, (ms) => ms + shiftMs), walked).some(({ exact }) => exact));
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("ReplayWatch reports a copy with a jitter of 1 to 5 ms, typed or moved", () => {
  const [typed, walked] = [memoriesOf(TYPED), memoriesOf(MOVED)];
  for (const jitterMs of [1, 2, 3, 5]) {
    const [found] = find(jittered(TYPED.slice(40, 140), jitterMs), typed);
    assert(found, `typing, ${jitterMs} ms`);
    assert(find(jittered(MOVED.slice(400), jitterMs), walked).length, `movement, ${jitterMs} ms`);
  }
  const [found] = find(jittered(TYPED, 5), typed).filter(({ exact }) => !exact);
  assertEquals(found!.rule, "replayedTyping");
  assert(/typed as once before/.test(found!.words) && found!.nats > 20);
});

Deno.test("ReplayWatch lets a person type the same words again and again, by any clock", () => {
  for (let seed = 1; seed <= 6; seed++) {
    const typist = createTypist(seed);
    const again = Array.from({ length: 8 }, (_, i) => typist.type(TEXT, START_MS + i * 60_000));
    const events: readonly StreamEvent[] = throughWire(again.flat());
    for (const stepMs of [0.1, 1, 5, 100 / 6, 100]) {
      assertEquals(find(byClock(events, stepMs)), [], `typist ${seed}, ${stepMs} ms`);
    }
  }
});

Deno.test("ReplayWatch lets other people type the same words", () => {
  const memories = memoriesOf(throughWire(createTypist(1).type(TEXT.repeat(4), START_MS)));
  for (let seed = 2; seed <= 12; seed++) {
    assertEquals(find(throughWire(createTypist(seed).type(TEXT, START_MS)), memories), []);
  }
});

Deno.test("ReplayWatch knows a copy of the same stay", () => {
  assertEquals(find(TYPED), []);
  const later = moved(TYPED, (ms) => ms + 3_600_000);
  assert(find([...TYPED, ...later]).some(({ exact }) => exact));
});

Deno.test("ReplayWatch that is cut into many processes finds what one finds", () => {
  for (
    const [events, copy] of [[TYPED, jittered(TYPED, 3)], [MOVED, jittered(MOVED, 3)]] as const
  ) {
    const whole = find(copy, memoriesOf(events));
    assert(whole.length > 3);
    for (const cutEvery of [1, 7]) {
      assertEquals(find(copy, memoriesOf(events), cutEvery), whole);
    }
  }
});

Deno.test("ReplayWatch.forgive() starts the chain anew; what is not to be remembered is not known", () => {
  const memories = memoriesOf(TYPED);
  const watch = new ReplayWatch(memories);
  const copy = jittered(TYPED, 4);
  const until = copy.findIndex((event) => watch.push(event, false));
  watch.forgive();
  const after = copy.slice(until + 1).findIndex((event) => watch.push(event, false));
  assert(until > 0 && after > 5, `${until}, ${after}`);

  const forgetful = new ReplayWatch(memoriesOf([]));
  const findings = [...TYPED, ...TYPED].flatMap((event) => forgetful.push(event, false) ?? []);
  assertEquals(findings, []);
});
