import { assertEquals } from "@std/assert";
import { announcementOf } from "../../../islands/dashboard/announcer.tsx";
import {
  ageWords,
  chanceWords,
  factorWords,
  missingWords,
  riskWords,
  shortId,
} from "../../../islands/dashboard/words.ts";
import type { AlertView } from "../../../routes/live/feed.ts";

Deno.test("missingWords() counts in the unit's own number", () => {
  assertEquals(missingWords({ amount: 120, unit: "strokes" }), "120 more strokes");
  assertEquals(missingWords({ amount: 1, unit: "strokes" }), "1 more stroke");
  assertEquals(
    missingWords({ amount: 1, unit: "seconds of movement" }),
    "1 more second of movement",
  );
  assertEquals(missingWords({ amount: 1, unit: "sessions" }), "1 more session");
});

Deno.test("ageWords() grows coarser with age", () => {
  const ages = [-500, 9000, 47_000, 60_000, 3_599_000, 7_300_000, 3 * 86_400_000];
  assertEquals(ages.map(ageWords), [
    "just now",
    "just now",
    "40 s ago",
    "1 min ago",
    "59 min ago",
    "2 h ago",
    "3 days ago",
  ]);
});

Deno.test("factorWords() multiplies towards someone else and divides away", () => {
  assertEquals([Math.log(2.3), -Math.log(4.1), Math.log(30), 0].map(factorWords), [
    "×2.3",
    "÷4.1",
    "×30",
    "×1.0",
  ]);
});

Deno.test("chanceWords() says a chance as people do", () => {
  const odds = [0.01, 0.0002, 0.5, 0.98].map((chance) => Math.log(chance / (1 - chance)));
  assertEquals(odds.map(chanceWords), ["1 in 100", "1 in 5,000", "50 in 100", "98 in 100"]);
});

Deno.test("riskWords() never rounds into a certainty, and has no number for unknown", () => {
  assertEquals(riskWords(0.3, "low"), "<1");
  assertEquals(riskWords(99.7, "critical"), ">99");
  assertEquals(riskWords(42.4, "elevated"), "42");
  assertEquals(riskWords(1, "unknown"), "?");
});

Deno.test("shortId() keeps both ends of a long id", () => {
  assertEquals(shortId("browser-01KAPQ5Z6N0123456789ABCDEF"), "brow…ABCDEF");
  assertEquals(shortId("u-1"), "u-1");
});

Deno.test("announcementOf() says one alert by name and many by number", () => {
  const one = { subject: "ada", level: "critical" } as AlertView;
  assertEquals(announcementOf([one]), "New alert: critical risk for ada");
  assertEquals(announcementOf([one, one, one]), "3 new alerts");
});

Deno.test("factorWords() tells of large factors what is known of them", () => {
  const words = [Math.log(96.4), Math.log(999), Math.log(8894), -Math.log(700_550)].map(
    factorWords,
  );
  assertEquals(words, ["×96", "×999", "×8,900", "÷700,000"]);
});

Deno.test("chanceWords() rounds nothing into a certainty", () => {
  const logOdds = (chance: number) => Math.log(chance / (1 - chance));
  assertEquals([0.982, 0.9949, 0.9999].map(logOdds).map(chanceWords), [
    "98 in 100",
    "99 in 100",
    "more than 99 in 100",
  ]);
});
