/** Strokes of generated typists as key events of a real browser, trusted and timed by its driver. */
import type { CDPSession } from "playwright-core";
import type { Zone } from "../../core/zones.ts";
import type { Stroke } from "../../core/wire.ts";

interface Key {
  readonly code: string;
  readonly key: string;
  readonly text?: string;
  readonly windowsVirtualKeyCode: number;
}

interface KeyEvent {
  readonly type: "keyDown" | "keyUp";
  readonly timeMs: number;
  readonly key: Key;
}

/** No word of any language, and no letter twice within reach of a rollover. */
const LETTERS = "zxjqvkwbpgmfd";

const KEYS: Readonly<Record<Exclude<Zone, "letter">, Key>> = {
  digit: { code: "Digit7", key: "7", text: "7", windowsVirtualKeyCode: 55 },
  punctuation: { code: "Comma", key: ",", text: ",", windowsVirtualKeyCode: 188 },
  space: { code: "Space", key: " ", text: " ", windowsVirtualKeyCode: 32 },
  erase: { code: "Backspace", key: "Backspace", windowsVirtualKeyCode: 8 },
  enterOrTab: { code: "Enter", key: "Enter", text: "\r", windowsVirtualKeyCode: 13 },
  modifier: { code: "ShiftLeft", key: "Shift", windowsVirtualKeyCode: 16 },
  navigation: { code: "ArrowRight", key: "ArrowRight", windowsVirtualKeyCode: 39 },
  other: { code: "F9", key: "F9", windowsVirtualKeyCode: 120 },
};

/** Codes that a browser may name and that nothing else may. */
export const TYPED_CODES: readonly string[] = [
  ...[...LETTERS].map((letter) => `Key${letter.toUpperCase()}`),
  ...Object.values(KEYS).map(({ code }) => code).filter((code) => code.length > 5),
];

/**
 * Types strokes in real time into whatever has the focus, each event stamped with the time that the
 * typist gave it. Ends early when `isEnough` says so between two strokes.
 * @returns how many strokes were typed.
 */
export async function typeStrokes(
  cdp: CDPSession,
  strokes: readonly Stroke[],
  isEnough: () => boolean = () => false,
): Promise<number> {
  const events = keyEvents(strokes);
  const offsetMs = Date.now() + 100 - events[0]!.timeMs;
  const sent: Promise<unknown>[] = [];
  const down = new Set<string>();
  let typed = 0;
  for (const { type, timeMs, key } of events) {
    if (type === "keyDown" && isEnough()) break;
    const waitMs = timeMs + offsetMs - Date.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const { text, ...named } = key;
    const written = type === "keyDown" && text ? { text } : {};
    const timestamp = (timeMs + offsetMs) / 1000;
    sent.push(cdp.send("Input.dispatchKeyEvent", { type, timestamp, ...named, ...written }));
    if (type === "keyDown") down.add(key.code);
    else if (down.delete(key.code)) typed++;
  }
  await Promise.all(sent);
  return typed;
}

/** Presses and releases in the order of their time; a key is up before it is pressed again. */
function keyEvents(strokes: readonly Stroke[]): KeyEvent[] {
  let letters = 0;
  const events: KeyEvent[] = [];
  const pressed = new Map<string, KeyEvent & { timeMs: number }>();
  for (const { timeMs, holdMs, zone } of strokes) {
    // A letter that is put right is typed again, so that the words come out whole.
    if (zone === "erase") letters = Math.max(0, letters - 1);
    const key = zone === "letter" ? letterKey(letters++) : KEYS[zone];
    const held = pressed.get(key.code);
    if (held && held.timeMs >= timeMs) held.timeMs = timeMs - 1;
    const release = { type: "keyUp" as const, timeMs: timeMs + holdMs, key };
    pressed.set(key.code, release);
    events.push({ type: "keyDown", timeMs, key }, release);
  }
  return events.sort((a, b) => a.timeMs - b.timeMs);
}

function letterKey(place: number): Key {
  const letter = LETTERS[place % LETTERS.length]!;
  const upper = letter.toUpperCase();
  return {
    code: `Key${upper}`,
    key: letter,
    text: letter,
    windowsVirtualKeyCode: upper.charCodeAt(0),
  };
}
