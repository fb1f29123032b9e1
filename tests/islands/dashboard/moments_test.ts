import { assertEquals, assertMatch } from "@std/assert";
import { localMoment, utcMoment } from "../../../islands/dashboard/moments.ts";

const AT_MS = Date.UTC(2026, 10, 3, 21, 5, 9);

Deno.test("utcMoment() says the day, the time and that it is UTC's", () => {
  assertEquals(utcMoment(AT_MS, "moment"), "3 Nov 2026, 21:05 UTC");
  assertEquals(utcMoment(AT_MS, "day"), "3 Nov 2026");
  assertEquals(utcMoment(AT_MS, "clock"), "21:05:09 UTC");
});

Deno.test("localMoment() is the reader's own: it names no zone", () => {
  for (const style of ["moment", "day", "clock"] as const) {
    assertMatch(localMoment(AT_MS, style), /\d/);
    assertEquals(localMoment(AT_MS, style).includes("UTC"), false);
  }
});
