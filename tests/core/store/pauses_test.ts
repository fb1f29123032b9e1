import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  getConsent,
  giveConsent,
  requireConsent,
  withdrawConsent,
} from "../../../core/store/consents.ts";
import { pauseConsent, resumeConsent } from "../../../core/store/pauses.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import { setUnanswered } from "../../../core/store/unanswered.ts";
import { BY, createAuditLog } from "./audit_logs.ts";

const GIVEN = { policyVersion: "1", how: "test" };
const ADA = { tenant: "site", subject: "ada" };
const HOUR_MS = 3600_000;

async function withConsent(
  run: (store: Awaited<ReturnType<typeof createStore>>) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  await run(await createStore(kv));
}

async function createStore(kv: Deno.Kv) {
  const { audit, clock } = await createAuditLog(kv);
  const tenant = await createTenant(audit, { id: "site", name: "Site", nowMs: clock.nowMs }, BY);
  await giveConsent(audit, tenant, "ada", GIVEN, BY);
  /** The code by which watching is refused; nothing where it is not. */
  const refusal = async () => {
    const stored = await getConsent(kv, "site", "ada");
    try {
      requireConsent(stored, clock.nowMs);
    } catch (error) {
      return (error as GaitkeeperError).code;
    }
  };
  return { kv, audit, clock, tenant, refusal };
}

Deno.test("a pause lasts until it is ended, and the consent stays", async () => {
  await withConsent(async ({ audit, clock, refusal }) => {
    assertEquals(await pauseConsent(audit, ADA, BY), true);
    clock.nowMs += 1000 * 24 * HOUR_MS;
    assertEquals(await refusal(), "paused");
    assertEquals(await resumeConsent(audit, ADA, BY), true);
    assertEquals(await refusal(), undefined);
    assertEquals(await resumeConsent(audit, ADA, BY), false);
    const { items } = await audit.list("site", { limit: 2 });
    assertEquals(items.map(({ action }) => action), ["consent.resumed", "consent.paused"]);
  });
});

Deno.test("a pause for a time is over on the millisecond, by itself", async () => {
  await withConsent(async ({ audit, clock, refusal }) => {
    await pauseConsent(audit, { ...ADA, untilMs: clock.nowMs + HOUR_MS }, BY);
    clock.nowMs += HOUR_MS - 1;
    assertEquals(await refusal(), "paused");
    clock.nowMs += 1;
    assertEquals(await refusal(), undefined);
  });
});

Deno.test("a pause outlives a consent to another text, and not a consent after a withdrawal", async () => {
  await withConsent(async ({ audit, tenant, refusal }) => {
    await pauseConsent(audit, ADA, BY);
    await giveConsent(audit, tenant, "ada", { ...GIVEN, policyVersion: "2" }, BY);
    assertEquals(await refusal(), "paused");
    await withdrawConsent(audit, "site", "ada", BY);
    assertEquals(await refusal(), "consent_missing");
    assertEquals(await pauseConsent(audit, ADA, BY), false);
    await giveConsent(audit, tenant, "ada", GIVEN, BY);
    assertEquals(await refusal(), undefined);
  });
});

Deno.test("pauseConsent() lets nobody escape a step-up that was asked", async () => {
  await withConsent(async ({ kv, audit, clock, refusal }) => {
    const asked = { alert: "a", session: "s", atMs: clock.nowMs };
    const atomic = kv.atomic();
    setUnanswered(atomic, ADA, asked, HOUR_MS);
    await atomic.commit();
    const { code } = await assertRejects(() => pauseConsent(audit, ADA, BY), GaitkeeperError);
    assertEquals([code, await refusal()], ["step_up_unanswered", undefined]);
    clock.nowMs += HOUR_MS;
    assertEquals(await pauseConsent(audit, ADA, BY), true);
  });
});

Deno.test("requireConsent() refuses who never consented as missing, not as paused", () => {
  const none = { consent: undefined, versionstamp: null };
  assertThrows(() => requireConsent(none, 0), GaitkeeperError, "must be on record");
});
