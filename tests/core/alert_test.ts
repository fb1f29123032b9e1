import { assert, assertEquals } from "@std/assert";
import { createAlert, endsIncident, opensIncident, severity } from "../../core/alert.ts";
import { INITIAL_DECISION, UNKNOWN_DECISION } from "../../core/decision.ts";
import type { Reason, Risk } from "../../core/risk.ts";

const incident = { id: "01K", atMs: 5, from: "low", level: "high" } as const;

function riskOf(reasons: readonly Reason[]): Risk {
  const evidenceNats = reasons.reduce((sum, { nats }) => sum + nats, 0);
  return { risk: 60, confidence: 0.8, evidenceNats, reasons };
}

Deno.test("createAlert() keeps the strongest reasons towards someone else, and none for the subject", () => {
  const reasons = [9, -8, 7, 6, -5, 4, 3, 2, 1, 0].map((nats): Reason => {
    return { source: "keyboard", key: `part${nats}`, words: "words", nats };
  });
  const alert = createAlert({ subject: "ada", session: "s" }, incident, "step_up", riskOf(reasons));
  assertEquals(alert.reasons.map(({ nats }) => nats), [9, 7, 6, 4, 3, 2]);
  assertEquals(alert.level, "high");
  assertEquals(alert.from, "low");
  assertEquals(alert.atMs, 5);
  assertEquals(alert.risk, 60);
});

Deno.test("opensIncident() is true of what asks something of the subject", () => {
  assert(!opensIncident(INITIAL_DECISION));
  assert(!opensIncident({ level: "critical", action: "allow" }));
  assert(opensIncident({ level: "high", action: "step_up" }));
  assert(opensIncident({ level: "critical", action: "block" }));
  assert(opensIncident(UNKNOWN_DECISION));
});

Deno.test("endsIncident() is true of the level low alone", () => {
  assert(endsIncident(INITIAL_DECISION));
  for (const level of ["elevated", "high", "critical", "unknown"] as const) {
    assert(!endsIncident({ level, action: "allow" }));
  }
});

Deno.test("severity() counts unknown as high", () => {
  assertEquals(severity("unknown"), severity("high"));
  assert(severity("low") < severity("elevated") && severity("high") < severity("critical"));
});
