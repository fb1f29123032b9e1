import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { KeyboardWindower, type PointerEvents, PointerWindower } from "../../core/window.ts";
import { FRAME_LIMITS, type Stroke, toWirePrecision } from "../../core/wire.ts";

const KEYBOARD = { strokes: 50, hop: 10 };
const POINTER = { activeMs: 5000, hopMs: 1000 };

const strokes = createTypist(1).type(400, 1.7e12);
const hand = createHand(1).move(120_000, 1.7e12);

function stroke(timeMs: number): Stroke {
  return { kind: "stroke", timeMs, holdMs: 80, zone: "letter" };
}

function sample(timeMs: number): PointerEvents {
  return { kind: "pointer", timeMs, dx: 3, dy: 1, dragging: false };
}

Deno.test("KeyboardWindower.push() gives a window of `strokes` every `hop`", () => {
  const windower = new KeyboardWindower(KEYBOARD);
  const windows = strokes.flatMap((stroke) => windower.push(stroke) ?? []);
  assertEquals(windows.length, 1 + (strokes.length - 50) / 10);
  windows.forEach((window, i) => {
    assertEquals(window.strokes, strokes.slice(10 * i, 10 * i + 50));
    assertEquals(window.startMs, strokes[10 * i]!.timeMs);
  });
});

Deno.test("KeyboardWindower.push() puts a stroke that was released late in its place", () => {
  const windower = new KeyboardWindower({ strokes: 3, hop: 3 });
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
  const windower = new KeyboardWindower({ strokes: 3, hop: 1 });
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

Deno.test("windowers go on from their open window as if they had never stopped", () => {
  // Presses come at their release, behind samples that are newer.
  const time = fc.integer({ min: -900, max: 700 });
  const kind = fc.constantFrom("pointer", "button");
  const made = fc.array(fc.tuple(time, kind), { minLength: 1, maxLength: 300 });
  fc.assert(fc.property(made, fc.nat(), (steps, cut) => {
    let newestMs = 1.7e12;
    const events = steps.map(([step, kind]): PointerEvents => {
      const timeMs = toWirePrecision(newestMs + step / 3);
      newestMs = Math.max(newestMs, timeMs);
      if (kind === "pointer") return sample(newestMs);
      return { kind: "button", timeMs, dwellMs: 60, button: 0 };
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
  for (let i = 0; i < FRAME_LIMITS.events + 500; i++) windower.push(sample(1000));
  assertEquals(windower.open.events.length, FRAME_LIMITS.events);
});
