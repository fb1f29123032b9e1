import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../core/error.ts";
import type { ModelSet } from "../../core/models/model_set.ts";
import { openSession } from "../../core/session.ts";
import { loadSession } from "../../core/store/checkpoints.ts";
import { getSession, listAlerts } from "../../core/store/sessions.ts";
import { recordingSettings } from "../../core/tenant.ts";
import type { StreamEvent } from "../../core/wire.ts";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import {
  createDeps,
  deliver,
  framesOf,
  IDENTITY,
  playSession,
  START_MS,
  takeover,
  type TestDeps,
} from "./live_sessions.ts";
import { createStatelessObserver } from "../../core/models/model_set.ts";
import { VAULT } from "./store/vaults.ts";
import { SMALL_MODELS } from "./small_models.ts";

const VERSIONS = { keyboard: "small-keyboard-1", pointer: "small-pointer-1" };

/** All that a session left in the store, but what depends on chance or on when it was opened. */
async function storedOf({ kv, clock }: TestDeps) {
  const stored = await loadSession(
    { kv, vault: VAULT, withoutTenant: recordingSettings() },
    IDENTITY,
    VERSIONS,
    clock.nowMs,
  );
  const { startedAtMs: _, belief, ...checkpoint } = stored.checkpoint!;
  const { incident, ...rest } = belief;
  const record = (await getSession(kv, "default", IDENTITY.session, clock.nowMs))!;
  const alerts = (await listAlerts(kv, "default", clock.nowMs, { limit: 100 })).items;
  const { keyboard } = stored.profiles;
  return {
    checkpoint: {
      ...checkpoint,
      belief: { ...rest, incident: incident && { ...incident, id: "" } },
    },
    record: { ...record, startedAtMs: 0, alert: record.alert && "" },
    alerts: alerts.map((alert) => ({ ...alert, id: "" })),
    profile: keyboard.profile,
  };
}

Deno.test("LiveSession goes from cold over ready and recognised to an alert on a stranger", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const { own, other } = takeover(300, 200);
  const session = await openSession(deps, IDENTITY);
  for (const frame of framesOf(own)) await deliver(deps, session, frame);
  const genuine = await session.commit();
  assertEquals(genuine.action, undefined);
  assert(session.risk.risk < 5 && session.risk.confidence > 0.4);

  let committed: Awaited<ReturnType<typeof session.commit>> | undefined;
  for (const frame of framesOf(other, 61)) {
    const changed = await deliver(deps, session, frame);
    if (changed) committed = await session.commit();
    if (committed?.action?.action === "step_up") break;
  }
  assertEquals(committed?.action?.action, "step_up");
  const [alert] = (await listAlerts(kv, "default", deps.clock.nowMs, { limit: 9 })).items;
  assertEquals(alert?.id, committed!.action!.alert);
  const record = await getSession(kv, "default", "s", deps.clock.nowMs);
  assertEquals(record?.alert, alert!.id);
  assert(alert!.reasons.length > 0);
});

Deno.test("LiveSession.commit() writes reasons that add up to the evidence, at every moment", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const session = await openSession(deps, IDENTITY);
  let scored = 0;
  for (const frame of framesOf(takeover(260, 100).strokes)) {
    await deliver(deps, session, frame);
    await session.commit();
    const record = (await getSession(kv, "default", "s", deps.clock.nowMs))!;
    const sum = record.reasons.reduce((total, { nats }) => total + nats, 0);
    assert(Math.abs(sum - record.evidenceNats) < 1e-9, `${sum} of ${record.evidenceNats}`);
    assertEquals(record.reasons.length > 0, record.keyboard.scored > 0);
    scored = record.keyboard.scored;
  }
  assert(scored > 10);
});

/** What may happen to a stream on its way; a cut loses what was not committed. */
const mishap = fc.constantFrom("none", "commit", "repeat", "cut", "cut after commit");

