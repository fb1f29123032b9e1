import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import fc from "fast-check";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { KeyboardWindower, type PointerEvents, PointerWindower } from "../../core/window.ts";
import {
  decodeFrame,
  encodeFrame,
  FRAME_LIMITS,
  type StreamEvent,
  type Stroke,
  toWirePrecision,
} from "../../core/wire.ts";

const KEYBOARD = { strokes: 50, least: 30, hop: 10 };
const POINTER = { activeMs: 5000, hopMs: 1000 };

const strokes = createTypist(1).type(400, 1.7e12);
const hand = createHand(1).move(120_000, 1.7e12);

function stroke(timeMs: number): Stroke {
  return { kind: "stroke", timeMs, holdMs: 80, zone: "letter" };
}

function sample(timeMs: number): PointerEvents {
  return { kind: "pointer", timeMs, dx: 3, dy: 1, dragging: false };
}

function wheel(timeMs: number): PointerEvents {
  return { kind: "wheel", timeMs, dx: 0, dy: 100 };
}

function press(timeMs: number): PointerEvents {
  return { kind: "button", timeMs, dwellMs: 90, button: 0 };
}

/** The events as they arrive in frames of these sizes, over and over. */
function framed<Event extends StreamEvent>(events: readonly Event[], sizes: number[]): Event[] {
  const arrived: Event[] = [];
  for (let [at, i] = [0, 0]; at < events.length; i++) {
    const size = sizes[i % sizes.length]!;
    const frame = { stream: 1, sequence: i + 1, events: events.slice(at, at + size) };
    arrived.push(...decodeFrame(encodeFrame(frame)).events as Event[]);
    at += size;
  }
  return arrived;
}

Deno.test("KeyboardWindower.push() gives a window every `hop`, from `least` to `strokes` long", () => {
  const windower = new KeyboardWindower(KEYBOARD);
  const windows = strokes.flatMap((stroke) => windower.push(stroke) ?? []);
  assertEquals(windows.length, 1 + (strokes.length - 30) / 10);
  windows.forEach((window, i) => {
    const end = 30 + 10 * i;
    assertEquals(window.strokes, strokes.slice(Math.max(0, end - 50), end));
    assertEquals(window.startMs, window.strokes[0]!.timeMs);
    assertEquals(window.fresh, i ? 10 : 30);
  });
});

Deno.test("KeyboardWindower.flush() gives what is new since the last window, and nothing twice", () => {
  const windower = new KeyboardWindower(KEYBOARD);
  for (const stroke of strokes.slice(0, 29)) windower.push(stroke);
  assertEquals(windower.flush(), undefined);
  assertEquals(windower.flush(20)!.fresh, 29);
  assertEquals(windower.flush(20), undefined);
  for (const stroke of strokes.slice(29, 33)) windower.push(stroke);
  const { fresh, strokes: held } = windower.flush()!;
  assertEquals([fresh, held], [4, strokes.slice(0, 33)]);
});

Deno.test("PointerWindower.flush() gives a shorter window where half of one was moved", () => {
  const windower = new PointerWindower(POINTER);
  let flushed;
  for (const event of hand) {
    if (windower.push(event) || (flushed = windower.flush())) break;
  }
  assert(flushed && flushed.activeMs >= 2500 && flushed.activeMs < 3100, `${flushed?.activeMs} ms`);
  assertEquals(windower.flush(), undefined);
});

Deno.test("KeyboardWindower.push() puts a stroke that was released late in its place", () => {
  const windower = new KeyboardWindower({ strokes: 3, least: 3, hop: 3 });
  const [first, second, third] = [stroke(1), stroke(2), stroke(3)];
  for (const early of [first, third]) assertEquals(windower.push(early), undefined);
  assertEquals(windower.push(second)!.strokes, [first, second, third]);
});

Deno.test("KeyboardWindower.untilNext counts down to the next window", () => {
  const windower = new KeyboardWindower(KEYBOARD);
  for (const stroke of strokes) {
    const missing = windower.untilNext;
    assert(missing >= 1);
    assertEquals(windower.push(stroke) !== undefined, missing === 1);
  }
});

