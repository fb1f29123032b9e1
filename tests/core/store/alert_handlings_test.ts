import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { getHandlings, handleAlert } from "../../../core/store/alert_handlings.ts";
import { eraseSubject } from "../../../core/store/erasure.ts";
import { followTenant, type TenantChanges } from "../../../core/store/feed.ts";
import { alertHandlingKey, alertKey, bellKey, subjectAlertKey } from "../../../core/store/keys.ts";
import { AlertRecord } from "../../../core/store/sessions.ts";
import { readSubjectRows } from "../../../core/store/subject_rows.ts";
import { sweepTenant } from "../../../core/store/sweep.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import { BY, createAuditLog } from "./audit_logs.ts";
import { VAULT } from "./vaults.ts";

const DAY_MS = 24 * 3600_000;
const OTHER_BY = { actor: { kind: "operator", id: "grace" } } as const;
const which = (alert: string) => ({ tenant: "site", alert });

async function withAlerts(
  ids: readonly string[],
  run: (log: Awaited<ReturnType<typeof createAuditLog>>, kv: Deno.Kv) => Promise<void>,
) {
  using kv = await Deno.openKv(":memory:");
  const log = await createAuditLog(kv);
  const { nowMs } = log.clock;
  await createTenant(log.audit, { id: "site", name: "Site", nowMs }, BY);
  for (const id of ids) {
    await kv.set(alertKey("site", id), alertOf(id, nowMs));
    await kv.set(subjectAlertKey("site", "ada", id), 1);
  }
  await run(log, kv);
}

function alertOf(id: string, atMs: number) {
  return AlertRecord.parse({
    ...{ version: 1, id, subject: "ada", session: "s", atMs, expiresAtMs: atMs + DAY_MS },
    ...{ from: "low", level: "high", action: "step_up", risk: 90, confidence: 1, reasons: [] },
  });
}

Deno.test("handleAlert() keeps what people do at once to different parts of it, and logs each", async () => {
  await withAlerts(["a"], async ({ audit }, kv) => {
    await Promise.all([
      handleAlert(audit, which("a"), { state: "resolved" }, BY),
      handleAlert(audit, which("a"), { verdict: "impostor" }, OTHER_BY),
      handleAlert(audit, which("a"), { note: "Rang them up" }, BY),
    ]);
    const handling = (await getHandlings(kv, "site", ["a"])).get("a")!;
    const { state, verdict, note } = handling;
    assertEquals([state, verdict, note], ["resolved", "impostor", "Rang them up"]);
    const { items } = await audit.list("site", { limit: 3 });
    assertEquals(items.map(({ action, target }) => [action, target.id]), [
      ...Array(3).fill(["alert.handled", "a"]),
    ]);
    // Each entry begins where the one before it ended: none was worked out from what was old.
    assertEquals(
      items.slice(0, 2).map(({ before }) => before),
      items.slice(1).map(({ after }) => after),
    );
    assert(!JSON.stringify(items).includes("Rang"));
    assertEquals((await audit.verify("site")).fault, undefined);
  });
});

Deno.test("handleAlert() leaves no word of an alert that is not there, or of whose time is over", async () => {
  await withAlerts(["a"], async ({ audit, clock }, kv) => {
    const entries = (await audit.list("site", { limit: 9 })).items.length;
    const refused = (at: { tenant: string; alert: string }) =>
      assertRejects(
        () => handleAlert(audit, at, { state: "resolved" }, BY),
        GaitkeeperError,
        "there is none of this id",
      );
    await refused(which("b"));
    await refused({ tenant: "elsewhere", alert: "a" });
    clock.nowMs += DAY_MS;
    await refused(which("a"));
    assertEquals((await audit.list("site", { limit: 9 })).items.length, entries);
    assertEquals((await getHandlings(kv, "site", ["a", "b"])).size, 0);
  });
});

Deno.test("getHandlings() reads any number of alerts, and leaves out the untouched", async () => {
  const ids = Array.from({ length: 23 }, (_, i) => `a${i}`);
  await withAlerts(ids, async ({ audit }, kv) => {
    for (const id of ["a0", "a9", "a10", "a22"]) {
      await handleAlert(audit, which(id), { state: "acknowledged" }, BY);
    }
    assertEquals([...(await getHandlings(kv, "site", ids)).keys()], ["a0", "a9", "a10", "a22"]);
    assertEquals((await getHandlings(kv, "elsewhere", ids)).size, 0);
  });
});

Deno.test("what was made of an alert is exported, erased and swept with it", async () => {
  await withAlerts(["a", "b"], async ({ audit, clock }, kv) => {
    const left = async () =>
      (await Promise.all(["a", "b"].map((id) => kv.get(alertHandlingKey("site", id)))))
        .map(({ value }) => value !== null);
    for (const id of ["a", "b"]) {
      await handleAlert(audit, which(id), { note: `Note on ${id}` }, BY);
    }
    const dataKey = await VAULT.dataKey(kv, "site", "ada");
    const rows = await Array.fromAsync(readSubjectRows(kv, dataKey));
    const told = rows.filter(({ kind }) => kind === "handling");
    assertEquals(told.map(({ value }) => (value as { note: string }).note), [
      "Note on a",
      "Note on b",
    ]);
    await kv.set(alertKey("site", "b"), { ...alertOf("b", clock.nowMs), subject: "grace" });
    await kv.delete(subjectAlertKey("site", "ada", "b"));
    await eraseSubject(audit, "site", "ada", BY);
    assertEquals(await left(), [false, true]);
    const retention = { sessions: 90, alerts: 90, idleProfiles: 90 };
    await sweepTenant(kv, { id: "site", retention }, clock.nowMs + DAY_MS);
    assertEquals(await left(), [false, false]);
  });
});

Deno.test("an erasure and somebody who handles the alert at once leave no row of it", async () => {
  await withAlerts(["a"], async ({ audit }, kv) => {
    await Promise.allSettled([
      handleAlert(audit, which("a"), { note: "x" }, BY),
      eraseSubject(audit, "site", "ada", BY),
      handleAlert(audit, which("a"), { note: "y" }, BY),
      handleAlert(audit, which("a"), { note: "z" }, BY),
    ]);
    for (const key of [alertKey("site", "a"), alertHandlingKey("site", "a")]) {
      assertEquals((await kv.get(key)).value, null);
    }
    assertEquals((await audit.verify("site")).fault, undefined);
  });
});

Deno.test("followTenant() tells that an alert was handled, to other dashboards too", async () => {
  await withAlerts(["a", "b"], async ({ audit, clock }, kv) => {
    await kv.set(bellKey("site"), "raised");
    const abort = new AbortController();
    const never = (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    const options = { nowMs: () => clock.nowMs, delay: never };
    const feed = followTenant(kv, "site", abort.signal, options);
    const next = async () => ((await feed.next()).value as TenantChanges).alerts;
    assertEquals((await next()).map(({ alert, handling }) => [alert.id, handling]), [
      ["b", undefined],
      ["a", undefined],
    ]);
    await handleAlert(audit, which("a"), { state: "acknowledged" }, BY);
    assertEquals((await next()).map(({ alert, handling }) => [alert.id, handling?.state]), [
      ["a", "acknowledged"],
    ]);
    abort.abort();
    await feed.return(undefined);
  });
});
