import { assertEquals } from "@std/assert";
import { alertKey, profileKey, seenKey, sessionKey } from "../../../core/store/keys.ts";
import { getAlert, getSession, listAlerts, listSessions } from "../../../core/store/sessions.ts";
import { sweepTenant } from "../../../core/store/sweep.ts";
import { createTenant, updateTenant } from "../../../core/store/tenants.ts";
import { BY, createAuditLog } from "./audit_logs.ts";
import { createSessionRecord } from "./records.ts";

const DAY_MS = 24 * 3600_000;
const START_MS = 1.7e12;
const FAR_MS = START_MS + 1000 * DAY_MS;

async function createSite(kv: Deno.Kv) {
  const { audit } = await createAuditLog(kv);
  const tenant = await createTenant(audit, { id: "site", name: "Site", nowMs: START_MS }, BY);
  for (const [id, days] of [["old", 0], ["new", 20]] as const) {
    const atMs = START_MS + days * DAY_MS;
    const times = { updatedAtMs: atMs, expiresAtMs: FAR_MS };
    await kv.set(sessionKey("site", id), createSessionRecord(id, times));
    await kv.set(alertKey("site", id), {
      version: 1,
      id,
      subject: id,
      session: id,
      atMs,
      expiresAtMs: FAR_MS,
      from: "low",
      level: "high",
      action: "step_up",
      risk: 90,
      confidence: 1,
      reasons: [],
    });
    await kv.set(profileKey("site", id, "keyboard"), "templates");
    await kv.set(seenKey("site", id), atMs);
  }
  return { audit, tenant };
}

async function visible(kv: Deno.Kv, nowMs: number) {
  const [sessions, alerts] = await Promise.all([
    listSessions(kv, "site", nowMs, { limit: 9 }),
    listAlerts(kv, "site", nowMs, { limit: 9 }),
  ]);
  const listed = [sessions.items.map(({ session }) => session), alerts.items.map(({ id }) => id)];
  const read = [
    await getSession(kv, "site", "old", nowMs),
    await getAlert(kv, "site", "old", nowMs),
  ];
  assertEquals(read.map(Boolean), listed.map((ids) => ids.includes("old")));
  return listed;
}

const rowsOf = async (kv: Deno.Kv, id: string) =>
  (await Array.fromAsync(kv.list({ prefix: ["tenant", "site"] })))
    .filter(({ key }) => key.includes(id)).length;

Deno.test("what is past a tenant's retention is invisible at once, swept or not", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, tenant } = await createSite(kv);
  const nowMs = START_MS + 25 * DAY_MS;
  assertEquals(await visible(kv, nowMs), [["old", "new"], ["old", "new"]]);
  const retention = { ...tenant.retention, sessions: 10, alerts: 24 };
  await updateTenant(audit, "site", { retention }, BY);
  assertEquals(await visible(kv, nowMs), [["new"], ["new"]]);
  assertEquals(await rowsOf(kv, "old"), 4);
});

Deno.test("sweepTenant() deletes what is past its retention, and nothing else", async () => {
  using kv = await Deno.openKv(":memory:");
  const { tenant } = await createSite(kv);
  const retention = { sessions: 10, alerts: 10, idleProfiles: 10 };
  const nowMs = START_MS + 25 * DAY_MS;
  const none = { sessions: 0, alerts: 0, idleProfiles: 0 };
  assertEquals(await sweepTenant(kv, { ...tenant, id: "other", retention }, nowMs), none);
  const one = { sessions: 1, alerts: 1, idleProfiles: 1 };
  assertEquals(await sweepTenant(kv, { id: "site", retention }, nowMs), one);
  assertEquals([await rowsOf(kv, "old"), await rowsOf(kv, "new")], [0, 4]);
  assertEquals(await sweepTenant(kv, { id: "site", retention }, nowMs), none);
});