Deno.test("LiveSession is the same in the end, whatever is resent, repeated, committed or cut on the way", async () => {
  const { strokes } = takeover(420, 90);
  const spanMs = strokes.at(-1)!.timeMs - START_MS;
  const clock: StreamEvent = { kind: "clock", timeMs: START_MS, quantumMs: 2.1 };
  const events = [clock, ...strokes, ...createHand(3).move(spanMs, START_MS)];
  const frames = framesOf(events.sort((a, b) => a.timeMs - b.timeMs), 1, 40);
  using undisturbedKv = await Deno.openKv(":memory:");
  const undisturbed = createDeps(undisturbedKv);
  const whole = await openSession(undisturbed, IDENTITY);
  for (const frame of frames) await deliver(undisturbed, whole, frame);
  await whole.commit();
  const expected = await storedOf(undisturbed);
  assert(expected.alerts.length === 1 && expected.profile!.learned > 16);
  assert(expected.record.pointer.scored > 0);

  const way = fc.record({
    mishaps: fc.array(mishap, { minLength: frames.length, maxLength: frames.length }),
    repeated: fc.infiniteStream(fc.nat()),
  });
  await fc.assert(
    fc.asyncProperty(way, async ({ mishaps, repeated }) => {
      using kv = await Deno.openKv(":memory:");
      const deps = createDeps(kv);
      let session = await openSession(deps, IDENTITY);
      const delivered = new Set<string>();
      for (let at = 0; at < frames.length; at++) {
        const mishap = delivered.has(`${at}`) ? "none" : mishaps[at]!;
        delivered.add(`${at}`);
        await deliver(deps, session, frames[at]!);
        if (mishap === "commit" || mishap === "cut after commit") await session.commit();
        if (mishap === "repeat") {
          const risk = session.risk;
          for (let i = 0; i < 3; i++) {
            const stale = frames[repeated.next().value! % (at + 1)]!;
            assertEquals(await session.receive(stale), false);
          }
          assertEquals(session.risk, risk);
        }
        if (mishap === "cut" || mishap === "cut after commit") {
          // Another process takes the session on; the client resends what was not acknowledged.
          session = await openSession(deps, IDENTITY);
          at = (session.durable.get(1) ?? 0) - 1;
        }
      }
      await session.commit();
      assertEquals(await storedOf(deps), expected);
    }),
    { numRuns: 12 },
  );
});

Deno.test("LiveSession.commit() acknowledges each stream once, and nothing when nothing came", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const session = await openSession(deps, IDENTITY);
  assertEquals(await session.commit(), { acknowledged: [] });
  const [one, two] = framesOf(createTypist(1).type(10, START_MS));
  await deliver(deps, session, one!);
  await deliver(deps, session, { ...one!, stream: 2 });
  await deliver(deps, session, two!);
  assert(session.hasUncommitted);
  const { acknowledged } = await session.commit();
  assertEquals(acknowledged, [{ stream: 2, sequence: 1 }, { stream: 1, sequence: 2 }]);
  assert(!session.hasUncommitted);
  assertEquals(await session.commit(), { acknowledged: [] });
  const again = await openSession(deps, IDENTITY);
  assertEquals(new Map(again.durable), new Map([[1, 2], [2, 1]]));
});

Deno.test("LiveSession.commit() of a superseded session throws, writes nothing, and the session goes on elsewhere", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const frames = framesOf(createTypist(1).type(20, START_MS));
  const first = await openSession(deps, IDENTITY);
  await deliver(deps, first, frames[0]!);
  await first.commit();
  const second = await openSession(deps, IDENTITY);
  for (const session of [first, second]) await deliver(deps, session, frames[1]!);
  await second.commit();
  const before = await storedOf(deps);
  const error = await assertRejects(() => first.commit(), GaitkeeperError);
  assertEquals(error.code, "session_superseded");
  assertEquals(await storedOf(deps), before);
  const third = await openSession(deps, IDENTITY);
  for (const frame of frames) await deliver(deps, third, frame);
  await third.commit();
  assertEquals((await storedOf(deps)).record.strokes, 20);
});

Deno.test("LiveSession never learns a window that a stranger had a hand in", async () => {
  for (const people of [[1, 2], [5, 6], [7, 8]] as const) {
    using kv = await Deno.openKv(":memory:");
    const deps = createDeps(kv);
    const { strokes, takeoverMs } = takeover(400, 400, people);
    await playSession(deps, strokes);
    const { profile, alerts } = await storedOf(deps);
    assert(alerts.length >= 1 && profile!.learned > 16);
    for (const { endMs } of profile!.references) assert(endMs <= takeoverMs);
  }
});