Deno.test("KeyboardWindower.reset() reads no window across what was lost", () => {
  const windower = new KeyboardWindower({ strokes: 3, least: 3, hop: 1 });
  for (const early of [1, 2, 3]) windower.push(stroke(early));
  windower.reset();
  assertEquals(windower.push(stroke(4)), undefined);
  assertEquals(windower.push(stroke(5)), undefined);
  assertEquals(windower.push(stroke(6))!.startMs, 4);
});

Deno.test("PointerWindower.push() gives windows of `activeMs` in movement, pauses left out", () => {
  const windower = new PointerWindower(POINTER);
  const windows = hand.flatMap((event) => windower.push(event) ?? []);
  assert(windows.length > 20);
  for (const { activeMs, events, startMs, endMs } of windows) {
    assert(activeMs >= 5000 && activeMs < 5600, `${activeMs} ms`);
    assert(endMs - startMs > activeMs - 1);
    assertEquals([events[0]!.timeMs, events.at(-1)!.timeMs], [startMs, endMs]);
  }
});

Deno.test("PointerWindower.push() counts no pause as movement", () => {
  const windower = new PointerWindower({ activeMs: 1000, hopMs: 1000 });
  const slow = Array.from({ length: 100 }, (_, i) => sample(501 * i));
  assertEquals(slow.flatMap((event) => windower.push(event) ?? []), []);
  const steady = Array.from({ length: 11 }, (_, i) => sample(60_000 + 100 * i));
  assertEquals(steady.flatMap((event) => windower.push(event) ?? []).length, 1);
});

Deno.test("PointerWindower.push() counts no movement twice for wheel steps or presses", () => {
  const windower = new PointerWindower({ activeMs: 1000, hopMs: 500 });
  const moves = Array.from({ length: 11 }, (_, i) => sample(100 * i));
  assertEquals(moves.flatMap((event) => windower.push(event) ?? []).length, 1);
  const scroll = Array.from({ length: 200 }, (_, i) => i % 10 ? wheel : press)
    .map((make, i) => make(1000 + 100 * i));
  assertEquals(scroll.flatMap((event) => windower.push(event) ?? []), []);
  assertEquals(windower.untilNext, 500);
  // The pause that was filled with scrolling is no movement either.
  assertEquals(windower.push(sample(21_000)), undefined);
  assertEquals(windower.untilNext, 500);
});

Deno.test("PointerWindower.push() puts presses and wheel steps between the samples where they lie", () => {
  const windower = new PointerWindower({ activeMs: 300, hopMs: 300 });
  const late = [sample(100), sample(200), wheel(250), sample(300), press(150)];
  assertEquals(late.flatMap((event) => windower.push(event) ?? []), []);
  assertEquals(windower.push(sample(400)), {
    modality: "pointer",
    startMs: 100,
    endMs: 400,
    activeMs: 300,
    events: [sample(100), press(150), sample(200), wheel(250), sample(300), sample(400)],
  });
});

Deno.test("PointerWindower.push() leaves out what lies before a window's first sample", () => {
  const windower = new PointerWindower({ activeMs: 200, hopMs: 200 });
  for (const timeMs of [0, 100]) windower.push(sample(timeMs));
  windower.push(press(50));
  assertEquals(windower.push(sample(200))!.events, [
    sample(0),
    press(50),
    sample(100),
    sample(200),
  ]);
  windower.push(sample(300));
  assertEquals(windower.push(sample(400))!.events, [200, 300, 400].map(sample));
});

Deno.test("PointerWindower.untilNext says how much movement makes the next window", () => {
  const windower = new PointerWindower(POINTER);
  let lastMs: number | undefined;
  for (const event of hand) {
    const missing = windower.untilNext;
    assert(missing > 0);
    const window = windower.push(event);
    if (event.kind !== "pointer") continue;
    const gapMs = lastMs === undefined ? 0 : event.timeMs - lastMs;
    lastMs = event.timeMs;
    assertEquals(window !== undefined, gapMs <= 500 && gapMs >= missing - 1e-3);
  }
});

