import { assert, assertEquals } from "@std/assert";
import { withClock } from "../../../models/evaluation/collector_clock.ts";
import { byClock, shapeOf } from "../../../models/evaluation/shape.ts";
import type { StreamEvent } from "../../../core/wire.ts";

const strokes = Array.from({ length: 100 }, (_, i): StreamEvent => ({
  kind: "stroke",
  timeMs: 1000 + 137 * i + (i * i) % 29,
  holdMs: 80 + (7 * i) % 31,
  zone: "other",
}));
const clocks = (events: readonly StreamEvent[]) => events.filter(({ kind }) => kind === "clock");

Deno.test("withClock() tells the step that a recording's times lie on, and changes no event", () => {
  for (const stepMs of [1, 8, 16, 100]) {
    const events = byClock(strokes, stepMs);
    const told = withClock(events);
    assertEquals(clocks(told).map((event) => "quantumMs" in event && event.quantumMs), [stepMs]);
    assertEquals(told.filter(({ kind }) => kind !== "clock"), events);
    // Not before the collector could have known it.
    assert(told.findIndex(({ kind }) => kind === "clock") > 8);
  }
});

Deno.test("withClock() leaves events that tell their clock as they are", () => {
  const events = shapeOf({ quantumMs: 5 })(strokes);
  assertEquals(withClock(events), [...events]);
});

Deno.test("shapeOf() claims no finer clock than the recording's own", () => {
  const told = (stepMs: number, quantumMs: number) =>
    clocks(shapeOf({ quantumMs })(byClock(strokes, stepMs)))[0];
  for (const [stepMs, quantumMs] of [[8, 1], [8, 5], [1, 0.1]] as const) {
    const clock = told(stepMs, quantumMs);
    assert(clock?.kind === "clock" && clock.quantumMs === stepMs, `${stepMs} by ${quantumMs} ms`);
  }
  const clock = told(1, 5);
  assert(clock?.kind === "clock" && clock.quantumMs === 5);
});
