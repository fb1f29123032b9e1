import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  decide,
  type Decision,
  DEFAULT_DECISION_POLICY as POLICY,
  INITIAL_DECISION,
  LEVELS,
  UNKNOWN_DECISION,
} from "../../core/decision.ts";

const risk = fc.double({ min: 0, max: 100, noNaN: true });
const confidence = fc.double({ min: 0, max: 1, noNaN: true });
const decision = fc.constantFrom<Decision>(
  INITIAL_DECISION,
  { level: "elevated", action: "allow" },
  { level: "high", action: "step_up" },
  { level: "critical", action: "step_up" },
  UNKNOWN_DECISION,
);
const rank = ({ level }: Decision) => LEVELS.indexOf(level as typeof LEVELS[number]);

Deno.test("decide() enters each level at its threshold and no sooner", () => {
  for (const name of ["elevated", "high", "critical"] as const) {
    const { enter } = POLICY.levels[name];
    const at = decide(INITIAL_DECISION, { risk: enter, confidence: 1 }, POLICY);
    const below = decide(INITIAL_DECISION, { risk: enter - 0.01, confidence: 1 }, POLICY);
    assertEquals(at.level, name);
    assert(rank(below) < rank(at));
  }
});

Deno.test("decide() leaves a level only when the risk is under its lower threshold", () => {
  for (const name of ["elevated", "high", "critical"] as const) {
    const held: Decision = { level: name, action: "allow" };
    const { leave } = POLICY.levels[name];
    assertEquals(decide(held, { risk: leave, confidence: 1 }, POLICY).level, name);
    assert(rank(decide(held, { risk: leave - 0.01, confidence: 1 }, POLICY)) < rank(held));
  }
});

Deno.test("decide() settles: the same risk twice gives the same decision", () => {
  fc.assert(fc.property(decision, risk, confidence, (previous, risk, confidence) => {
    const once = decide(previous, { risk, confidence }, POLICY);
    assertEquals(decide(once, { risk, confidence }, POLICY), once);
  }));
});

Deno.test("decide() does not flicker: within a level's band the level stands", () => {
  for (const name of ["elevated", "high", "critical"] as const) {
    const { enter, leave } = POLICY.levels[name];
    const inBand = fc.array(fc.double({ min: leave, max: enter - 1e-6, noNaN: true }));
    fc.assert(fc.property(inBand, (risks) => {
      let now = decide(INITIAL_DECISION, { risk: enter, confidence: 1 }, POLICY);
      for (const risk of risks) now = decide(now, { risk, confidence: 1 }, POLICY);
      assertEquals(now.level, name);
    }));
  }
});

Deno.test("decide() never answers a higher risk with a lower level", () => {
  fc.assert(fc.property(decision, risk, risk, confidence, (previous, a, b, confidence) => {
    const lower = decide(previous, { risk: Math.min(a, b), confidence }, POLICY);
    const higher = decide(previous, { risk: Math.max(a, b), confidence }, POLICY);
    assert(rank(higher) >= rank(lower));
  }));
});

Deno.test("decide() asks nothing of anybody at a low confidence", () => {
  const low = fc.double({ min: 0, max: POLICY.stepUpConfidence - 1e-9, noNaN: true });
  fc.assert(fc.property(decision, risk, low, (previous, risk, confidence) => {
    assertEquals(decide(previous, { risk, confidence }, POLICY).action, "allow");
  }));
});

Deno.test("decide() asks for a step-up exactly at high and critical once confident", () => {
  fc.assert(fc.property(decision, risk, (previous, risk) => {
    const { level, action } = decide(previous, { risk, confidence: 1 }, POLICY);
    assertEquals(action, level === "high" || level === "critical" ? "step_up" : "allow");
  }));
});

Deno.test("decide() blocks only where the policy says from which confidence", () => {
  const strict = { ...POLICY, blockConfidence: 0.9 };
  const critical = { risk: 99, confidence: 0.95 };
  assertEquals(decide(INITIAL_DECISION, critical, POLICY).action, "step_up");
  assertEquals(decide(INITIAL_DECISION, critical, strict).action, "block");
  assertEquals(
    decide(INITIAL_DECISION, { ...critical, confidence: 0.8 }, strict).action,
    "step_up",
  );
});

Deno.test("decide() fails closed on numbers that are none", () => {
  for (const value of [NaN, Infinity, -Infinity]) {
    const odd = [{ risk: value, confidence: 1 }, { risk: 1, confidence: value }];
    for (const risk of odd) assertEquals(decide(INITIAL_DECISION, risk, POLICY), UNKNOWN_DECISION);
  }
  assertEquals(UNKNOWN_DECISION, { level: "unknown", action: "step_up" });
});

Deno.test("decide() comes back from unknown by the risk alone", () => {
  assertEquals(decide(UNKNOWN_DECISION, { risk: 1, confidence: 1 }, POLICY), INITIAL_DECISION);
  const between = (POLICY.levels.high.enter + POLICY.levels.high.leave) / 2;
  assertEquals(
    decide(UNKNOWN_DECISION, { risk: between, confidence: 1 }, POLICY).level,
    "elevated",
  );
});
