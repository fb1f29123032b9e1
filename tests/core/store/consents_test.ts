import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  getConsent,
  giveConsent,
  isStanding,
  requireConsent,
  withdrawConsent,
} from "../../../core/store/consents.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import type { Tenant } from "../../../core/tenant.ts";
import { BY, createAuditLog } from "./audit_logs.ts";

const GIVEN = { policyVersion: "2026-1", how: "settings page" };
const DAY_MS = 24 * 3600_000;

async function createSite(kv: Deno.Kv, quota: Partial<Tenant["quota"]> = {}, id = "site") {
  const { audit, clock } = await createAuditLog(kv);
  const tenant = await createTenant(audit, { id, name: id, nowMs: clock.nowMs }, BY);
  return { audit, clock, tenant: { ...tenant, quota: { ...tenant.quota, ...quota } } };
}

const codeOf = async (work: () => Promise<unknown>) =>
  (await assertRejects(work, GaitkeeperError)).code;

Deno.test("giveConsent() keeps policy version, time and how; withdrawConsent() ends it", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock, tenant } = await createSite(kv);
  const consent = await giveConsent(audit, tenant, "ada", GIVEN, BY);
  assertEquals(consent, { version: 1, ...GIVEN, givenAtMs: clock.nowMs });
  requireConsent(await getConsent(kv, "site", "ada"), clock.nowMs);
  clock.nowMs += 1000;
  assertEquals(await withdrawConsent(audit, "site", "ada", BY), true);
  assertEquals(await withdrawConsent(audit, "site", "ada", BY), false);
  const stored = await getConsent(kv, "site", "ada");
  assertEquals(stored.consent, { ...consent, withdrawnAtMs: clock.nowMs });
  assertEquals(
    await codeOf(() => Promise.resolve().then(() => requireConsent(stored, clock.nowMs))),
    "consent_missing",
  );
  await giveConsent(audit, tenant, "ada", GIVEN, BY);
  assert(isStanding((await getConsent(kv, "site", "ada")).consent));
  assertEquals((await getConsent(kv, "other", "ada")).consent, undefined);
});

Deno.test("giveConsent() leaves a consent that stands as it was, and renews one to another policy", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock, tenant } = await createSite(kv);
  const first = await giveConsent(audit, tenant, "ada", GIVEN, BY);
  clock.nowMs += 1000;
  assertEquals(await giveConsent(audit, tenant, "ada", { ...GIVEN, how: "again" }, BY), first);
  const renewed = await giveConsent(audit, tenant, "ada", { ...GIVEN, policyVersion: "2" }, BY);
  assertEquals(renewed.givenAtMs, clock.nowMs);
});

Deno.test("giveConsent() takes no more subjects than the quota, new ones a day and in all", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock, tenant } = await createSite(kv, { newSubjectsADay: 3, subjects: 5 });
  const give = (subject: string) => giveConsent(audit, tenant, subject, GIVEN, BY);
  for (const subject of ["a", "b", "c"]) await give(subject);
  assertEquals(await codeOf(() => give("d")), "quota_exceeded");
  // Who is known already is not one more.
  await withdrawConsent(audit, "site", "a", BY);
  await give("a");
  clock.nowMs += DAY_MS;
  await give("d");
  await give("e");
  assertEquals(await codeOf(() => give("f")), "quota_exceeded");
});

Deno.test("giveConsent() lets no race past the quota", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, tenant } = await createSite(kv, { newSubjectsADay: 10 });
  const tries = Array.from({ length: 40 }, (_, i) => {
    return giveConsent(audit, tenant, `s${i}`, GIVEN, BY).then(() => 1, () => 0);
  });
  assertEquals((await Promise.all(tries)).reduce((a, b) => a + b, 0), 10);
});

Deno.test("giveConsent() stops 100,000 invented subjects, and another tenant goes on", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, tenant } = await createSite(kv, { newSubjectsADay: 20 });
  const { tenant: other } = await createSite(kv, {}, "other");
  let taken = 0;
  for (let i = 0; i < 100_000; i++) {
    await giveConsent(audit, tenant, `invented-${i}`, GIVEN, BY).then(() => taken++, () => {});
  }
  assertEquals(taken, 20);
  assert(isStanding(await giveConsent(audit, other, "ada", GIVEN, BY)));
  const rows = await Array.fromAsync(kv.list({ prefix: ["tenant", "site", "subject"] }));
  assertEquals(rows.length, 20);
});
