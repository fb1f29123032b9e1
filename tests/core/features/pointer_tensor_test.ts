import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  CHUNK_STEPS,
  POINTER_CHANNELS,
  pointerChunks,
  pointerRows,
} from "../../../core/features/pointer_tensor.ts";
import { pointerPath } from "../../../core/features/pointer_path.ts";
import { later, pointerWindow, sampled } from "./pointer_windows.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";

const CHUNK_SIZE = CHUNK_STEPS * POINTER_CHANNELS.length;
const steady = (ms: number) => [0.4 * ms, 0] as const;

Deno.test("pointerRows() writes a step's displacement, speed, button and pause", () => {
  const rows = pointerRows([
    { startMs: 0, endMs: 20, pauseMs: NaN, dx: [8], dy: [-6], dragging: [true] },
    {
      startMs: 2000,
      endMs: 2040,
      pauseMs: 1980,
      dx: [0, 3],
      dy: [0, 4],
      dragging: [false, false],
    },
  ]);
  const expected = [
    [Math.asinh(1), Math.asinh(-0.75), Math.log(1.25 + 0.1) / 1.5, 1, 0],
    [0, 0, Math.log(0.1) / 1.5, 0, Math.log(1 + 1.98)],
    [Math.asinh(3 / 8), Math.asinh(0.5), Math.log(0.625 + 0.1) / 1.5, 0, 0],
  ].flat();
  assertEquals(rows.length, expected.length);
  rows.forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1e-6));
});

Deno.test("pointerRows() counts no pause beyond ten seconds", () => {
  const action = { startMs: 0, endMs: 20, dx: [1], dy: [0], dragging: [false] };
  const [minute, hour] = [60_000, 3_600_000].map((pauseMs) =>
    pointerRows([{ ...action, pauseMs }])
  );
  assertEquals(minute, hour);
  assertAlmostEquals(minute!.at(-1)!, Math.log(11), 1e-6);
});

Deno.test("pointerChunks() lie evenly from the oldest step to the newest", () => {
  // 300 steps: two chunks of 128, and the 44 between them in none.
  const window = pointerWindow([
    ...sampled(steady, { durationMs: 2000, stepMs: 10 }),
    ...sampled(steady, { startMs: 4000, durationMs: 4000, stepMs: 10 }),
  ]);
  const chunks = pointerChunks(window);
  assertEquals(chunks.map(({ length }) => length), [CHUNK_SIZE, CHUNK_SIZE]);
  const pauses = chunks.map((chunk) => chunk.filter((_, i) => i % 5 === 4));
  // The second run begins with step 100, which the first chunk alone holds.
  assertEquals(pauses[0]!.findIndex((pause) => pause > 0), 100);
  assertAlmostEquals(pauses[0]![100]!, Math.log1p(2), 1e-6);
  assert(pauses[1]!.every((pause) => pause === 0));
});

Deno.test("pointerChunks() overlap rather than leave a window's oldest steps out", () => {
  const broken = [0, 3000, 6000].flatMap((startMs) =>
    sampled(steady, { startMs, durationMs: 1710, stepMs: 10 })
  );
  // Three runs of 85 steps: one short of two chunks.
  const rows = pointerRows(pointerPath(pointerWindow(broken)).actions);
  assertEquals(rows.length, 255 * POINTER_CHANNELS.length);
  const [first, second] = pointerChunks(pointerWindow(broken));
  assertEquals(first, rows.slice(0, CHUNK_SIZE));
  assertEquals(second, rows.slice(-CHUNK_SIZE));
});

Deno.test("pointerChunks() gives none for too little movement", () => {
  const short = pointerWindow(sampled(steady, { durationMs: 2550, stepMs: 10 }));
  assertEquals(pointerChunks(short), []);
  const enough = pointerWindow(sampled(steady, { durationMs: 2560, stepMs: 10 }));
  assertEquals(pointerChunks(enough).length, 1);
});

Deno.test("pointerChunks() are the same at any time of day", () => {
  const window = pointerWindow(createHand(3).move(12_800, 1000));
  const chunks = pointerChunks(window);
  assert(chunks.length > 2);
  pointerChunks(later(window, 86_400_000)).forEach((chunk, number) => {
    chunk.forEach((value, i) => assertAlmostEquals(value, chunks[number]![i]!, 1e-5));
  });
});
