import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  ACTIVE_MS,
  DEVICES,
  filterOf,
  isWithin,
  LEVELS,
  NO_FILTER,
  queryOf,
  rankSessions,
  STAGES,
} from "../../../islands/dashboard/ranking.ts";
import type { SessionRow } from "../../../routes/live/feed.ts";

const NOW_MS = 1000;

const row = (session: string, change: Partial<SessionRow> = {}): SessionRow => ({
  session,
  subject: session,
  startedAtMs: 0,
  updatedAtMs: 0,
  risk: 1,
  confidence: 0.5,
  level: "low",
  action: "allow",
  keyboard: "ready",
  pointer: "cold",
  missing: {},
  recent: [],
  ...change,
});

Deno.test("rankSessions() puts unknown above elevated, and the riskier above the calmer", () => {
  const rows = [
    row("low", { risk: 3 }),
    row("unknown", { level: "unknown", risk: 0.5 }),
    row("elevated", { level: "elevated", risk: 44 }),
    row("critical", { level: "critical", risk: 97 }),
    row("lowest", { risk: 1 }),
  ];
  const order = rankSessions(rows, NOW_MS, 10).map(({ session }) => session);
  assertEquals(order, ["critical", "unknown", "elevated", "low", "lowest"]);
});

Deno.test("rankSessions() gives one order whatever order it is given", () => {
  const rows = Array.from({ length: 12 }, (_, i) => row(`s${i}`, { risk: i % 3 }));
  const ranked = rankSessions(rows, NOW_MS, 8);
  fc.assert(fc.property(fc.shuffledSubarray(rows, { minLength: 12 }), (shuffled) => {
    assertEquals(rankSessions(shuffled, NOW_MS, 8), ranked);
  }));
});

Deno.test("rankSessions() puts the active before the riskiest of those that ended", () => {
  const rows = [row("ended", { level: "critical", risk: 97 }), row("active", { updatedAtMs: 2 })];
  const order = rankSessions(rows, ACTIVE_MS + 1).map(({ session }) => session);
  assertEquals(order, ["active", "ended"]);
});

Deno.test("filterOf() reads what queryOf() writes", () => {
  const one = <Name extends string>(names: readonly Name[]) => fc.constantFrom(undefined, ...names);
  const filters = fc.record({
    search: fc.string({ maxLength: 40 }).map((text) => text.trim()),
    level: one(LEVELS),
    stage: one(STAGES),
    device: one(DEVICES),
    ended: fc.boolean(),
  });
  fc.assert(fc.property(filters, (filter) => {
    assertEquals(filterOf(new URLSearchParams(queryOf(filter))), filter);
  }));
  const empty = filterOf(new URLSearchParams("search=&level=&stage=lost&device=&show="));
  assertEquals(queryOf(empty), "");
});

Deno.test("isWithin() finds by part of either id, by level, by the best stage, by device", () => {
  const subject = row("S1", { subject: "Ada@site", keyboard: "learning", pointer: "ready" });
  const is = (query: string) => isWithin(subject, filterOf(new URLSearchParams(query)), NOW_MS);
  for (const query of ["search=ada", "search=s1", "stage=ready", "level=low", "device=unknown"]) {
    assertEquals(is(query), true, query);
  }
  for (const query of ["search=eve", "stage=learning", "level=high", "device=mouse"]) {
    assertEquals(is(query), false, query);
  }
  assertEquals(isWithin(subject, NO_FILTER, ACTIVE_MS), false);
  assertEquals(isWithin(subject, { ...NO_FILTER, ended: true }, ACTIVE_MS), true);
});
