import { assertEquals } from "@std/assert";
import { openSession } from "../../core/session.ts";
import { getSession } from "../../core/store/sessions.ts";
import { recordingSettings } from "../../core/tenant.ts";
import { verifySession } from "../../core/verification.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import {
  createDeps,
  deliver,
  framesOf,
  IDENTITY,
  playSession,
  takeover,
  type TestDeps,
} from "./live_sessions.ts";

const HOUR_MS = 3600_000;
const PROOF = { acr: "otp", amr: ["otp"], atMs: 0, untilMs: 0 };
const ASKED = { level: "high", action: "step_up" };
const LOW = { level: "low", action: "allow" };

/** A session in which somebody took over, and was noticed. */
async function alarmed(kv: Deno.Kv, carryMs = 24 * HOUR_MS): Promise<TestDeps> {
  const deps = { ...createDeps(kv), withoutTenant: { ...recordingSettings(), carryMs } };
  const session = await playSession(deps, takeover(400, 300).strokes);
  assertEquals(session.decision.action, "step_up");
  return deps;
}

const open = (deps: TestDeps, session: string, more = {}) =>
  openSession(deps, { ...IDENTITY, session, ...more });

Deno.test("a step-up that was not passed is asked in the subject's next sessions, whatever they type", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = await alarmed(kv);
  const next = await open(deps, "next");
  assertEquals(next.decision, ASKED);
  const ada = createTypist(1);
  // What she typed before; the same again would be a recording.
  ada.type(400, 0);
  const strokes = ada.type(300, deps.clock.nowMs + HOUR_MS);
  for (const frame of framesOf(strokes)) await deliver(deps, next, { ...frame, stream: 9 });
  const { learned } = next.statuses.keyboard;
  await next.commit();
  assertEquals(next.decision, ASKED);
  // Nothing is learned meanwhile.
  assertEquals((await open(deps, "later")).statuses.keyboard.learned, learned);
});

Deno.test("passing it in any session ends it in all", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = await alarmed(kv);
  const [one, two] = [await open(deps, "one"), await open(deps, "two")];
  await one.commit();
  await two.commit();
  await verifySession(deps, { tenant: IDENTITY.tenant, session: "one" }, PROOF);
  assertEquals((await open(deps, "new")).decision, LOW);
  assertEquals((await open(deps, "two")).decision, LOW);
  assertEquals((await getSession(kv, IDENTITY.tenant, "one", deps.clock.nowMs))?.action, "allow");
});

Deno.test("it is carried on for as long as the tenant says, and never to one of another subject", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = await alarmed(kv, HOUR_MS);
  assertEquals((await open(deps, "next")).decision, ASKED);
  assertEquals((await open(deps, "eve's", { subject: "eve" })).decision, LOW);
  assertEquals((await open(deps, "own page", { oneSitting: true })).decision, LOW);
  deps.clock.nowMs += HOUR_MS;
  assertEquals((await open(deps, "late")).decision, LOW);
  using other = await Deno.openKv(":memory:");
  assertEquals((await open(await alarmed(other, 0), "next")).decision, LOW);
});
