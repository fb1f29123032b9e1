import { assert, assertEquals } from "@std/assert";
import { Recording, RECORDING_LIMITS } from "../../core/recording.ts";
import { traceToEvents } from "../../core/trace.ts";
import type { StreamEvent, Stroke } from "../../core/wire.ts";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { START_MS } from "./live_sessions.ts";

const names = { subject: "p", session: "q" };
const STROKES = createTypist(1).type(300, START_MS);

/** What a recording of these would be played as. */
function played(recording: Recording): StreamEvent[] {
  const trace = recording.trace(names);
  return trace ? traceToEvents(trace, trace.startedAtMs!) : [];
}

Deno.test("Recording holds what was taken once it is durable, and no more", () => {
  const recording = new Recording();
  assertEquals(recording.trace(names), undefined);
  recording.take(STROKES.slice(0, 100));
  assertEquals(recording.trace(names), undefined);
  recording.settle();
  recording.take(STROKES.slice(100, 200));
  assertEquals(played(recording), STROKES.slice(0, 100));
  recording.settle();
  recording.settle();
  assertEquals(played(recording), STROKES.slice(0, 200));
  const { startedAtMs, subject, session } = recording.trace(names)!;
  assertEquals({ startedAtMs, subject, session }, { ...names, startedAtMs: STROKES[0]!.timeMs });
});

Deno.test("Recording holds both hands on one clock, and nothing that a trace does not", () => {
  const recording = new Recording();
  const moved = createHand(2).move(20_000, START_MS + 500);
  const marks: StreamEvent[] = [
    { kind: "mark", timeMs: START_MS, mark: "paste" },
    { kind: "trust", timeMs: START_MS, trusted: 3, untrusted: 0 },
  ];
  recording.take([...marks, ...STROKES.slice(0, 50)]);
  recording.take(moved);
  recording.settle();
  const found = played(recording);
  assertEquals(found.filter(({ kind }) => kind === "stroke"), STROKES.slice(0, 50));
  const distance = (events: readonly StreamEvent[]) =>
    events.reduce((sum, event) => sum + (event.kind === "pointer" ? event.dx : 0), 0);
  assertEquals(distance(found), distance(moved));
  assert(found.length > 200);
  assertEquals(found.filter(({ kind }) => kind === "mark" || kind === "trust"), []);
});

Deno.test("Recording is bounded, and a pointer that never rests leaves room for strokes", () => {
  const recording = new Recording();
  for (let second = 0; second < 1000; second++) {
    recording.take(Array.from({ length: 125 }, (_, i): StreamEvent => ({
      kind: "pointer",
      timeMs: START_MS + 1000 * second + 8 * i,
      dx: 3,
      dy: -2,
      dragging: false,
    })));
    recording.settle();
  }
  const full = played(recording).length;
  assert(full > 125 * 60 * 5 && full < RECORDING_LIMITS.pointer, `${full} samples`);
  const strokes: Stroke[] = Array.from({ length: 100_000 }, (_, i) => ({
    kind: "stroke",
    timeMs: START_MS + 150 * i,
    holdMs: 90,
    zone: "letter",
  }));
  for (let at = 0; at < strokes.length; at += 500) recording.take(strokes.slice(at, at + 500));
  recording.settle();
  const typed = played(recording).filter(({ kind }) => kind === "stroke");
  assert(typed.length > 20_000 && typed.length < RECORDING_LIMITS.strokes, `${typed.length}`);
  // What is left out is the end, not a gap in the middle.
  assertEquals(typed.at(-1), strokes[typed.length - 1]);
});
