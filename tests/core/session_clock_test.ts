/** What a session makes of the browser's clock: its span and its step. */
import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../core/error.ts";
import { DEFAULT_RISK_POLICY } from "../../core/risk.ts";
import { openSession } from "../../core/session.ts";
import type { StreamEvent, Stroke } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import {
  createDeps,
  framesOf,
  IDENTITY,
  playSession,
  START_MS,
  takeover,
} from "./live_sessions.ts";

Deno.test("LiveSession.receive() refuses events that outrun the clock, before anything is changed", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const frames = framesOf(createTypist(1).type(400, START_MS));
  const session = await openSession(deps, IDENTITY);
  await session.receive(frames[0]!);
  const late = frames.findIndex(({ events }) => events.at(-1)!.timeMs > START_MS + 60_000);
  assert(late > 0);
  const rushed = {
    ...frames[late]!,
    sequence: 2,
    events: frames[late]!.events.map((event) => ({ ...event, timeMs: event.timeMs + 120_000 })),
  };
  const { risk } = session;
  const error = await assertRejects(() => session.receive(rushed), GaitkeeperError);
  assertEquals(error.code, "time_implausible");
  assertEquals(session.risk, risk);
  await session.receive(frames[1]!);
  assertEquals((await session.commit()).acknowledged, [{ stream: 1, sequence: 2 }]);

  const replayed = await openSession(deps, { ...IDENTITY, session: "r", replay: true });
  for (const frame of frames) await replayed.receive(frame);
  assert(replayed.hasUncommitted);
});

Deno.test("LiveSession.receive() takes events that come late, and those of a page that was offline", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const frames = framesOf(createTypist(1).type(400, START_MS));
  const session = await openSession(deps, IDENTITY);
  deps.clock.nowMs = START_MS + 3600_000;
  for (const frame of frames) await session.receive(frame);
  assert(session.hasUncommitted);
});

async function riskWithClock(strokes: readonly Stroke[], quantumMs: number) {
  using kv = await Deno.openKv(":memory:");
  const clock: StreamEvent = { kind: "clock", timeMs: START_MS, quantumMs };
  const session = await playSession(createDeps(kv), [clock, ...strokes]);
  return session.risk;
}

Deno.test("LiveSession is less sure by a coarse clock, and never raises the risk for it", async () => {
  const prior = 100 * DEFAULT_RISK_POLICY.prior + 1e-9;
  for (const { strokes } of [takeover(300, 0), takeover(230, 100)]) {
    const fine = await riskWithClock(strokes, 0.1);
    let before = fine;
    for (const quantumMs of [8, 16, 100]) {
      const coarse = await riskWithClock(strokes, quantumMs);
      assert(coarse.confidence < before.confidence, `${coarse.confidence} at ${quantumMs} ms`);
      assert(coarse.risk <= Math.max(before.risk, prior), `${coarse.risk} at ${quantumMs} ms`);
      before = coarse;
    }
  }
});

Deno.test("LiveSession asks nothing of a subject whose clock turned coarse", async () => {
  const quantumMs = 100;
  const coarse = (ms: number) => Math.floor(ms / quantumMs) * quantumMs;
  const { own, strokes } = takeover(230, 0);
  const later = createTypist(1).type(450, START_MS).slice(230).map((stroke) => {
    const timeMs = coarse(stroke.timeMs);
    return { ...stroke, timeMs, holdMs: coarse(stroke.timeMs + stroke.holdMs) - timeMs };
  });
  using kv = await Deno.openKv(":memory:");
  const clock: StreamEvent = { kind: "clock", timeMs: strokes.at(-1)!.timeMs, quantumMs };
  const session = await playSession(createDeps(kv), [...own, clock, ...later]);
  assertEquals(session.decision, { level: "low", action: "allow" });
});
