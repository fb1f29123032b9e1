import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { AuditEntry, AuditLog } from "../../../core/store/audit.ts";
import { auditEntryKey, auditHeadKey } from "../../../core/store/keys.ts";
import { BY, createAuditLog } from "./audit_logs.ts";

const TENANT = "default";

async function withLog(run: (audit: AuditLog, kv: Deno.Kv) => Promise<void>, entries = 5) {
  using kv = await Deno.openKv(":memory:");
  const { audit } = await createAuditLog(kv);
  for (let i = 1; i <= entries; i++) await audit.record(TENANT, act(i));
  await run(audit, kv);
}

const act = (i: number) => ({
  ...BY,
  action: "thing.done",
  target: { kind: "thing", id: `${i}` },
  before: { i },
  after: { i: i + 1 },
});

async function entryAt(kv: Deno.Kv, sequence: number): Promise<AuditEntry> {
  return (await kv.get<AuditEntry>(auditEntryKey(TENANT, sequence))).value!;
}

Deno.test("AuditLog.record() says who, what, when, from where, before and after", async () => {
  await withLog(async (audit) => {
    const { items } = await audit.list(TENANT, { limit: 10 });
    assertEquals(items.map(({ sequence }) => sequence), [5, 4, 3, 2, 1]);
    const { actor, from, action, target, atMs, before, after } = items[0]!;
    assertEquals({ actor, from }, BY);
    assertEquals([action, target], ["thing.done", { kind: "thing", id: "5" }]);
    assertEquals([atMs, before, after], [1.7e12, '{"i":5}', '{"i":6}']);
    assertEquals(await audit.verify(TENANT), { sound: 5 });
    assertEquals(await audit.verify("other"), { sound: 0 });
  });
});

Deno.test("AuditLog.record() commits an act with its entry or neither", async () => {
  await withLog(async (audit, kv) => {
    const key = ["row"];
    const write = (atomic: Deno.AtomicOperation) =>
      atomic.check({ key, versionstamp: null }).set(key, "first");
    assertEquals(await audit.record(TENANT, act(6), write), true);
    assertEquals(await audit.record(TENANT, act(7), write), false);
    assertEquals(await audit.verify(TENANT), { sound: 6 });
    assertEquals((await kv.get(key)).value, "first");
  });
});

Deno.test("AuditLog.record() loses none of fifty acts at once", async () => {
  await withLog(async (audit) => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => audit.record(TENANT, act(i))));
    assertEquals(await audit.verify(TENANT), { sound: 50 });
  }, 0);
});

Deno.test("AuditLog.record() names a subject by a pseudonym that only the key can make", async () => {
  await withLog(async (audit, kv) => {
    await audit.record(TENANT, { ...act(1), target: { kind: "subject", id: "ada" } });
    const { target } = await entryAt(kv, 1);
    assertEquals(target, { kind: "subject", id: await audit.pseudonymOf(TENANT, "ada") });
    assert(/^[0-9a-f]{32}$/.test(target.id));
    const { audit: other } = await createAuditLog(kv, "1".repeat(64));
    assert(await other.pseudonymOf(TENANT, "ada") !== target.id);
    assert(await audit.pseudonymOf("other", "ada") !== target.id);
  }, 0);
});

