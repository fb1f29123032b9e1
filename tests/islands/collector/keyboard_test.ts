import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
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
  down("ShiftLeft", 0);
  down("KeyA", 100);
  up("KeyA", 180);
  board.settle(1179);
  assertEquals([strokes, board.isWaiting], [[], true]);
  board.settle(1180);
  assertEquals([strokes, board.isWaiting], [[letter(100, 80)], false]);
  up("ShiftLeft", 1500);
  assertEquals(strokes.at(-1), { kind: "stroke", timeMs: 0, holdMs: 1500, zone: "modifier" });
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
  const codes = fc.constantFrom("KeyA", "KeyB", "Digit1", "Space", "ShiftLeft");
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
