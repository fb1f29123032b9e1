import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../core/error.ts";
import { type LiveSession, openSession, type SessionIdentity } from "../../core/session.ts";
import type { Frame, StreamEvent } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import {
  createDeps,
  deliver,
  framesOf,
  IDENTITY,
  START_MS,
  type TestDeps,
} from "./live_sessions.ts";
import { jittered, moved, throughWire } from "./models/replay/copies.ts";

const TYPED = throughWire(createTypist(1).type(200, START_MS));
const LATER = moved(TYPED, (ms) => ms + 3_600_000);

const identityOf = (session: string): SessionIdentity => ({ ...IDENTITY, session });

function framesBy(stream: number, events: readonly StreamEvent[], eventsAFrame = 5): Frame[] {
  return framesOf(events, 1, eventsAFrame).map((frame) => ({ ...frame, stream }));
}

/** Delivers frames, committing now and then, until one is refused; how many were applied. */
async function playUntilRefused(
  deps: TestDeps,
  session: LiveSession,
  frames: readonly Frame[],
): Promise<number> {
  for (const [i, frame] of frames.entries()) {
    try {
      await deliver(deps, session, frame);
    } catch (error) {
      assertEquals((error as GaitkeeperError).code, "replay_detected");
      return i;
    }
    if (i % 4 === 3) await session.commit();
  }
  return frames.length;
}

Deno.test("LiveSession that was open before the recording was made learns of it and refuses it", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const waiting = await openSession(deps, identityOf("b"));
  const recorded = await openSession(deps, identityOf("a"));
  for (const frame of framesBy(1, TYPED)) await deliver(deps, recorded, frame);
  await recorded.commit();
  const frames = framesBy(2, LATER);
  const applied = await playUntilRefused(deps, waiting, frames);
  assert(applied < frames.length / 2, `${applied} of ${frames.length}`);
});

Deno.test("LiveSession goes from process to process and still knows a copy that is fed in small bites", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const recorded = await openSession(deps, identityOf("a"));
  for (const frame of framesBy(1, TYPED)) await deliver(deps, recorded, frame);
  await recorded.commit();
  let applied = 0;
  const frames = framesBy(2, LATER, 2);
  for (const frame of frames) {
    const session = await openSession(deps, identityOf("b"));
    const refused = await playUntilRefused(deps, session, [frame]) === 0;
    await session.commit();
    if (refused) break;
    applied++;
  }
  assert(applied < frames.length / 2, `${applied} of ${frames.length}`);
  const session = await openSession(deps, identityOf("b"));
  assertEquals(session.decision.action, "step_up");
  const error = await assertRejects(
    () => deliver(deps, session, frames.at(-1)!),
    GaitkeeperError,
  );
  assertEquals(error.code, "replay_detected");
});

Deno.test("LiveSession asks for a step-up for a jittered copy, and passing one ends the matter", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  const recorded = await openSession(deps, identityOf("a"));
  for (const frame of framesBy(1, TYPED)) await deliver(deps, recorded, frame);
  await recorded.commit();
  const copied = await openSession(deps, identityOf("b"));
  const frames = framesBy(2, jittered(LATER, 5));
  let suspectedAt = NaN;
  for (const [i, frame] of frames.entries()) {
    await deliver(deps, copied, frame);
    if (copied.decision.action === "step_up" && Number.isNaN(suspectedAt)) suspectedAt = i;
  }
  assert(suspectedAt < frames.length / 2, `${suspectedAt}`);
  assertEquals(copied.decision.action, "step_up");
  assert(copied.risk.reasons[0]!.words.startsWith("typed as once before"));
  copied.verify();
  assertEquals(copied.decision.action, "allow");
  const ada = createTypist(1);
  ada.type(200, START_MS);
  const own = throughWire(ada.type(100, LATER.at(-1)!.timeMs + 5000));
  for (const frame of framesBy(3, own)) await deliver(deps, copied, frame);
  assertEquals(copied.decision.action, "allow");
});

Deno.test("LiveSession of a recording that dev plays is no replay, and is not remembered", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = createDeps(kv);
  for (const session of ["a", "b"]) {
    const played = await openSession(deps, { ...identityOf(session), replay: true });
    for (const frame of framesBy(1, TYPED)) await deliver(deps, played, frame);
    await played.commit();
  }
  const own = await openSession(deps, identityOf("c"));
  const frames = framesBy(1, LATER);
  assertEquals(await playUntilRefused(deps, own, frames), frames.length);
});
