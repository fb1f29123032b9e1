import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../core/random.ts";
import { openSession, type SessionDeps } from "../../core/session.ts";
import { recordingSettings } from "../../core/tenant.ts";
import type { Stroke } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { normal } from "../../islands/try/sampling.ts";
import { createDeps, deliver, framesOf, IDENTITY, START_MS } from "../core/live_sessions.ts";

const TRIES = 40;
/** Strokes that an attacker wants to get through with in one session. */
const GOAL_STROKES = 150;
const HOUR_MS = 3600_000;

/** What an attacker varies of their own typing: logarithms of factors on holds and on intervals. */
type Manner = readonly [hold: number, interval: number, jitter: number];

function typedAs(
  strokes: readonly Stroke[],
  [hold, interval, jitter]: Manner,
  seed: number,
): Stroke[] {
  const random = seededRandom(seed);
  const startMs = strokes[0]!.timeMs;
  const factor = (log: number) => Math.exp(log + jitter * normal(random));
  let [beforeMs, atMs] = [startMs, startMs];
  return strokes.map((stroke) => {
    atMs += Math.max(1, (stroke.timeMs - beforeMs) * factor(interval));
    beforeMs = stroke.timeMs;
    return {
      ...stroke,
      timeMs: Math.round(10 * atMs) / 10,
      holdMs: Math.max(5, stroke.holdMs * factor(hold)),
    };
  });
}

/**
 * An attacker who sees the decision alone and climbs by it: each session is tried a little differently,
 * and what lasted longest before the step-up is gone on from. They hold valid tickets and cannot pass.
 * @returns how many strokes each try got through with.
 */
async function climb(carryMs: number): Promise<number[]> {
  using kv = await Deno.openKv(":memory:");
  const deps: SessionDeps & { clock: { nowMs: number } } = {
    ...createDeps(kv),
    withoutTenant: { ...recordingSettings(), carryMs },
  };
  const ada = await openSession(deps, IDENTITY);
  for (const frame of framesOf(createTypist(1).type(600, START_MS))) {
    await deliver(deps, ada, frame);
  }
  await ada.commit();
  const [random, eve] = [seededRandom(5), createTypist(2)];
  let [best, manner]: [number, Manner] = [-1, [0, 0, 0.05]];
  const lasted: number[] = [];
  for (let i = 0; i < TRIES; i++) {
    const tried: Manner = best < 0
      ? manner
      : manner.map((log, k) => k < 2 ? log + 0.15 * normal(random) : log) as unknown as Manner;
    const session = await openSession(deps, { ...IDENTITY, session: `try ${i}` });
    const own = eve.type(GOAL_STROKES, START_MS + HOUR_MS * (i + 1));
    let through = 0;
    for (const frame of framesOf(typedAs(own, tried, i))) {
      if (session.decision.action !== "allow") break;
      await deliver(deps, session, { ...frame, stream: i + 2 });
      through += frame.events.length;
    }
    await session.commit();
    lasted.push(through);
    if (through > best) [best, manner] = [through, tried];
  }
  return lasted;
}

Deno.test("climbing by the decision alone ends with the first step-up that cannot be passed", async () => {
  const lasted = await climb(10_000 * HOUR_MS);
  assert(lasted[0]! < GOAL_STROKES, "the attacker is noticed at first");
  assertEquals(lasted.slice(1), Array(TRIES - 1).fill(0));
});

Deno.test("without carrying a step-up on, an attacker may try again and again", async () => {
  // What the above is for: every session begins anew, and tells a little.
  const lasted = await climb(0);
  assert(lasted.filter((strokes) => strokes > 0).length > TRIES / 2, `${lasted}`);
});