Deno.test("PointerWindower.reset() reads no window across what was lost", () => {
  const windower = new PointerWindower({ activeMs: 300, hopMs: 100 });
  for (const timeMs of [0, 100, 200]) windower.push(sample(timeMs));
  windower.reset();
  assertEquals(windower.open, { events: [], sinceCut: 0 });
  for (const timeMs of [300, 400, 500]) assertEquals(windower.push(sample(timeMs)), undefined);
  assertEquals(windower.push(sample(600))!.startMs, 300);
});

Deno.test("windowers cut the same windows however the stream is framed", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 });
  const cutStrokes = (events: readonly Stroke[]) => {
    const windower = new KeyboardWindower(KEYBOARD);
    return events.flatMap((event) => windower.push(event) ?? []);
  };
  const cutPointer = (events: readonly PointerEvents[]) => {
    const windower = new PointerWindower(POINTER);
    return events.flatMap((event) => windower.push(event) ?? []);
  };
  const [typed, moved] = [cutStrokes(framed(strokes, [1])), cutPointer(framed(hand, [1]))];
  assertGreaterOrEqual(Math.min(typed.length, moved.length), 20);
  fc.assert(
    fc.property(sizes, (sizes) => {
      assertEquals(cutStrokes(framed(strokes, sizes)), typed);
      assertEquals(cutPointer(framed(hand, sizes)), moved);
    }),
    { numRuns: 10 },
  );
});

Deno.test("windowers go on from their open window as if they had never stopped", () => {
  // Presses come at their release, behind samples that are newer.
  const time = fc.integer({ min: -900, max: 700 });
  const kind = fc.constantFrom("pointer", "pointer", "button", "wheel");
  const made = fc.array(fc.tuple(time, kind), { minLength: 1, maxLength: 300 });
  fc.assert(fc.property(made, fc.nat(), (steps, cut) => {
    let newestMs = 1.7e12;
    const events = steps.map(([step, kind]): PointerEvents => {
      const timeMs = toWirePrecision(newestMs + step / 3);
      newestMs = Math.max(newestMs, timeMs);
      if (kind === "button") return press(timeMs);
      return kind === "pointer" ? sample(newestMs) : wheel(newestMs);
    });
    const place = cut % events.length;
    const whole = new PointerWindower({ activeMs: 1500, hopMs: 300 });
    const windows = events.flatMap((event) => whole.push(event) ?? []);

    const first = new PointerWindower(whole.settings);
    const before = events.slice(0, place).flatMap((event) => first.push(event) ?? []);
    const second = new PointerWindower(whole.settings, structuredClone(first.open));
    const after = events.slice(place).flatMap((event) => second.push(event) ?? []);
    assertEquals([...before, ...after], windows);
    assertEquals(second.open, whole.open);
    assertEquals(second.untilNext, whole.untilNext);
  }));

  fc.assert(fc.property(fc.nat(strokes.length), (cut) => {
    const whole = new KeyboardWindower(KEYBOARD);
    const windows = strokes.flatMap((stroke) => whole.push(stroke) ?? []);
    const first = new KeyboardWindower(KEYBOARD);
    const before = strokes.slice(0, cut).flatMap((stroke) => first.push(stroke) ?? []);
    const second = new KeyboardWindower(KEYBOARD, structuredClone(first.open));
    const after = strokes.slice(cut).flatMap((stroke) => second.push(stroke) ?? []);
    assertEquals([...before, ...after], windows);
  }));
});

Deno.test("PointerWindower keeps no more than a stored window may hold, however dense its input", () => {
  const windower = new PointerWindower(POINTER);
  for (let i = 0; i < FRAME_LIMITS.events; i++) windower.push(sample(1000));
  for (let i = 0; i < FRAME_LIMITS.events; i++) windower.push(wheel(1000));
  const { events } = windower.open;
  assertEquals(events.length, FRAME_LIMITS.events);
  assertEquals(events.filter(({ kind }) => kind === "pointer").length, FRAME_LIMITS.events * 3 / 4);
});
