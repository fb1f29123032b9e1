import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../core/error.ts";
import {
  decodeFrame,
  DEVICES,
  encodeFrame,
  type Frame,
  FRAME_LIMITS,
  MARKS,
  type StreamEvent,
  toWirePrecision,
} from "../../core/wire.ts";
import { ZONES } from "../../core/zones.ts";

const timeMs = fc.integer({ min: 0, max: 2 ** 44 }).map((ticks) => ticks / 10);
const duration = fc.integer({ min: 0, max: 2 ** 31 }).map((ticks) => ticks / 10);
const pixels = fc.integer({ min: -100_000, max: 100_000 });
const count = fc.nat(1_000_000);
const event: fc.Arbitrary<StreamEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("stroke" as const),
    timeMs,
    holdMs: duration,
    zone: fc.constantFrom(...ZONES),
  }),
  fc.record({
    kind: fc.constant("pointer" as const),
    timeMs,
    dx: pixels,
    dy: pixels,
    dragging: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("button" as const),
    timeMs,
    dwellMs: duration,
    button: fc.integer({ min: 0, max: 4 }),
  }),
  fc.record({ kind: fc.constant("wheel" as const), timeMs, dx: pixels, dy: pixels }),
  fc.record({ kind: fc.constant("mark" as const), timeMs, mark: fc.constantFrom(...MARKS) }),
  fc.record({ kind: fc.constant("clock" as const), timeMs, quantumMs: duration }),
  fc.record({ kind: fc.constant("device" as const), timeMs, device: fc.constantFrom(...DEVICES) }),
  fc.record({ kind: fc.constant("trust" as const), timeMs, trusted: count, untrusted: count }),
);
const frame: fc.Arbitrary<Frame> = fc.record({
  stream: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  sequence: fc.integer({ min: 0, max: 2 ** 40 }),
  events: fc.array(event, { maxLength: 40 }),
});

/** `-0` travels as 0. */
const plain = (value: Frame): unknown => JSON.parse(JSON.stringify(value));

Deno.test("decodeFrame() gives back what encodeFrame() was given", () => {
  fc.assert(fc.property(frame, (given) => {
    assertEquals(plain(decodeFrame(encodeFrame(given))), plain(given));
  }));
});

Deno.test("encodeFrame() rounds to what the wire carries and changes nothing on a second trip", () => {
  const times = fc.double({ min: 0, max: 1e12, noNaN: true });
  fc.assert(fc.property(times, times, (at, holdMs) => {
    const stroke = { kind: "stroke", timeMs: at, holdMs, zone: "letter" } as const;
    const once = decodeFrame(encodeFrame({ stream: 1, sequence: 1, events: [stroke] }));
    assertEquals(once.events[0]!.timeMs, toWirePrecision(at));
    assertEquals(decodeFrame(encodeFrame(once)), once);
  }));
});

Deno.test("decodeFrame() refuses every frame cut short and every byte too many", () => {
  fc.assert(fc.property(frame, fc.nat(), (given, cut) => {
    const bytes = encodeFrame(given);
    refuses(bytes.slice(0, 1 + cut % (bytes.length - 1)));
    refuses(Uint8Array.from([...bytes, 0]));
  }));
});

Deno.test("decodeFrame() throws nothing but its own errors on any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, versioned) => {
      if (versioned && bytes.length) bytes[0] = 1;
      try {
        decodeFrame(bytes);
      } catch (error) {
        if (!(error instanceof GaitkeeperError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

Deno.test("decodeFrame() has one spelling a frame: what it accepts encodes to the same bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4, maxLength: 40 }), (tail) => {
      const bytes = Uint8Array.from([1, ...tail]);
      let decoded: Frame;
      try {
        decoded = decodeFrame(bytes);
      } catch {
        return;
      }
      assertEquals(encodeFrame(decoded), bytes);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("decodeFrame() names what is wrong by a stable code", () => {
  refuses(Uint8Array.from([2, 0, 0, 0, 0]), "unsupported_version");
  refuses(new Uint8Array(0), "unsupported_version");
  refuses(new Uint8Array(FRAME_LIMITS.bytes + 1).fill(1), "frame_too_large");
  refuses(Uint8Array.from([1, 0, 0, 0, 1, 15, 0]), "frame_malformed"); // no such kind
  refuses(Uint8Array.from([1, 0, 0, 0, 1, 9 * 16, 0, 0]), "frame_malformed"); // no such zone
  refuses(Uint8Array.from([1, 0x80, 0, 0, 0, 0]), "frame_malformed"); // 0 in two bytes
  refuses(Uint8Array.from([1, 0, 0, 0, 1, 4, 2]), "frame_malformed"); // base time is another
  refuses(Uint8Array.from([1, 0, 0, 5, 0]), "frame_malformed"); // base time of nothing
  refuses(Uint8Array.from([1, 0, 0, 0, 2, 4, 0, 4, 1]), "frame_malformed"); // before the epoch
  const most = FRAME_LIMITS.events + 1;
  refuses(Uint8Array.from([1, 0, 0, 0, most % 128 + 128, most >> 7]), "frame_malformed");
});

Deno.test("encodeFrame() spends few bytes: a stroke in five, a pointer sample in five", () => {
  const strokes = Array.from({ length: 100 }, (_, i) => {
    return { kind: "stroke", timeMs: 1e12 + 150 * i, holdMs: 90, zone: "letter" } as const;
  });
  const samples = Array.from({ length: 100 }, (_, i) => {
    return { kind: "pointer", timeMs: 1e12 + 8 * i, dx: 12, dy: -7, dragging: false } as const;
  });
  for (const events of [strokes, samples]) {
    const { length } = encodeFrame({ stream: 1, sequence: 1, events });
    assertEquals(length <= 5 * events.length + 16, true);
  }
});

function refuses(bytes: Uint8Array, code?: string) {
  const error = assertThrows(() => decodeFrame(bytes), GaitkeeperError);
  if (code) assertEquals(error.code, code);
}
