import { assert, assertEquals } from "@std/assert";
import { GaitkeeperError } from "../../core/error.ts";
import { openSession } from "../../core/session.ts";
import type { StreamEvent, Stroke } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { createDeps, framesOf, IDENTITY, START_MS } from "../core/live_sessions.ts";

const HOUR_MS = 3600_000;
const LATER_MS = START_MS + HOUR_MS;

type Clock = (strokes: readonly Stroke[]) => readonly StreamEvent[];

const scaled = (factor: number): Clock => (strokes) =>
  strokes.map((stroke) => ({
    ...stroke,
    timeMs: LATER_MS + factor * (stroke.timeMs - LATER_MS),
    holdMs: factor * stroke.holdMs,
  }));

const quantised = (quantumMs: number): Clock => (strokes) => {
  const step = (ms: number) => Math.floor(ms / quantumMs) * quantumMs;
  const clock: StreamEvent = { kind: "clock", timeMs: step(LATER_MS), quantumMs };
  const coarse = strokes.map((stroke) => {
    const timeMs = step(stroke.timeMs);
    return { ...stroke, timeMs, holdMs: step(stroke.timeMs + stroke.holdMs) - timeMs };
  });
  return [clock, ...coarse];
};

const CLOCKS: Readonly<Record<string, Clock>> = {
  true: (strokes) => strokes,
  frozen: (strokes) => strokes.map((stroke) => ({ ...stroke, timeMs: LATER_MS })),
  reversed: (strokes) =>
    strokes.map((stroke) => ({ ...stroke, timeMs: 2 * LATER_MS - stroke.timeMs + HOUR_MS })),
  "ten times as slow": scaled(10),
  "twice as fast": scaled(0.5),
  "of 1 ms": quantised(1),
  "of 100 ms": quantised(100),
};

/** A session by somebody, read by some clock, of a subject who is known. */
async function judged(seed: number, clock: Clock) {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const typist = createTypist(1);
  const enrolling = await openSession(deps, IDENTITY);
  for (const frame of framesOf(typist.type(400, START_MS))) {
    deps.clock.nowMs = START_MS + 100_000;
    await enrolling.receive(frame);
  }
  await enrolling.commit();
  const { learned } = enrolling.statuses.keyboard;
  const strokes = (seed === 1 ? typist : createTypist(seed)).type(200, LATER_MS);
  const session = await openSession(deps, { ...IDENTITY, session: "next" });
  let refused: string | undefined;
  let highest = 0;
  for (const frame of framesOf(clock(strokes))) {
    // The server's own clock goes on as the strokes were really typed.
    deps.clock.nowMs = Math.ceil(strokes[Math.min(199, 5 * frame.sequence)]!.timeMs);
    try {
      await session.receive({ ...frame, stream: 2 });
    } catch (error) {
      if (!(error instanceof GaitkeeperError)) throw error;
      refused = error.code;
      break;
    }
    highest = Math.max(highest, session.risk.risk);
  }
  const gained = session.statuses.keyboard.learned - learned;
  return {
    highest,
    gained,
    refused,
    action: session.decision.action,
    confidence: session.risk.confidence,
  };
}

Deno.test("no clock that lies makes a stranger's session safe: found, refused, or not judged at all", async () => {
  for (const [name, clock] of Object.entries(CLOCKS)) {
    const { action, refused, confidence, gained } = await judged(2, clock);
    const outcome = refused ?? (confidence < 0.01 ? "not judged" : action);
    const expected = { "of 100 ms": "not judged", "ten times as slow": "time_implausible" }[name];
    assertEquals([outcome, gained], [expected ?? "step_up", 0], name);
  }
});

Deno.test("a coarse clock lowers the confidence in the subject, and never raises their risk", async () => {
  const fine = await judged(1, CLOCKS.true!);
  for (const name of ["of 1 ms", "of 100 ms"]) {
    const { highest, action, confidence } = await judged(1, CLOCKS[name]!);
    assert(highest <= fine.highest + 1e-9, `${highest} by a clock ${name}`);
    assert(confidence <= fine.confidence + 1e-3, `${confidence} by a clock ${name}`);
    assertEquals(action, "allow", name);
  }
});

Deno.test("what a coarse clock read is not learned", async () => {
  assert((await judged(1, CLOCKS.true!)).gained > 0);
  assertEquals((await judged(1, CLOCKS["of 100 ms"]!)).gained, 0);
});
