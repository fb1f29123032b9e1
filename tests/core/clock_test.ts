import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { clockConfidence, clockWeight } from "../../core/clock.ts";

const quantumMs = fc.double({ min: 0, max: 200, noNaN: true });
const nats = fc.double({ min: -20, max: 20, noNaN: true });

Deno.test("clockWeight() and clockConfidence() take nothing away by a fine clock", () => {
  for (const fine of [0, 0.1, 1, 2]) {
    for (const nats of [-5, 0, 5]) assertEquals(clockWeight(fine, nats), 1);
    assertEquals(clockConfidence(fine), 1);
  }
});

Deno.test("clockWeight() doubts what is against the subject alone, and strong evidence least", () => {
  assertEquals(clockWeight(16, -3), 1);
  assert(clockWeight(16, 0.5) < 0.5 && clockWeight(16, 8) > 0.85);
});

Deno.test("clockWeight() hears next to nothing by a clock that tells nobody apart", () => {
  for (const nats of [-9, 9]) assert(clockWeight(100, nats) < 0.002);
  assert(clockConfidence(100) < 0.002);
});

Deno.test("clockWeight() and clockConfidence() are shares, and fall as the step grows", () => {
  fc.assert(fc.property(quantumMs, quantumMs, nats, (one, other, nats) => {
    const [fine, coarse] = [Math.min(one, other), Math.max(one, other)];
    for (const share of [(ms: number) => clockWeight(ms, nats), clockConfidence]) {
      assert(share(coarse) >= 0 && share(fine) <= 1 && share(coarse) <= share(fine));
    }
  }));
});

Deno.test("clockWeight() keeps evidence in its order", () => {
  fc.assert(fc.property(quantumMs, nats, nats, (step, one, other) => {
    const heard = (nats: number) => nats * clockWeight(step, nats);
    const [low, high] = [Math.min(one, other), Math.max(one, other)];
    assert(heard(low) <= heard(high));
  }));
});
