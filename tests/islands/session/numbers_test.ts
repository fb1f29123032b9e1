import { assertEquals } from "@std/assert";
import { placeWords, rangeWords, valueWords } from "../../../islands/session/numbers.ts";

Deno.test("valueWords() says three digits and the unit, shares in percent", () => {
  const words = [
    valueWords(62.34, "ms"),
    valueWords(1234.5, "px/s"),
    valueWords(0.123, "ratio"),
    valueWords(3.456, "count"),
    valueWords(0.0312, "rad/px"),
  ];
  assertEquals(words, ["62.3 ms", "1,235 px/s", "12.3 %", "3.46", "0.03 rad/px"]);
  assertEquals(rangeWords(0.18, 0.44, "ratio"), "18 to 44 %");
  assertEquals(rangeWords(84, 118.2, "ms"), "84 to 118 ms");
});

Deno.test("placeWords() says where the value lies", () => {
  const place = (value: number) =>
    placeWords({ feature: "holds", unit: "ms", value, usual: [84, 93, 100, 106, 118] });
  assertEquals([62, 86, 101, 112, 130].map(place), [
    "below the usual range",
    "within the usual range",
    "right in the usual range",
    "within the usual range",
    "above the usual range",
  ]);
});
