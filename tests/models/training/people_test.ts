import { assertEquals } from "@std/assert";
import type { TraceSession } from "../../../core/trace.ts";
import { TRAINING_MODALITIES } from "../../../models/training/modality.ts";
import { layEndToEnd } from "../../../models/training/people.ts";

/** A session of evenly typed letters. */
function typed(session: string, strokes: number): TraceSession {
  const keys = Array.from({ length: strokes }, (_, i): [number, number, number] => {
    return [200 * i, 200 * i + 90, 65];
  });
  return { subject: "ada", session, keys };
}

Deno.test("layEndToEnd() leaves two seconds between the last release and the next press", () => {
  const laid = layEndToEnd([typed("00", 3), typed("01", 2)], { startMs: 1000 });
  assertEquals(laid.map(({ index }) => index), [0, 1]);
  assertEquals(laid.map(({ events }) => events.map(({ timeMs }) => timeMs)), [
    [1000, 1200, 1400],
    // 1400 + 90 + 2000.
    [3490, 3690],
  ]);
});

Deno.test("layEndToEnd() carries every event through the wire, more than a frame holds too", () => {
  const [laid] = layEndToEnd([typed("00", 3000)]);
  assertEquals(laid!.events.length, 3000);
  assertEquals(laid!.events.at(-1), {
    kind: "stroke",
    timeMs: 200 * 2999,
    holdMs: 90,
    zone: "letter",
  });
});

Deno.test("training windows are those of live use, across sessions, placed where they end", () => {
  const { windowsOf, vectorOf, features } = TRAINING_MODALITIES.keyboard!;
  const windows = windowsOf([typed("00", 47), typed("01", 47), typed("02", 10)]);
  // At strokes 30, 40, 50, 60, 70, 80, 90 and 100 of 104.
  assertEquals(windows.map(({ session }) => session), [0, 0, 1, 1, 1, 1, 1, 2]);
  assertEquals(windows.slice(0, 4).map(({ window }) => window.strokes.length), [30, 40, 50, 50]);
  for (const { window } of windows) {
    assertEquals(vectorOf(window).length, features.length);
  }
});
