import { assert, assertEquals } from "@std/assert";
import { loadAutomationScore } from "../../../core/models/automation.ts";
import { readWindows } from "../../../core/models/load.ts";
import type { TraceSession } from "../../../core/trace.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { measure } from "../../../models/evaluation/automation.ts";
import { readModelFile } from "../../../models/evaluation/observe.ts";
import { ProgressBar } from "../../../models/evaluation/progress.ts";
import { generateTraces } from "../../end_to_end/generated_traces.ts";

const options = {
  score: await loadAutomationScore(readModelFile),
  settings: await readWindows(readModelFile),
  attacks: 12,
  seed: 1,
  bar: new ProgressBar({ isTerminal: false, write: () => {} }),
};

/** A generated hand as a recording: positions and presses. */
function recordHand(seed: number, durationMs: number): TraceSession {
  let [x, y] = [500, 300];
  const pointer: [number, number, number, number, number][] = [];
  for (const event of createHand(seed).move(durationMs, 0)) {
    if (event.kind === "pointer") {
      pointer.push([event.timeMs, 0, 0, x += event.dx, y += event.dy]);
    } else {
      pointer.push([event.timeMs, 1, 1, x, y], [event.timeMs + event.dwellMs, 2, 1, x, y]);
    }
  }
  pointer.sort((a, b) => a[0] - b[0]);
  return { subject: `hand-${seed}`, session: "0", pointer };
}

const typists = Array.from({ length: 8 }, (_, i) => generateTraces(100 + i, 14, 50));
const hands = Array.from({ length: 4 }, (_, i) => [recordHand(50 + i, 300_000)]);
const keyboard = measure("keyboard", typists, options);
const pointer = measure("pointer", hands, options);

Deno.test("measure() finds every program that does not imitate anybody, by rules alone", () => {
  for (
    const [name, rule] of [
      ["typeAtOnce", "impossibleRate"],
      ["typeWithDelay", "constantIntervals"],
      ["pressAndWait", "constantHolds"],
    ] as const
  ) {
    const { windowsFlagged, sessionsFlagged, rules } = keyboard.attackers[name]!;
    assertEquals([windowsFlagged, sessionsFlagged, rules[rule]], [1, 1, 1], name);
  }
  for (
    const [name, rule] of [
      ["click", "clicksWithoutApproach"],
      ["moveInSteps", "clicksWithoutHover"],
      ["moveWithDelay", "straightLines"],
      ["ghostCursor", "clicksWithoutHover"],
    ] as const
  ) {
    const { sessionsFlagged, rules } = pointer.attackers[name]!;
    assertEquals(sessionsFlagged, 1, name);
    assert(rules[rule]! > 0.99, `${name}: ${JSON.stringify(rules)}`);
  }
});

Deno.test("measure() finds generators that the score has not learned from", () => {
  for (const name of ["bezier", "windMouse", "ghostCursorTimed", "meanImitation"]) {
    assert(pointer.attackers[name]!.sessionsFlagged > 0.9, name);
  }
  assert(keyboard.attackers.randomHoldAndWait!.sessionsFlagged > 0.9);
});

Deno.test("measure() counts every attacker and names the one that is found least", () => {
  assertEquals(Object.keys(keyboard.attackers).length, 8);
  assertEquals(Object.keys(pointer.attackers).length, 11);
  for (const { attackers, worst } of [keyboard, pointer]) {
    const least = Math.min(...Object.values(attackers).map((told) => told.sessionsFlagged));
    assertEquals(attackers[worst]!.sessionsFlagged, least);
    for (const told of Object.values(attackers)) assert(told.sessions > 0);
  }
});

Deno.test("measure() sees people by every clock, and the rules flag no generated person by any", () => {
  for (const { genuine, people } of [keyboard, pointer]) {
    assertEquals(Object.keys(genuine), ["as recorded", "1.0 ms", "5.0 ms", "16.7 ms", "100.0 ms"]);
    for (const [clock, { sessions, windows, rules }] of Object.entries(genuine)) {
      assertEquals(sessions, people);
      assert(windows > 0);
      // Generated people are what the score looks for; the rules must not mind them.
      const byRules = Object.keys(rules).filter((rule) => !rule.endsWith("Score"));
      assertEquals(byRules, [], clock);
    }
    assertEquals(genuine["100.0 ms"]!.windowsFlagged, 0);
  }
});
