import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type History, remember } from "../../core/history.ts";

Deno.test("remember() keeps the last value of a second, at the time of the first", () => {
  let history: History = [];
  for (const [atMs, value] of [[1000, 1], [1400, 2], [1999, 3], [2000, 4]] as const) {
    history = remember(history, atMs, value, 10);
  }
  assertEquals(history, [[1000, 3], [2000, 4]]);
});

Deno.test("remember() stays bounded, in order, and knows its beginning and its end", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1 }), (gaps) => {
    let [history, atMs]: [History, number] = [[], 0];
    for (const gap of [...gaps, ...Array(60).fill(1000)]) {
      atMs += gap;
      history = remember(history, atMs, atMs, 20);
      assert(history.length <= 20);
      assertEquals(history.at(-1)![1], atMs);
    }
    const times = history.map(([at]) => at);
    assertEquals(times, times.toSorted((a, b) => a - b));
    assertEquals(times[0], gaps[0]);
  }));
});
