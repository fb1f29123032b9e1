import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Alert } from "../../core/alert.ts";
import { Belief, type BeliefState, HISTORY_KEPT } from "../../core/belief.ts";
import { INITIAL_DECISION, UNKNOWN_DECISION } from "../../core/decision.ts";
import { DEFAULT_RISK_POLICY } from "../../core/risk.ts";
import type { WindowEvidence } from "../../core/evidence.ts";

function createBelief(state?: BeliefState): Belief {
  let alerts = 0;
  const createAlertId = () => `alert${++alerts}`;
  return new Belief({ subject: "ada", session: "s", createAlertId }, state);
}

function evidence(nats: number, endMs: number): WindowEvidence {
  const parts = [{ key: "sequence", words: "typing rhythm", nats }];
  return { source: "keyboard", endMs, nats, detectors: {}, parts };
}

/** One window a second, at full readiness; every alert that was taken, one look a window. */
function play(belief: Belief, nats: readonly number[], startMs = 1000): Alert[] {
  return nats.flatMap((value, i) => {
    const atMs = startMs + 1000 * i;
    belief.add(evidence(value, atMs), 1, atMs);
    return belief.takeAlert() ?? [];
  });
}

/** Adds the one window that brings the risk to `risk`. */
function steer(belief: Belief, risk: number, atMs: number): void {
  const { prior, sources: { keyboard: { retention, gain } } } = DEFAULT_RISK_POLICY;
  const logit = (share: number) => Math.log(share / (1 - share));
  const wanted = logit(risk / 100) - logit(prior);
  const kept = retention * belief.read(atMs).evidenceNats;
  belief.add(evidence((wanted - kept) / gain, atMs), 1, atMs);
}

const stranger = (windows: number) => Array.from({ length: windows }, () => 6);
const genuine = (windows: number) => Array.from({ length: windows }, () => -6);

Deno.test("Belief.add() raises one alert an incident, made worse under its one id", () => {
  const belief = createBelief();
  const alerts = play(belief, stranger(20));
  assert(alerts.length >= 1);
  assertEquals(new Set(alerts.map(({ id }) => id)), new Set(["alert1"]));
  assertEquals(new Set(alerts.map(({ from }) => from)), new Set([alerts[0]!.from]));
  assertEquals(new Set(alerts.map(({ atMs }) => atMs)), new Set([alerts[0]!.atMs]));
  assertEquals(alerts.at(-1)!.level, "critical");
  assertEquals(belief.decision, { level: "critical", action: "step_up" });
});

Deno.test("Belief.add() never makes an alert milder", () => {
  const belief = createBelief();
  const before = play(belief, stranger(20));
  // Down to elevated, up to high again, within the same incident.
  steer(belief, 15, 30_000);
  assertEquals(belief.decision.level, "elevated");
  steer(belief, 60, 31_000);
  assertEquals(belief.decision, { level: "high", action: "step_up" });
  assertEquals(before.at(-1)!.level, "critical");
  assertEquals(belief.takeAlert(), undefined);
});

Deno.test("Belief.add() closes the incident at low, and a later one has an alert of its own", () => {
  const belief = createBelief();
  const first = play(belief, stranger(20));
  assertEquals(play(belief, genuine(30), 100_000), []);
  assertEquals(belief.decision, INITIAL_DECISION);
  assertEquals(belief.state.incident, undefined);
  const second = play(belief, stranger(20), 200_000);
  assertEquals(first[0]!.id, "alert1");
  assertEquals(second[0]!.id, "alert2");
});

Deno.test("Belief.add() raises no alert while the profile is too little ready to ask anything", () => {
  const belief = createBelief();
  for (let i = 0; i < 20; i++) belief.add(evidence(6, i), 0.2, i);
  assertEquals(belief.decision, { level: "critical", action: "allow" });
  assertEquals(belief.takeAlert(), undefined);
  // Once it may ask, the same level is alerted on.
  belief.add(evidence(6, 20), 1, 20);
  assertEquals(belief.decision, { level: "critical", action: "step_up" });
  assertEquals(belief.takeAlert()?.level, "critical");
});

Deno.test("Belief.markUnknown() asks for a step-up, once, and is no trust", () => {
  const belief = createBelief();
  belief.markUnknown(1, 1);
  assertEquals(belief.decision, UNKNOWN_DECISION);
  assert(!belief.trusted);
  assertEquals(belief.takeAlert()?.level, "unknown");
  belief.markUnknown(2, 2);
  assertEquals(belief.takeAlert(), undefined);
});

