import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { decodeFrame, type Frame, type Stroke } from "../../../core/wire.ts";
import { EVENT_BYTES, Outbox } from "../../../islands/collector/outbox.ts";

const stroke = (timeMs: number): Stroke => ({ kind: "stroke", timeMs, holdMs: 90, zone: "letter" });

function take(outbox: Outbox): Frame[] {
  const frames: Frame[] = [];
  for (let bytes = outbox.next(); bytes; bytes = outbox.next()) frames.push(decodeFrame(bytes));
  return frames;
}

Deno.test("Outbox numbers frames from 1 and names its stream", () => {
  const outbox = new Outbox(7, 1 << 20);
  for (const timeMs of [10, 20]) {
    outbox.push(stroke(timeMs));
    assertEquals(take(outbox), [{ stream: 7, sequence: timeMs / 10, events: [stroke(timeMs)] }]);
  }
});

Deno.test("Outbox keeps a frame until it is acknowledged", () => {
  const outbox = new Outbox(7, 1 << 20);
  outbox.push(stroke(10));
  const [frame] = take(outbox);
  assertEquals([outbox.isEmpty, outbox.inFlight], [false, 1]);
  outbox.rewind();
  assertEquals(take(outbox), [frame!]);
  outbox.acknowledge(1);
  assertEquals([outbox.isEmpty, outbox.inFlight], [true, 0]);
});

Deno.test("Outbox drops the oldest events for room, marks the place, and leaves no gap", () => {
  const limitBytes = 100 * EVENT_BYTES;
  const outbox = new Outbox(7, limitBytes);
  for (let i = 1; i <= 250; i++) {
    outbox.push(stroke(i));
    assertLessOrEqual(outbox.unframedBytes, limitBytes);
  }
  const events = take(outbox).flatMap(({ events }) => events);
  const [lost, first] = events;
  assertEquals(lost, { kind: "mark", timeMs: first!.timeMs - 1, mark: "lost" });
  assertEquals(events.filter(({ kind }) => kind === "mark").length, 1);
  assertEquals(events.slice(1).map(({ timeMs }) => timeMs), range(first!.timeMs, 250));
});

Deno.test("Outbox frames no more while half of its room is unacknowledged", () => {
  const outbox = new Outbox(7, 4000);
  for (let turn = 0; turn < 50; turn++) {
    for (let i = 0; i < 100; i++) outbox.push(stroke(turn * 100 + i));
    take(outbox);
  }
  const held = outbox.inFlight;
  outbox.rewind();
  const frames = take(outbox);
  assertEquals(frames.length, held);
  outbox.acknowledge(held);
  assertEquals(take(outbox)[0]!.sequence, held + 1);
});

Deno.test("Outbox refuses an event with a number that is none", () => {
  const outbox = new Outbox(7, 1 << 20);
  for (const timeMs of [NaN, Infinity, -Infinity]) outbox.push(stroke(timeMs));
  assert(outbox.isEmpty);
});

Deno.test("Outbox brings every event exactly once, whatever is cut and acknowledged", () => {
  const turn = fc.oneof(
    fc.record({ do: fc.constant("push" as const), count: fc.integer({ min: 1, max: 700 }) }),
    fc.record({ do: fc.constant("send" as const) }),
    fc.record({ do: fc.constant("acknowledge" as const), share: fc.double({ min: 0, max: 1 }) }),
    fc.record({ do: fc.constant("reconnect" as const) }),
  );
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 30 }), (turns) => {
      const outbox = new Outbox(7, 1 << 24);
      const applied: number[] = [];
      let [pushed, last] = [0, 0];
      const send = () => {
        for (const { sequence, events } of take(outbox)) {
          if (sequence <= last) continue;
          assertEquals(sequence, last + 1);
          last = sequence;
          for (const { timeMs } of events) applied.push(timeMs);
        }
      };
      for (const turn of turns) {
        if (turn.do === "push") {
          for (let i = 0; i < turn.count; i++) outbox.push(stroke(++pushed));
        } else if (turn.do === "send") send();
        else if (turn.do === "acknowledge") {
          outbox.acknowledge(Math.floor(last * (turn.share || 0)));
        } else outbox.rewind();
      }
      outbox.rewind();
      send();
      assertEquals(applied, range(1, pushed));
    }),
    { numRuns: 50 },
  );
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