Deno.test("AuditLog.verify() finds any field of any entry that was edited", async () => {
  await withLog(async (audit, kv) => {
    const edits: ((entry: AuditEntry) => AuditEntry)[] = [
      (entry) => ({ ...entry, atMs: entry.atMs + 1 }),
      (entry) => ({ ...entry, actor: { kind: "operator", id: entry.actor.id } }),
      (entry) => ({ ...entry, actor: { ...entry.actor, id: "someone else" } }),
      (entry) => ({ ...entry, action: "thing.undone" }),
      (entry) => ({ ...entry, target: { ...entry.target, id: "other" } }),
      (entry) => ({ ...entry, from: "192.0.2.2" }),
      ({ from: _, ...entry }) => entry,
      (entry) => ({ ...entry, before: "{}" }),
      (entry) => ({ ...entry, after: "null" }),
      ({ after: _, ...entry }) => entry,
      (entry) => ({ ...entry, hash: entry.hash.replace(/^./, (c) => c === "0" ? "1" : "0") }),
    ];
    for (const sequence of [1, 3, 5]) {
      const key = auditEntryKey(TENANT, sequence);
      const entry = await entryAt(kv, sequence);
      for (const edit of edits) {
        await kv.set(key, edit(entry));
        const { sound, fault } = await audit.verify(TENANT);
        assertEquals([sound, fault?.sequence], [sequence - 1, sequence], edit.toString());
      }
      await kv.set(key, entry);
    }
    assertEquals(await audit.verify(TENANT), { sound: 5 });
  });
});

Deno.test("AuditLog.verify() finds entries that are missing, moved, doubled or added", async () => {
  const first = async (change: (kv: Deno.Kv) => Promise<unknown>) => {
    let found: number | undefined;
    await withLog(async (audit, kv) => {
      await change(kv);
      found = (await audit.verify(TENANT)).fault?.sequence;
    });
    return found;
  };
  const put = async (kv: Deno.Kv, from: number, to: number, change = {}) =>
    await kv.set(auditEntryKey(TENANT, to), { ...await entryAt(kv, from), ...change });
  assertEquals(await first((kv) => kv.delete(auditEntryKey(TENANT, 1))), 1);
  assertEquals(await first((kv) => kv.delete(auditEntryKey(TENANT, 3))), 3);
  assertEquals(await first((kv) => kv.delete(auditEntryKey(TENANT, 5))), 5);
  const swapped = await first(async (kv) => {
    const [two, three] = [await entryAt(kv, 2), await entryAt(kv, 3)];
    await kv.set(auditEntryKey(TENANT, 2), three);
    await kv.set(auditEntryKey(TENANT, 3), two);
  });
  assertEquals(swapped, 2);
  assertEquals(await first((kv) => put(kv, 5, 6)), 6);
  assertEquals(await first((kv) => put(kv, 5, 6, { sequence: 6 })), 6);
  assertEquals(await first((kv) => put(kv, 2, 4, { sequence: 4 })), 4);
  // Taken out, and the rest pulled together, with the head put right.
  const closed = await first(async (kv) => {
    await put(kv, 4, 3, { sequence: 3 });
    await put(kv, 5, 4, { sequence: 4 });
    await kv.delete(auditEntryKey(TENANT, 5));
    await kv.set(auditHeadKey(TENANT), { sequence: 4, hash: (await entryAt(kv, 4)).hash });
  });
  assertEquals(closed, 3);
  assertEquals(await first((kv) => kv.set(auditEntryKey(TENANT, 2), "nothing")), 2);
});

Deno.test("AuditLog.verify() finds a chain moved to another tenant, or made under another key", async () => {
  await withLog(async (audit, kv) => {
    for (let i = 1; i <= 5; i++) await kv.set(auditEntryKey("other", i), await entryAt(kv, i));
    await kv.set(auditHeadKey("other"), (await kv.get(auditHeadKey(TENANT))).value);
    assertEquals((await audit.verify("other")).fault?.sequence, 1);
    const { audit: stranger } = await createAuditLog(kv, "1".repeat(64));
    assertEquals((await stranger.verify(TENANT)).fault?.sequence, 1);
  });
});

Deno.test("AuditLog.verify() is content with whatever was recorded", async () => {
  const text = fc.string({ unit: "binary" });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ id: text, from: text, after: fc.jsonValue() })), async (
      acts,
    ) => {
      await withLog(async (audit) => {
        for (const { id, from, after } of acts) {
          const target = { kind: "thing", id };
          await audit.record(TENANT, { ...BY, action: "a", target, from, after });
        }
        assertEquals(await audit.verify(TENANT), { sound: acts.length });
      }, 0);
    }),
    { numRuns: 30 },
  );
});
