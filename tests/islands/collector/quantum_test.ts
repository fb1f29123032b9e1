import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { ClockMeter } from "../../../islands/collector/quantum.ts";

/** What the meter says of these times when a clock of this step hands them out. */
function measure(timesMs: readonly number[], quantumMs: number): number[] {
  const meter = new ClockMeter();
  return timesMs
    .map((timeMs) => meter.observe(Math.floor(timeMs / quantumMs) * quantumMs))
    .filter((answer) => answer !== undefined);
}

/** Tenths of a millisecond, as the finest browser clock counts them. */
const gaps = fc.array(fc.integer({ min: 30, max: 3000 }).map((tenths) => tenths / 10), {
  minLength: 120,
  maxLength: 120,
});

function timesOf(gapsMs: readonly number[]): number[] {
  let timeMs = 1000;
  return gapsMs.map((gapMs) => timeMs += gapMs);
}

for (const quantumMs of [0.1, 1, 2, 1000 / 60, 100]) {
  Deno.test(`ClockMeter.observe() finds a step of ${quantumMs.toFixed(1)} ms`, () => {
    // Ordinary typing meets every remainder; evenly spaced shrunk cases would be a coarser clock.
    fc.assert(
      fc.property(gaps.filter((gaps) => new Set(gaps.map(Math.round)).size > 60), (gaps) => {
        const answers = measure(timesOf([...gaps, ...gaps, ...gaps]), quantumMs);
        assertAlmostEquals(answers.at(-1)!, quantumMs, 0.051);
      }),
      { numRuns: 20 },
    );
  });
}

Deno.test("ClockMeter.observe() takes a clock finer than the wire for the wire's", () => {
  const gaps = Array.from({ length: 100 }, (_, i) => 10 + (i * 37 % 91) / 7);
  assertEquals(measure(timesOf(gaps), 0.005), [0.1]);
});

Deno.test("ClockMeter.observe() says nothing before it has seen enough", () => {
  assertEquals(measure(timesOf(Array(32).fill(11)), 0.1), []);
});

Deno.test("ClockMeter.observe() says when the step changes, and only then", () => {
  const meter = new ClockMeter();
  const answers: (number | undefined)[] = [];
  let timeMs = 0;
  for (let i = 0; i < 400; i++) {
    timeMs += 20 + i * 13 % 47;
    answers.push(meter.observe(i < 200 ? timeMs : Math.floor(timeMs / 100) * 100));
  }
  const said = answers.filter((answer) => answer !== undefined);
  assertEquals([said[0], said.at(-1)], [1, 100]);
});
