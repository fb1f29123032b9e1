import { assert, assertEquals } from "@std/assert";
import { openSession } from "../../core/session.ts";
import { alertsKey, courseKey, unansweredKey } from "../../core/store/keys.ts";
import { AlertRecord, getSession } from "../../core/store/sessions.ts";
import { recordingSettings } from "../../core/tenant.ts";
import { blockSession } from "../../core/verification.ts";
import { createDeps, deliver, framesOf, IDENTITY, playSession, takeover } from "./live_sessions.ts";

const { tenant, subject, session: id } = IDENTITY;

function settings(shadow: boolean) {
  const all = recordingSettings();
  return { ...all, policy: { ...all.policy, shadow }, carryMs: 3600_000 };
}

function shadowed(kv: Deno.Kv) {
  return { ...createDeps(kv), withoutTenant: settings(true) };
}

Deno.test("shadow mode decides, records and alerts as ever, and lets everybody pass", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = shadowed(kv);
  const session = await playSession(deps, takeover(400, 300).strokes);
  assertEquals(session.decision.action, "allow");
  assert(["high", "critical"].includes(session.decision.level));
  const record = await getSession(kv, tenant, id, deps.clock.nowMs);
  assertEquals([record?.action, record?.shadowed], ["allow", "step_up"]);
  assertEquals(record?.turns, []);
  const alerts = await Array.fromAsync(kv.list({ prefix: alertsKey(tenant) }));
  assertEquals(alerts.map(({ value }) => AlertRecord.parse(value).shadow), [true]);
});

Deno.test("shadow mode tells the page of levels, and never of an action or an alert", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = shadowed(kv);
  const session = await openSession(deps, IDENTITY);
  const told = [];
  for (const frame of framesOf(takeover(400, 300).strokes)) {
    if (await deliver(deps, session, frame)) told.push((await session.commit()).action);
  }
  assert(told.length > 0);
  for (const action of told) assertEquals([action?.action, action?.alert], ["allow", undefined]);
  assert(session.alert !== undefined, "the alert is there, for who looks at alerts");
});

Deno.test("shadow mode decides as the same session outside it does, and learns no more", async () => {
  const learned: number[] = [];
  const levels: string[] = [];
  for (const shadow of [false, true]) {
    using kv = await Deno.openKv(":memory:");
    const deps = { ...createDeps(kv), withoutTenant: settings(shadow) };
    const { decision, statuses } = await playSession(deps, takeover(400, 300).strokes);
    levels.push(decision.level);
    learned.push(statuses.keyboard.learned);
  }
  assertEquals(levels[1], levels[0]);
  assertEquals(learned[1], learned[0]);
});

Deno.test("shadow mode carries no step-up on, neither its own nor one from before it", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = shadowed(kv);
  await playSession(deps, takeover(400, 300).strokes);
  assertEquals((await kv.get(unansweredKey(tenant, subject))).value, null);
  using other = await Deno.openKv(":memory:");
  const acting = { ...createDeps(other), withoutTenant: settings(false) };
  await playSession(acting, takeover(400, 300).strokes);
  assertEquals(
    (await openSession(acting, { ...IDENTITY, session: "a" })).decision.action,
    "step_up",
  );
  const quiet = { ...acting, withoutTenant: settings(true) };
  assertEquals((await openSession(quiet, { ...IDENTITY, session: "b" })).decision.action, "allow");
});

Deno.test("shadow mode blocks nobody, whatever they failed; what was decided holds once it ends", async () => {
  using kv = await Deno.openKv(":memory:");
  const deps = shadowed(kv);
  await playSession(deps, takeover(400, 300).strokes);
  assertEquals((await blockSession(deps, { tenant, session: id })).action, "allow");
  const acting = { ...deps, withoutTenant: settings(false) };
  assertEquals((await openSession(acting, IDENTITY)).decision.action, "block");
});

Deno.test("how a session went is kept with it, but of no recording and no page of our own", async () => {
  using kv = await Deno.openKv(":memory:");
  await playSession(createDeps(kv), takeover(400, 100).strokes);
  assert((await kv.get(courseKey(tenant, id))).value !== null);
  using other = await Deno.openKv(":memory:");
  const own = { ...IDENTITY, oneSitting: true };
  await playSession(createDeps(other), takeover(400, 100).strokes, own);
  assertEquals((await other.get(courseKey(tenant, id))).value, null);
});
