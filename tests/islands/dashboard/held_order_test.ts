import { assertEquals } from "@std/assert";
import { inHeldOrder, movedCount } from "../../../islands/dashboard/held_order.ts";
import type { SessionRow } from "../../../routes/live/feed.ts";

const row = (session: string, risk = 1): SessionRow => ({
  session,
  subject: session,
  startedAtMs: 0,
  updatedAtMs: 0,
  risk,
  confidence: 0.5,
  level: "low",
  action: "allow",
  keyboard: "ready",
  pointer: "cold",
  missing: {},
  recent: [],
});

const names = (rows: readonly SessionRow[]) => rows.map(({ session, risk }) => `${session}${risk}`);

Deno.test("inHeldOrder() keeps every row where it stood, as it is now, and lets newcomers follow", () => {
  const now = [row("c", 9), row("new", 5), row("a", 2)];
  const known = new Map([...now, row("b", 3)].map((one) => [one.session, one]));
  assertEquals(names(inHeldOrder(now, ["a", "b", "c"], known)), ["a2", "b3", "c9", "new5"]);
});

Deno.test("inHeldOrder() lets go of what is there no more", () => {
  const known = new Map([["a", row("a")]]);
  assertEquals(names(inHeldOrder([row("a")], ["gone", "a"], known)), ["a1"]);
});

Deno.test("movedCount() counts the rows in sight that would stand elsewhere", () => {
  const held = [row("a"), row("b"), row("c"), row("d")];
  assertEquals(movedCount(held, held, 4), 0);
  const rows = [row("b"), row("a"), row("d"), row("c")];
  assertEquals([movedCount(held, rows, 2), movedCount(held, rows, 4)], [2, 4]);
});
