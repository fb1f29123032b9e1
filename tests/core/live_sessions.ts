/** Live sessions for tests: a clock that follows the events, frames as a collector would cut them. */
import { openSession, type SessionDeps, type SessionIdentity } from "../../core/session.ts";
import type { LiveSession } from "../../core/session.ts";
import { recordingSettings } from "../../core/tenant.ts";
import type { Frame, StreamEvent } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { VAULT } from "./store/vaults.ts";
import { SMALL_MODELS } from "./small_models.ts";

export const START_MS = 1.7e12;
export const IDENTITY: SessionIdentity = { tenant: "default", subject: "ada", session: "s" };
const STREAM = 1;

export interface TestDeps extends SessionDeps {
  readonly clock: { nowMs: number };
}

export function createDeps(kv: Deno.Kv, models = SMALL_MODELS): TestDeps {
  const clock = { nowMs: START_MS };
  return {
    kv,
    vault: VAULT,
    models,
    clock,
    nowMs: () => clock.nowMs,
    random: () => 0.5,
    withoutTenant: recordingSettings(),
  };
}

export function framesOf(
  events: readonly StreamEvent[],
  fromSequence = 1,
  eventsAFrame = 5,
): Frame[] {
  return Array.from({ length: Math.ceil(events.length / eventsAFrame) }, (_, i) => ({
    stream: STREAM,
    sequence: fromSequence + i,
    events: events.slice(i * eventsAFrame, (i + 1) * eventsAFrame),
  }));
}

/** Hands a frame over at the moment its newest event happened. */
export function deliver(deps: TestDeps, session: LiveSession, frame: Frame): Promise<boolean> {
  deps.clock.nowMs = Math.ceil(Math.max(...frame.events.map(({ timeMs }) => timeMs)));
  return session.receive(frame);
}

/** Plays events into a session of their own and commits once at the end. */
export async function playSession(
  deps: TestDeps,
  events: readonly StreamEvent[],
  identity = IDENTITY,
): Promise<LiveSession> {
  const session = await openSession(deps, identity);
  for (const frame of framesOf(events)) await deliver(deps, session, frame);
  await session.commit();
  return session;
}

/** One person's strokes, then another's, on one clock. */
export function takeover(
  genuine: number,
  strange: number,
  [ada, eve]: readonly [number, number] = [1, 2],
) {
  const own = createTypist(ada).type(genuine, START_MS);
  const last = own.at(-1)!;
  const takeoverMs = last.timeMs + last.holdMs;
  const other = createTypist(eve).type(strange, takeoverMs + 2000);
  return { strokes: [...own, ...other], own, other, takeoverMs };
}
