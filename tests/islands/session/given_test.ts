import { assertEquals } from "@std/assert";
import { missingOf } from "../../../islands/session/given.tsx";
import { sessionDetail } from "../../../routes/live/feed.ts";
import { createCourse, createSession } from "../../routes/seeded_store.ts";

const detailOf = (change: Parameters<typeof createSession>[2]) =>
  sessionDetail(createSession("a", 1_790_000_000_000, change));
const whatOf = (change: Parameters<typeof createSession>[2]) =>
  missingOf(detailOf(change)).map(({ what }) => what);

const INPUT = { strokes: 9, pointerSamples: 9, presses: 0, wheelSteps: 0, marks: {} };

Deno.test("missingOf() finds nothing missing where keys and pointer were heard by a fine clock", () => {
  assertEquals(whatOf({ clockQuantumMs: 0.1, input: INPUT }), []);
});

Deno.test("missingOf() names what was not typed, what was lost and what was never heard", () => {
  assertEquals(whatOf({ ...createCourse(1_790_000_000_000, "calm"), strokes: 0 }), [
    "No typing.",
    "No pointer movement.",
    "Pasted 3 times.",
    "Filled in twice.",
    "Input method once.",
    "1 gap.",
    "A coarse clock.",
  ]);
});

Deno.test("missingOf() tells a clock that says less from one that says nothing", () => {
  const why = (clockQuantumMs: number) =>
    missingOf(detailOf({ clockQuantumMs, input: INPUT })).map(({ why }) => why).join();
  assertEquals(why(2), "");
  assertEquals(why(16.7), "This browser tells time in steps of 17 ms, so timing says less.");
  assertEquals(why(100), "This browser tells time in steps of 100 ms: too coarse to judge by.");
});
