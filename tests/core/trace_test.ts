import { assert, assertEquals, assertThrows } from "@std/assert";
import { GaitkeeperError } from "../../core/error.ts";
import { parseTraceLine, traceToEvents } from "../../core/trace.ts";

const named = { subject: "one", session: "00" };

Deno.test("parseTraceLine() reads a session and refuses what is none", () => {
  const line = '{"subject":"a","session":"1","keys":[[0,80,65]]}';
  assertEquals(parseTraceLine(line, 1).keys, [[0, 80, 65]]);
  for (const bad of ["", "{", '{"subject":"a"}', '{"subject":"a","session":"1","keys":[[0]]}']) {
    const error = assertThrows(() => parseTraceLine(bad, 7), GaitkeeperError);
    assertEquals(error.code, "trace_invalid");
    assert(error.message.includes("line 7"));
  }
});

Deno.test("traceToEvents() turns keys into strokes and clips holds that cannot be", () => {
  const keys: [number, number, number][] = [[0, 90, 16], [50, 130, 84], [200, 190, 32], [
    300,
    99_000,
    8,
  ]];
  assertEquals(traceToEvents({ ...named, keys }, 1000), [
    { kind: "stroke", timeMs: 1000, holdMs: 90, zone: "modifier" },
    { kind: "stroke", timeMs: 1050, holdMs: 80, zone: "letter" },
    { kind: "stroke", timeMs: 1200, holdMs: 0, zone: "space" },
    { kind: "stroke", timeMs: 1300, holdMs: 5000, zone: "erase" },
  ]);
});

Deno.test("traceToEvents() samples movement at most at 125 Hz and loses no distance to it", () => {
  const pointer = Array.from({ length: 1001 }, (_, i) => {
    return [i, 0, 0, 3 * i, 1000 - i] as [number, number, number, number, number];
  });
  const samples = traceToEvents({ ...named, pointer }, 0).filter(({ kind }) => kind === "pointer");
  assertEquals(samples.length, 125);
  samples.slice(1).forEach((sample, i) => assert(sample.timeMs - samples[i]!.timeMs >= 8));
  const moved = samples.reduce((sum, sample) => sum + ("dx" in sample ? sample.dx : 0), 0);
  assertEquals(moved, 3000);
});

Deno.test("traceToEvents() pairs presses, marks drags, leaves out what is no coordinate", () => {
  const events = traceToEvents({
    ...named,
    pointer: [
      [0, 0, 0, 10, 10],
      [20, 1, 1, 10, 10],
      [40, 0, 0, 15, 10],
      [60, 0, 0, 65535, 65535],
      [80, 2, 1, 15, 10],
      [100, 2, 3, 15, 10],
      [120, 0, 0, 15, 4],
      [140, 3, 4, 15, 4],
    ],
  }, 0);
  assertEquals(events, [
    { kind: "button", timeMs: 20, dwellMs: 60, button: 0 },
    { kind: "pointer", timeMs: 40, dx: 5, dy: 0, dragging: true },
    { kind: "pointer", timeMs: 120, dx: 0, dy: -6, dragging: false },
    { kind: "wheel", timeMs: 140, dx: 0, dy: -100 },
  ]);
});

Deno.test("traceToEvents() takes the last of the moves told at one moment", () => {
  const events = traceToEvents({
    ...named,
    pointer: [
      [0, 0, 0, 10, 10],
      [94, 0, 0, 11, 10],
      [94, 0, 0, 14, 12],
      [94, 0, 0, 65535, 65535],
      [94, 0, 0, 20, 16],
      [188, 0, 0, 21, 16],
    ],
  }, 0);
  assertEquals(events, [
    { kind: "pointer", timeMs: 94, dx: 10, dy: 6, dragging: false },
    { kind: "pointer", timeMs: 188, dx: 1, dy: 0, dragging: false },
  ]);
});

Deno.test("traceToEvents() drags with no button that is none", () => {
  const moves = (startMs: number) =>
    [1, 2, 3].map((step) =>
      [startMs + 20 * step, 0, 0, step, 0] as [
        number,
        number,
        number,
        number,
        number,
      ]
    );
  const pointer = [...moves(0), [70, 1, 0, 3, 0], ...moves(80), [150, 2, 0, 3, 0]] as ReturnType<
    typeof moves
  >;
  const events = traceToEvents({ ...named, pointer }, 0);
  assert(events.length);
  for (const event of events) assert(event.kind === "pointer" && !event.dragging);
});
