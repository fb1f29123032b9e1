import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { traceToEvents } from "../../../core/trace.ts";
import type { Stroke } from "../../../core/wire.ts";
import { Keyboard, type KeyFacts } from "../../../islands/collector/keyboard.ts";

function keyboard() {
  const strokes: Stroke[] = [];
  const marks: string[] = [];
  const board = new Keyboard({
    stroke: (stroke) => strokes.push(stroke),
    mark: (mark, timeMs) => marks.push(`${mark} ${timeMs}`),
  });
  const down = (code: string, timeMs: number, facts: Partial<KeyFacts> = {}) =>
    board.press({ code, keyCode: 65, repeat: false, isComposing: false, ...facts }, timeMs);
  const up = (code: string, timeMs: number) => board.release({ code }, timeMs);
  return { board, strokes, marks, down, up };
}

const letter = (timeMs: number, holdMs: number): Stroke => ({
  kind: "stroke",
  timeMs,
  holdMs,
  zone: "letter",
});

Deno.test("Keyboard holds a finished stroke back for an earlier one, a second at most", () => {
  const { board, strokes, down, up } = keyboard();
  down("ControlLeft", 0);
  down("KeyA", 100);
  up("KeyA", 180);
  board.settle(1179);
  assertEquals([strokes, board.isWaiting], [[], true]);
  board.settle(1180);
  assertEquals([strokes, board.isWaiting], [[letter(100, 80)], false]);
  up("ControlLeft", 1500);
  assertEquals(strokes.at(-1), { kind: "stroke", timeMs: 0, holdMs: 1500, zone: "modifier" });
});

/** Types a capitalised word, its Shift at a time at which it is not told for certain, then a space. */
function capitalised(letters: number, start = "ShiftLeft") {
  const typed = keyboard();
  const { down, up } = typed;
  down(start, 1);
  for (let i = 1; i <= letters; i++) {
    down("KeyA", 100 * i);
    up("KeyA", 100 * i + 80);
    if (i === 1) up(start, 190);
  }
  down("Space", 100 * letters + 100);
  up("Space", 100 * letters + 180);
  return typed;
}

Deno.test("Keyboard tells of no Shift before a letter alone, of three in four", () => {
  for (const key of ["ShiftLeft", "ShiftRight", "CapsLock"]) {
    const { board, strokes } = capitalised(1, key);
    assertEquals(strokes.map(({ zone }) => zone), ["letter", "space"]);
    assert(!board.isWaiting);
    const { strokes: more } = capitalised(2, key);
    assertEquals(more.map(({ zone }) => zone), ["modifier", "letter", "letter", "space"]);
  }
});

Deno.test("Keyboard tells of a Shift before what is no letter", () => {
  const { strokes, down, up } = keyboard();
  down("ShiftLeft", 0);
  down("Digit1", 50);
  up("Digit1", 120);
  up("ShiftLeft", 150);
  assertEquals(strokes.map(({ zone }) => zone), ["modifier", "digit"]);
});

Deno.test("Keyboard does not tell of a Shift whose word is not known in a second, or ever", () => {
  const pause = keyboard();
  const left = keyboard();
  for (const { down, up } of [pause, left]) {
    down("ShiftLeft", 1);
    down("KeyA", 50);
    up("KeyA", 120);
    up("ShiftLeft", 150);
  }
  pause.board.settle(1119);
  assertEquals(pause.strokes, []);
  pause.board.settle(1120);
  left.board.letGo();
  for (const { board, strokes } of [pause, left]) {
    assertEquals([strokes, board.isWaiting], [[letter(50, 70)], false]);
  }
});

