import { assertEquals } from "@std/assert";
import { deviceClassOf, InputTally } from "../../core/input_tally.ts";
import type { StreamEvent } from "../../core/wire.ts";

const stroke = (): StreamEvent => ({ kind: "stroke", timeMs: 0, holdMs: 80, zone: "letter" });
const sample = (): StreamEvent => ({ kind: "pointer", timeMs: 0, dx: 1, dy: 1, dragging: false });
const device = (device: "mouse" | "touch" | "pen" | "unknown"): StreamEvent => {
  return { kind: "device", timeMs: 0, device };
};
const mark = (mark: "paste" | "focus" | "composition" | "lost"): StreamEvent => {
  return { kind: "mark", timeMs: 0, mark };
};

function tallyOf(...events: StreamEvent[]) {
  const tally = new InputTally();
  for (const event of events) tally.take(event);
  return tally.record;
}

Deno.test("InputTally counts what was given, and marks that say what was not typed", () => {
  const tally = tallyOf(stroke(), sample(), sample(), mark("paste"), mark("paste"), mark("focus"));
  assertEquals(tally, {
    strokes: 1,
    pointerSamples: 2,
    presses: 0,
    wheelSteps: 0,
    marks: { paste: 2 },
  });
});

Deno.test("InputTally goes on from its record as if it had never stopped", () => {
  const events = [stroke(), device("touch"), mark("lost"), sample(), mark("lost"), stroke()];
  const whole = tallyOf(...events);
  const first = tallyOf(...events.slice(0, 3));
  const second = new InputTally(first);
  for (const event of events.slice(3)) second.take(event);
  assertEquals(second.record, whole);
});

Deno.test("deviceClassOf() is the pointer last heard of", () => {
  assertEquals(deviceClassOf(tallyOf(device("mouse"), sample())), "mouse");
  assertEquals(deviceClassOf(tallyOf(device("mouse"), device("touch"))), "touch");
  assertEquals(deviceClassOf(tallyOf(device("pen"), stroke())), "pen");
});

Deno.test("deviceClassOf() calls a session keyboard alone only after enough strokes without a pointer", () => {
  const strokes = Array.from({ length: 30 }, stroke);
  assertEquals(deviceClassOf(tallyOf()), undefined);
  assertEquals(deviceClassOf(tallyOf(...strokes.slice(1))), undefined);
  assertEquals(deviceClassOf(tallyOf(...strokes)), "keyboard");
  assertEquals(deviceClassOf(tallyOf(...strokes, sample())), undefined);
  assertEquals(deviceClassOf(tallyOf(...strokes, device("unknown"))), undefined);
});