Deno.test("Belief.add() and endUnknown() come back from unknown", () => {
  const judged = createBelief();
  judged.markUnknown(1, 1);
  play(judged, [-1]);
  assertEquals(judged.decision, INITIAL_DECISION);

  const unready = createBelief();
  unready.markUnknown(1, 1);
  unready.endUnknown(2, 2);
  assertEquals(unready.decision, INITIAL_DECISION);

  const strange = createBelief();
  play(strange, stranger(20));
  strange.markUnknown(21_000, 21_000);
  strange.endUnknown(22_000, 22_000);
  assertEquals(strange.decision.level, "critical");
});

Deno.test("Belief.reset() voids what was believed and ends the incident", () => {
  const belief = createBelief();
  play(belief, stranger(20));
  belief.reset(50_000);
  assertEquals(belief.decision, INITIAL_DECISION);
  assert(belief.trusted);
  assertEquals(belief.read(50_000).evidenceNats, 0);
  assertEquals(play(belief, stranger(20), 60_000)[0]!.id, "alert2");
});

Deno.test("Belief goes on from its state as if it had never been put down", () => {
  const nats = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { maxLength: 40 });
  fc.assert(fc.property(nats, nats, (before, after) => {
    const whole = createBelief();
    play(whole, before);
    const resumed = createBelief(structuredClone(whole.state));
    const expected = play(whole, after, 100_000);
    const alerts = play(resumed, after, 100_000);
    assertEquals(resumed.decision, whole.decision);
    const { incident: _, ...state } = resumed.state;
    const { incident: __, ...wholeState } = whole.state;
    assertEquals(state, wholeState);
    const levels = (list: Alert[]) => list.map(({ level, risk }) => ({ level, risk }));
    assertEquals(levels(alerts), levels(expected));
  }));
});

Deno.test("Belief keeps a bounded history that begins and ends where the session does", () => {
  const belief = createBelief();
  play(belief, Array.from({ length: 2000 }, (_, i) => i % 2 ? -1 : 1));
  const { history } = belief.state;
  assert(history.length <= HISTORY_KEPT && history.length >= HISTORY_KEPT / 2);
  assertEquals(history[0]![0], 1000);
  assertEquals(history.at(-1)![0], 2_000_000);
  const times = history.map(([atMs]) => atMs);
  assertEquals(times, times.toSorted((a, b) => a - b));
});

Deno.test("Belief notes what was asked of the person and how it ended, and no more of it than is kept", () => {
  const belief = createBelief();
  const kinds = () => belief.state.turns!.map(({ kind }) => kind);
  play(belief, stranger(8));
  assertEquals(kinds(), ["asked"]);
  belief.reset(20_000);
  assertEquals(belief.state.turns!.at(-1), { atMs: 20_000, kind: "passed" });
  belief.demandStepUp(30_000);
  belief.block(40_000, 40_000);
  assertEquals(kinds(), ["asked", "passed", "asked", "failed"]);
  for (let i = 0; i < 60; i++) belief.reset(50_000 + 1000 * i);
  assertEquals(kinds().length, 24);
  assertEquals(belief.state.turns!.at(-1)!.atMs, 109_000);
});

Deno.test("Belief remembers what each source said over time, beside the risk", () => {
  const belief = createBelief();
  play(belief, genuine(5));
  const pointer = { ...evidence(3, 6000), source: "pointer" as const };
  belief.add(pointer, 1, 6000);
  const { sources } = belief.state;
  assertEquals(sources!.keyboard!.map(([atMs]) => atMs), [1000, 2000, 3000, 4000, 5000]);
  assertEquals(sources!.pointer!.length, 1);
  const said = (source: string) =>
    belief.read(6000).reasons.filter((reason) => reason.source === source)
      .reduce((sum, { nats }) => sum + nats, 0);
  assertEquals(sources!.pointer![0]![1], Math.round(100 * said("pointer")) / 100);
  assert(sources!.keyboard!.every(([, nats]) => nats < 0));
  belief.reset(7000);
  assertEquals(belief.state.sources!.keyboard!.at(-1), [7000, 0]);
  for (let i = 0; i < 300; i++) belief.add(evidence(1, 8000 + 1000 * i), 1, 8000 + 1000 * i);
  assert(belief.state.sources!.keyboard!.length <= 80);
});