Deno.test("Keyboard and traceToEvents() tell of the same strokes", () => {
  const keys = [
    ["KeyA", 65],
    ["Space", 32],
    ["ShiftLeft", 16],
    ["Digit1", 49],
    ["ControlLeft", 17],
    ["Quote", 222],
  ];
  const codes = fc.constantFrom(...keys as [string, number][]);
  const presses = fc.array(
    fc.record({ key: codes, gapMs: fc.integer({ min: 90, max: 1400 }) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(presses, (presses) => {
      const { board, strokes, down, up } = keyboard();
      let timeMs = 0;
      const recorded = presses.map(({ key: [code, keyCode], gapMs }): [number, number, number] => {
        // The collector's timer comes every second and more often.
        for (const endMs = timeMs + gapMs; timeMs < endMs; timeMs++) board.settle(timeMs);
        down(code, timeMs);
        up(code, timeMs + 80);
        return [timeMs, timeMs + 80, keyCode];
      });
      board.letGo();
      const told = traceToEvents({ subject: "a", session: "b", keys: recorded }, 0);
      assertEquals<unknown>(strokes, told);
    }),
    { numRuns: 40 },
  );
});

Deno.test("Keyboard drops a press whose release it missed", () => {
  const { strokes, down, up } = keyboard();
  down("KeyA", 0);
  down("KeyA", 500);
  up("KeyA", 600);
  assertEquals(strokes, [letter(500, 100)]);
});

Deno.test("Keyboard ignores a release without its press", () => {
  const { strokes, up } = keyboard();
  up("KeyA", 600);
  assertEquals(strokes, []);
});

Deno.test("Keyboard.letGo() drops what is down and passes on what waited", () => {
  const { board, strokes, down, up } = keyboard();
  down("KeyA", 0);
  down("KeyB", 50);
  up("KeyB", 100);
  board.letGo();
  up("KeyA", 200);
  assertEquals(strokes, [letter(50, 50)]);
});

Deno.test("Keyboard trusts no release while Command was down", () => {
  const { board, strokes, down, up } = keyboard();
  down("MetaLeft", 0);
  down("KeyC", 50);
  up("MetaLeft", 200);
  down("KeyC", 900);
  up("KeyC", 980);
  assertEquals(strokes.map(({ zone, timeMs }) => [zone, timeMs]), [["modifier", 0], [
    "letter",
    900,
  ]]);
  assert(!board.isWaiting);
});

Deno.test("Keyboard lets a key that seems down for ten seconds hold nothing back", () => {
  const { strokes, down, up } = keyboard();
  down("KeyA", 0);
  down("KeyB", 10_001);
  up("KeyB", 10_080);
  assertEquals(strokes, [letter(10_001, 79)]);
});

Deno.test("Keyboard marks one composition and one repeat a run", () => {
  const { strokes, marks, down, up } = keyboard();
  for (const timeMs of [1, 2, 3]) down("KeyA", timeMs, { keyCode: 229 });
  down("KeyB", 4, { isComposing: true });
  down("KeyC", 5);
  for (const timeMs of [6, 7]) down("KeyC", timeMs, { repeat: true });
  up("KeyC", 8);
  down("KeyA", 9, { keyCode: 229 });
  assertEquals(marks, ["composition 1", "repeat 6", "composition 9"]);
  assertEquals(strokes, [letter(5, 3)]);
});

Deno.test("Keyboard takes no key that a form-filling browser makes up", () => {
  const { strokes, down, up } = keyboard();
  down("", 0, { keyCode: 0 });
  up("", 0);
  assertEquals(strokes, []);
});

Deno.test("Keyboard emits each fully seen stroke once, in press order within a second", () => {
  const codes = fc.constantFrom("KeyA", "KeyB", "Digit1", "Space", "ControlLeft");
  const moves = fc.array(fc.record({ code: codes, gapMs: fc.integer({ min: 1, max: 120 }) }), {
    maxLength: 80,
  });
  fc.assert(fc.property(moves, (moves) => {
    const { strokes, down, up } = keyboard();
    const pressed = new Map<string, number>();
    const expected: string[] = [];
    let timeMs = 0;
    const turn = (code: string) => {
      const pressedMs = pressed.get(code);
      if (pressedMs === undefined) {
        down(code, timeMs);
        pressed.set(code, timeMs);
      } else {
        up(code, timeMs);
        pressed.delete(code);
        expected.push(`${pressedMs}+${timeMs - pressedMs}`);
      }
    };
    for (const { code, gapMs } of moves) {
      timeMs += gapMs;
      turn(code);
    }
    for (const code of [...pressed.keys()]) {
      timeMs++;
      turn(code);
    }
    const seen = strokes.map(({ timeMs, holdMs }) => `${timeMs}+${holdMs}`);
    assertEquals(seen.toSorted(), expected.filter((stroke) => seen.includes(stroke)).toSorted());
    // Only what seemed down for ten seconds may be missing.
    assert(
      expected.every((stroke) => seen.includes(stroke) || Number(stroke.split("+")[1]) > 9000),
    );
    strokes.forEach((stroke, at) => {
      for (const later of strokes.slice(at + 1)) {
        if (later.timeMs < stroke.timeMs) {
          assert(later.timeMs + later.holdMs > stroke.timeMs + 1000);
        }
      }
    });
  }));
});
