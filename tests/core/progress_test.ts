import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { StreamProgress } from "../../core/progress.ts";

Deno.test("StreamProgress acknowledges each stream's latest once, after the commit", () => {
  const progress = new StreamProgress();
  assertEquals([progress.hasUncommitted, progress.acknowledge()], [false, []]);
  progress.advance(7, 1);
  progress.advance(7, 2);
  progress.advance(9, 1);
  assertEquals([progress.hasUncommitted, progress.durable.size], [true, 0]);
  assertEquals(progress.acknowledge(), [{ stream: 7, sequence: 2 }, { stream: 9, sequence: 1 }]);
  assertEquals([progress.hasUncommitted, progress.acknowledge()], [false, []]);
  assertEquals(progress.durable.get(7), 2);
});

Deno.test("StreamProgress.isStale() knows repeated and overtaken frames, each stream for itself", () => {
  const progress = new StreamProgress([[7, 5]]);
  assertEquals([1, 5, 6].map((sequence) => progress.isStale(7, sequence)), [true, true, false]);
  assertEquals(progress.isStale(8, 1), false);
});

Deno.test("StreamProgress goes on from what it had applied, for the 16 latest streams", () => {
  const steps = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 99 })),
  );
  fc.assert(fc.property(steps, (advances) => {
    const progress = new StreamProgress();
    for (const [stream, sequence] of advances) progress.advance(stream, sequence);
    const { applied } = new StreamProgress(progress.applied);
    const latest = [...new Set(advances.map(([stream]) => stream).toReversed())].slice(0, 16);
    assertEquals(applied.map(([stream]) => stream), latest.toReversed());
  }));
});
