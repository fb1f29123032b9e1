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

Deno.test("clockWeight() hears all that is for the subject, and against them what is clear alone", () => {
  for (const step of [5, 16]) {
    for (const nats of [-3, -0.1]) assertEquals(clockWeight(step, nats), 1);
    for (const nats of [0.1, 0.5]) assert(clockWeight(step, nats) < 0.01, `${nats} at ${step} ms`);
    for (const nats of [2, 8]) assert(clockWeight(step, nats) > 0.99, `${nats} at ${step} ms`);
  }
  // The finer the clock, the less it takes to be heard.
  assert(clockWeight(5, 1.2) > 0.99 && clockWeight(16, 1.2) < 0.5);
});

Deno.test("clockWeight() hears nothing against a subject whom confidence lets nobody ask", () => {
  for (const step of [25, 100 / 3, 50, 100]) {
    for (const nats of [0.5, 2, 20]) assert(nats * clockWeight(step, nats) < 1e-6);
  }
  assert(clockWeight(25, -2) > 0.3);
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
