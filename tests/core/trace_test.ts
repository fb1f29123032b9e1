import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../core/error.ts";
import {
  eventsToTrace,
  parseTraceLine,
  type TraceOptions,
  traceStartMs,
  traceToEvents,
} from "../../core/trace.ts";
import { type StreamEvent, toWirePrecision } from "../../core/wire.ts";
import { ZONES } from "../../core/zones.ts";

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
  const keys: [number, number, number][] = [[0, 90, 17], [50, 130, 84], [200, 190, 32], [
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

Deno.test("traceToEvents() leaves out a Shift that a collector would not tell of", () => {
  const zonesOf = (...codes: number[]) => {
    // At a time at which a Shift is not told for certain.
    const keys = codes.map((
      code,
      i,
    ): [number, number, number] => [100 * i + 1, 100 * i + 80, code]);
    return traceToEvents({ ...named, keys }, 0).map((event) => "zone" in event && event.zone);
  };
  assertEquals(zonesOf(16, 73, 32), ["letter", "space"]);
  assertEquals(zonesOf(20, 65, 32), ["letter", "space"]);
  assertEquals(zonesOf(16, 84, 79), ["modifier", "letter", "letter"]);
  assertEquals(zonesOf(16, 49), ["modifier", "digit"]);
  assertEquals(zonesOf(17, 67, 32), ["modifier", "letter", "space"]);
  assertEquals(zonesOf(84, 16), ["letter"]);
});

Deno.test("traceToEvents() tells an apostrophe as a letter, and every key as it was where asked to", () => {
  const keys = [16, 73, 222, 77, 32, 16, 73, 32].map((code, i): [number, number, number] => {
    return [100 * i + 1, 100 * i + 80, code];
  });
  const zonesOf = (options?: TraceOptions) =>
    traceToEvents({ ...named, keys }, 0, options).map((event) => "zone" in event && event.zone);
  const told = ["modifier", "letter", "letter", "letter", "space", "letter", "space"];
  assertEquals(zonesOf(), told);
  assertEquals(zonesOf({ everyKey: true }), [
    ...["modifier", "letter", "punctuation", "letter", "space"],
    ...["modifier", "letter", "space"],
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

/** Tenths of a millisecond, as ms. */
const ticks = (least: number, most: number) =>
  fc.integer({ min: 10 * least, max: 10 * most }).map((tenths) => tenths / 10);

/** What a trace can hold: of each kind a few, in any order, at one start. */
const recordable = fc.record({
  startMs: ticks(0, 1e5).map((ms) => 1.7e12 + ms),
  strokes: fc.array(fc.record({
    afterMs: ticks(0, 3000),
    holdMs: ticks(0, 5000),
    zone: fc.constantFrom(...ZONES),
  })),
  moves: fc.array(fc.record({
    afterMs: ticks(8, 500),
    dx: fc.integer({ min: -9000, max: 9000 }),
    dy: fc.integer({ min: 1, max: 9000 }),
  })),
  presses: fc.array(fc.record({
    afterMs: ticks(0, 400),
    dwellMs: ticks(0, 800),
    button: fc.integer({ min: 0, max: 4 }),
  })),
  wheels: fc.array(fc.record({ afterMs: ticks(0, 900), dy: fc.constantFrom(-100, 100) })),
}).map(({ startMs, strokes, moves, presses, wheels }) => {
  const events: StreamEvent[] = [];
  let timeMs = startMs;
  for (const { afterMs, ...stroke } of strokes) {
    events.push({ kind: "stroke", timeMs: timeMs = toWirePrecision(timeMs + afterMs), ...stroke });
  }
  timeMs = startMs;
  const held: [number, number][] = [];
  for (const { afterMs, ...press } of presses) {
    timeMs = toWirePrecision(timeMs + afterMs);
    events.push({ kind: "button", timeMs, ...press });
    held.push([timeMs, timeMs = toWirePrecision(timeMs + press.dwellMs)]);
  }
  timeMs = startMs;
  for (const { afterMs, ...move } of moves) {
    timeMs = toWirePrecision(timeMs + afterMs);
    const dragging = held.some(([from, to]) => from < timeMs && timeMs < to);
    events.push({ kind: "pointer", timeMs, ...move, dragging });
  }
  timeMs = startMs;
  for (const { afterMs, dy } of wheels) {
    timeMs = toWirePrecision(timeMs + afterMs);
    events.push({ kind: "wheel", timeMs, dx: 0, dy });
  }
  return events;
});

/** In one order, whatever the order of those of one moment. */
function ordered(events: readonly StreamEvent[]): StreamEvent[] {
  return events.toSorted((a, b) =>
    a.timeMs - b.timeMs || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  );
}

Deno.test("eventsToTrace() is undone by traceToEvents(), through the file's own words", () => {
  fc.assert(
    fc.property(recordable, (events) => {
      const startMs = events.length ? traceStartMs(events) : 0;
      const trace = eventsToTrace(events, startMs, named);
      const read = parseTraceLine(JSON.stringify(trace), 1);
      for (const [tMs] of [...read.keys ?? [], ...read.pointer ?? []]) assert(tMs >= 0);
      assertEquals(ordered(traceToEvents(read, startMs)), ordered(events));
    }),
    { numRuns: 300 },
  );
});

Deno.test("eventsToTrace() keeps movement on its side of a press that shares its moment", () => {
  const press = (timeMs: number, dwellMs: number, button = 0): StreamEvent => {
    return { kind: "button", timeMs, dwellMs, button };
  };
  const move = (timeMs: number, dragging: boolean): StreamEvent => {
    return { kind: "pointer", timeMs, dx: 1, dy: 0, dragging };
  };
  const moments: StreamEvent[][] = [
    [move(100, false), press(100, 50)],
    [press(100, 50), move(100, true)],
    [press(100, 50), move(150, true)],
    [press(100, 50), move(150, false)],
    [press(100, 0), press(100, 0), press(100, 30), move(100, false)],
    [press(100, 50), press(150, 60), move(150, false), move(170, true)],
    [press(100, 50, 0), press(150, 0, 2), move(150, true)],
  ];
  for (const events of moments) {
    const read = traceToEvents(eventsToTrace(events, 0, named), 0);
    assertEquals(ordered(read), ordered(events), JSON.stringify(events));
  }
});

Deno.test("eventsToTrace() names no key, and leaves out what a trace cannot hold", () => {
  const events: StreamEvent[] = ZONES.map((zone, i) => {
    return { kind: "stroke", timeMs: 1000 + 100 * i, holdMs: 80, zone };
  });
  const more: StreamEvent[] = [
    { kind: "mark", timeMs: 1000, mark: "paste" },
    { kind: "clock", timeMs: 1000, quantumMs: 1 },
    { kind: "device", timeMs: 1000, device: "pen" },
    { kind: "trust", timeMs: 1000, trusted: 1, untrusted: 2 },
    { kind: "wheel", timeMs: 1000, dx: 30, dy: 0 },
  ];
  const trace = eventsToTrace([...events, ...more], 1000, named);
  assertEquals(trace, {
    ...named,
    keys: [65, 48, 190, 32, 8, 13, 17, 37, 0].map((keyCode, i) => [100 * i, 100 * i + 80, keyCode]),
  });
  assertEquals(eventsToTrace(more, 1000, named), named);
});

Deno.test("eventsToTrace() writes no coordinate that a reader takes for none", () => {
  const events = Array.from({ length: 20 }, (_, i): StreamEvent => {
    return { kind: "pointer", timeMs: 10 * i, dx: 9000, dy: -9000, dragging: false };
  });
  const { pointer } = eventsToTrace(events, traceStartMs(events), named);
  assert(Math.max(...pointer!.map(([, , , x]) => x)) < 65535);
  assertEquals(traceToEvents({ ...named, pointer: pointer! }, -8), events);
});
