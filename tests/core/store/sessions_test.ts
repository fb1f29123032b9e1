import { assert, assertEquals, assertRejects } from "@std/assert";
import { alertKey, sessionKey } from "../../../core/store/keys.ts";
import {
  type AlertRecord,
  getAlert,
  getSession,
  listAlerts,
  listSessions,
} from "../../../core/store/sessions.ts";
import { createSessionRecord } from "./records.ts";

const NOW_MS = 1000;

Deno.test("getSession() gives what was stored, and nothing across tenants", async () => {
  using kv = await Deno.openKv(":memory:");
  const record = createSessionRecord("a");
  await kv.set(sessionKey("default", "a"), record);
  assertEquals(await getSession(kv, "default", "a", NOW_MS), record);
  assertEquals(await getSession(kv, "other", "a", NOW_MS), undefined);
  assertEquals(await getSession(kv, "default", "b", NOW_MS), undefined);
});

Deno.test("getSession() and getAlert() do not see what is past its time, though it is still there", async () => {
  using kv = await Deno.openKv(":memory:");
  const record = createSessionRecord("a", { expiresAtMs: NOW_MS });
  await kv.set(sessionKey("default", "a"), record);
  assertEquals(await getSession(kv, "default", "a", NOW_MS), undefined);
  assertEquals((await getSession(kv, "default", "a", NOW_MS - 1))?.session, "a");
  const alert: AlertRecord = {
    version: 1,
    id: "1",
    subject: "ada",
    session: "a",
    atMs: 0,
    expiresAtMs: NOW_MS,
    from: "low",
    level: "high",
    action: "step_up",
    risk: 80,
    confidence: 0.9,
    reasons: [],
  };
  await kv.set(alertKey("default", "1"), alert);
  assertEquals(await getAlert(kv, "default", "1", NOW_MS), undefined);
  assertEquals(await getAlert(kv, "default", "1", NOW_MS - 1), alert);
  assertEquals((await listAlerts(kv, "default", NOW_MS, { limit: 10 })).items, []);
});

Deno.test("getSession() refuses a row that is not of the record's shape", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(sessionKey("default", "a"), { ...createSessionRecord("a"), risk: "high" });
  await assertRejects(() => getSession(kv, "default", "a", NOW_MS));
});

Deno.test("listSessions() pages through every session once, newest first", async () => {
  using kv = await Deno.openKv(":memory:");
  const names = Array.from({ length: 25 }, (_, i) => `s${String(i).padStart(2, "0")}`);
  for (const name of names) await kv.set(sessionKey("default", name), createSessionRecord(name));
  await kv.set(sessionKey("other", "z"), createSessionRecord("z"));
  for (const limit of [1, 7, 25, 1000]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listSessions(kv, "default", NOW_MS, { limit, cursor });
      assert(page.items.length <= limit);
      seen.push(...page.items.map(({ session }) => session));
      cursor = page.cursor;
    } while (cursor);
    assertEquals(seen, names.toReversed());
  }
});

Deno.test("listSessions() goes on behind a page on which everything has expired", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(sessionKey("default", "a"), createSessionRecord("a"));
  for (const name of ["b", "c"]) {
    await kv.set(sessionKey("default", name), createSessionRecord(name, { expiresAtMs: 1 }));
  }
  const first = await listSessions(kv, "default", NOW_MS, { limit: 2 });
  assertEquals(first.items, []);
  const second = await listSessions(kv, "default", NOW_MS, { limit: 2, cursor: first.cursor });
  assertEquals(second.items.map(({ session }) => session), ["a"]);
});
