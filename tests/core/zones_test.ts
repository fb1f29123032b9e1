import { assertEquals } from "@std/assert";
import { type Zone, zoneOfCode, zoneOfKeyCode, ZONES } from "../../core/zones.ts";

/** A US keyboard: `KeyboardEvent.code`, legacy `keyCode`, zone. */
const KEYBOARD: readonly (readonly [string, number, Zone])[] = [
  ...Array.from({ length: 26 }, (_, i) => {
    return [`Key${String.fromCharCode(65 + i)}`, 65 + i, "letter"] as const;
  }),
  ...Array.from({ length: 10 }, (_, i) => [`Digit${i}`, 48 + i, "digit"] as const),
  ...Array.from({ length: 10 }, (_, i) => [`Numpad${i}`, 96 + i, "digit"] as const),
  ...Array.from({ length: 12 }, (_, i) => [`F${i + 1}`, 112 + i, "other"] as const),
  ["Minus", 189, "punctuation"],
  ["Equal", 187, "punctuation"],
  ["BracketLeft", 219, "punctuation"],
  ["BracketRight", 221, "punctuation"],
  ["Backslash", 220, "punctuation"],
  ["Semicolon", 186, "punctuation"],
  ["Quote", 222, "punctuation"],
  ["Backquote", 192, "punctuation"],
  ["Comma", 188, "punctuation"],
  ["Period", 190, "punctuation"],
  ["Slash", 191, "punctuation"],
  ["NumpadMultiply", 106, "punctuation"],
  ["NumpadAdd", 107, "punctuation"],
  ["NumpadSubtract", 109, "punctuation"],
  ["NumpadDecimal", 110, "punctuation"],
  ["NumpadDivide", 111, "punctuation"],
  ["Space", 32, "space"],
  ["Backspace", 8, "erase"],
  ["Delete", 46, "erase"],
  ["Enter", 13, "enterOrTab"],
  ["NumpadEnter", 13, "enterOrTab"],
  ["Tab", 9, "enterOrTab"],
  ["ShiftLeft", 16, "modifier"],
  ["ShiftRight", 16, "modifier"],
  ["ControlLeft", 17, "modifier"],
  ["AltRight", 18, "modifier"],
  ["CapsLock", 20, "modifier"],
  ["MetaLeft", 91, "modifier"],
  ["MetaRight", 92, "modifier"],
  ["PageUp", 33, "navigation"],
  ["PageDown", 34, "navigation"],
  ["End", 35, "navigation"],
  ["Home", 36, "navigation"],
  ["ArrowLeft", 37, "navigation"],
  ["ArrowUp", 38, "navigation"],
  ["ArrowRight", 39, "navigation"],
  ["ArrowDown", 40, "navigation"],
  ["Escape", 27, "other"],
  ["Insert", 45, "other"],
  ["NumLock", 144, "other"],
];

Deno.test("ZONES are nine", () => {
  assertEquals(new Set(ZONES).size, 9);
});

Deno.test("zoneOfCode() and zoneOfKeyCode() agree on every key of a US keyboard", () => {
  for (const [code, keyCode, zone] of KEYBOARD) {
    assertEquals([code, zoneOfCode(code)], [code, zone]);
    assertEquals([code, zoneOfKeyCode(keyCode)], [code, zone]);
  }
});

Deno.test("zoneOfCode() and zoneOfKeyCode() say other of what they don't know", () => {
  for (const code of ["", "Unidentified", "MediaPlayPause", "keya", "LaunchMail"]) {
    assertEquals(zoneOfCode(code), "other");
  }
  for (const keyCode of [0, 229, 255, -1, NaN]) assertEquals(zoneOfKeyCode(keyCode), "other");
});
