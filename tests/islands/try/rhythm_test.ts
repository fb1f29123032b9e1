import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ZONES } from "../../../core/zones.ts";
import { Rhythm } from "../../../islands/try/rhythm.ts";
import { middleWords } from "../../../islands/try/rhythm_picture.tsx";

const stroke = (timeMs: number, holdMs: number, zone: typeof ZONES[number]) => ({
  kind: "stroke" as const,
  timeMs,
  holdMs,
  zone,
});

Deno.test("Rhythm gathers holds by zone and flights by the two zones they lie between", () => {
  const rhythm = new Rhythm();
  rhythm.take(stroke(0, 90, "letter"));
  rhythm.take(stroke(150, 100, "letter"));
  rhythm.take(stroke(230, 60, "space"));
  rhythm.take(stroke(400, 80, "letter"));
  rhythm.take(stroke(600, 80, "digit"));
  const { holdMs, flightMs, strokes } = rhythm.facts.value;
  assertEquals(strokes, 5);
  assertEquals(holdMs, { letter: [90, 100, 80], space: [60], erase: [], modifier: [] });
  // The space went down 20 ms before the letter was up.
  const expected = { "letter letter": [60], "letter space": [-20], "space letter": [110] };
  assertEquals(flightMs, expected);
});

Deno.test("Rhythm reads no flight over a pause, and forgets", () => {
  const rhythm = new Rhythm();
  rhythm.take(stroke(0, 90, "letter"));
  rhythm.take(stroke(5000, 90, "letter"));
  assertEquals(rhythm.facts.value.flightMs["letter letter"], []);
  rhythm.reset();
  assertEquals(rhythm.facts.value.strokes, 0);
  rhythm.take(stroke(5100, 90, "letter"));
  assertEquals(rhythm.facts.value.flightMs["letter letter"], []);
});

Deno.test("Rhythm holds the newest values of any stream of strokes, and never more than it keeps", () => {
  const strokes = fc.array(
    fc.record({ gapMs: fc.nat(1500), holdMs: fc.nat(400), zone: fc.constantFrom(...ZONES) }),
    { maxLength: 600 },
  );
  fc.assert(
    fc.property(strokes, (given) => {
      const rhythm = new Rhythm();
      let timeMs = 0;
      for (const { gapMs, holdMs, zone } of given) {
        rhythm.take(stroke(timeMs += gapMs, holdMs, zone));
      }
      const { holdMs, recent } = rhythm.facts.value;
      const letters = given.filter(({ zone }) => zone === "letter").map(({ holdMs }) => holdMs);
      assertEquals(holdMs.letter, letters.slice(-160));
      assertEquals(recent.length, Math.min(40, given.length));
    }),
    { numRuns: 50 },
  );
});

Deno.test("middleWords() is the median, and nothing of too few values", () => {
  assertEquals(middleWords([1, 2, 3, 4]), "–");
  assertEquals(middleWords([5, 1, 100, 3, 2]), "3");
  assertEquals(middleWords([1, 2, 3, 5, 8, 9]), "4");
});
