import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type AlertChange, handleAlert } from "../../../core/store/alert_handlings.ts";
import { type AlertFilter, listQueue } from "../../../core/store/alert_queue.ts";
import { alertKey } from "../../../core/store/keys.ts";
import { BY, createAuditLog } from "./audit_logs.ts";

const CHANGES: readonly (AlertChange | undefined)[] = [
  undefined,
  { state: "acknowledged" },
  { state: "resolved", verdict: "genuine" },
  { state: "resolved", verdict: "impostor" },
  { state: "open", verdict: "unsure" },
];
const LEVELS = ["high", "critical"] as const;

Deno.test("listQueue() pages through all that fit and nothing else, newest first, whatever the limit", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock } = await createAuditLog(kv);
  const rows = Array.from({ length: 60 }, (_, i) => ({
    id: `a${String(i).padStart(3, "0")}`,
    level: LEVELS[i % 7 === 0 ? 1 : 0]!,
    subject: i % 3 ? "ada" : "grace",
    change: CHANGES[i % 11] ?? undefined,
  }));
  for (const { id, level, subject, change } of rows) {
    const atMs = clock.nowMs;
    await kv.set(alertKey("site", id), {
      ...{ version: 1, id, subject, session: "s", atMs, expiresAtMs: atMs + 1000, from: "low" },
      ...{ level, action: "step_up", risk: 90, confidence: 1, reasons: [] },
    });
    if (change) await handleAlert(audit, { tenant: "site", alert: id }, change, BY);
  }
  const some = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  const filters: fc.Arbitrary<AlertFilter> = fc.record({
    state: some("open" as const, "acknowledged" as const, "resolved" as const),
    verdict: some("genuine" as const, "impostor" as const, "unsure" as const),
    level: some(...LEVELS),
    subject: some("ada", "grace", "nobody"),
  });
  await fc.assert(
    fc.asyncProperty(filters, fc.integer({ min: 1, max: 70 }), async (filter, limit) => {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listQueue(kv, "site", clock.nowMs, { ...filter, limit, cursor });
        if (page.items.length > limit) throw new Error(`${page.items.length} of ${limit}`);
        found.push(...page.items.map(({ alert }) => alert.id));
        cursor = page.cursor;
      } while (cursor !== undefined);
      const wanted = rows.filter(({ level, subject, change }) =>
        (filter.state ?? change?.state ?? "open") === (change?.state ?? "open") &&
        (filter.verdict === undefined || filter.verdict === change?.verdict) &&
        (filter.level ?? level) === level && (filter.subject ?? subject) === subject
      );
      assertEquals(found, wanted.map(({ id }) => id).toReversed());
    }),
    { numRuns: 60 },
  );
});