Deno.test("LiveSession.verify() voids the alert and lets what follows be learned again", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const { strokes, other } = takeover(260, 100);
  const session = await playSession(deps, strokes);
  assertEquals(session.decision.action, "step_up");
  session.verify();
  assert(session.hasUncommitted);
  const { action } = await session.commit();
  assertEquals(action, { level: "low", action: "allow" });
  const learned = (await storedOf(deps)).profile!.learned;
  const ada = createTypist(1);
  ada.type(260, START_MS);
  const later = ada.type(200, other.at(-1)!.timeMs + 5000);
  for (const frame of framesOf(later, 1000)) await deliver(deps, session, frame);
  await session.commit();
  assert((await storedOf(deps)).profile!.learned > learned);
});

Deno.test("LiveSession.verify() knows better whom it alarmed wrongly", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  // The same subject on another keyboard: to the profile another hand, until a step-up vouches for it.
  const { strokes, other } = takeover(260, 400);
  const session = await playSession(deps, strokes.slice(0, 300));
  const alarmed: number[] = [];
  for (const [i, frame] of framesOf(other.slice(40), 1000).entries()) {
    await deliver(deps, session, frame);
    if (session.decision.action === "allow") continue;
    alarmed.push(i);
    session.verify();
  }
  const half = (other.length - 40) / 5 / 2;
  const early = alarmed.filter((frame) => frame < half).length;
  const late = alarmed.length - early;
  assert(early > late, `alarms after frames ${alarmed}, of ${2 * half}`);
});

/** The small models with an embedder that can be taken away. */
function failingModels(): { models: ModelSet; fail: (error: Error | undefined) => void } {
  let error: Error | undefined;
  const { keyboard } = SMALL_MODELS;
  const createObserver: typeof keyboard.createObserver = () => {
    const observer = keyboard.createObserver();
    return createStatelessObserver((window) =>
      error ? Promise.reject(error) : observer.observe(window)
    );
  };
  const models = { ...SMALL_MODELS, keyboard: { ...keyboard, createObserver } };
  return { models, fail: (cause) => error = cause };
}

Deno.test("LiveSession without its models is unknown and asks for a step-up, until they are back", async () => {
  for (const enrolled of [100, 300]) {
    using kv = await Deno.openKv(":memory:");
    const { models, fail } = failingModels();
    const deps = createDeps(kv, models);
    const session = await openSession(deps, IDENTITY);
    const frames = framesOf(createTypist(1).type(enrolled + 100, START_MS));
    const failing = enrolled / 5;
    for (const [i, frame] of frames.entries()) {
      if (i === failing) fail(new GaitkeeperError("model_unavailable", "Cannot run model: gone"));
      if (i === failing + 4) {
        assertEquals(session.decision, { level: "unknown", action: "step_up" });
        fail(undefined);
      }
      await deliver(deps, session, frame);
    }
    assertEquals(session.decision, { level: "low", action: "allow" });
    await session.commit();
    assert((await storedOf(deps)).profile!.learned > 0);
  }
});

Deno.test("LiveSession.receive() passes on what no model is known to fail with", async () => {
  using kv = await Deno.openKv(":memory:");
  const { models, fail } = failingModels();
  const deps = createDeps(kv, models);
  const session = await openSession(deps, IDENTITY);
  fail(new RangeError("a bug"));
  const frames = framesOf(createTypist(1).type(30, START_MS));
  for (const frame of frames.slice(0, -1)) await deliver(deps, session, frame);
  await assertRejects(() => session.receive(frames.at(-1)!), RangeError);
});

Deno.test("LiveSession reads no window across what the collector lost", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const strokes = createTypist(1).type(58, START_MS);
  const lost: StreamEvent = { kind: "mark", timeMs: strokes[28]!.timeMs, mark: "lost" };
  await playSession(deps, [...strokes.slice(0, 29), lost, ...strokes.slice(29)]);
  const { record } = await storedOf(deps);
  assertEquals([record.strokes, record.keyboard.learned], [58, 0]);
});

Deno.test("LiveSession remembers a bounded number of streams, the latest ones", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const session = await openSession(deps, IDENTITY);
  const [frame] = framesOf(createTypist(1).type(5, START_MS));
  for (let stream = 1; stream <= 40; stream++) await deliver(deps, session, { ...frame!, stream });
  await session.commit();
  assertEquals([...session.durable.keys()], Array.from({ length: 16 }, (_, i) => 25 + i));
});
