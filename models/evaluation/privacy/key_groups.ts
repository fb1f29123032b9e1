/**
 * How finely keys may be told apart: by the nine zones of the wire, and by finer groups that stay in
 * the browser, which show that the attack would find words if there were any to find.
 */
import type { TypedKey, TypedWord } from "./typed_text.ts";
import { characterOf } from "./typed_text.ts";

/** What an observer sees of one key that stands, as a character. */
export type KeyView = (key: TypedKey) => string;

/** Letters by the finger that a touch typist on a US keyboard has on them, from the left. */
const FINGERS = ["qaz", "wsx", "edc", "rfvtgb", "yhnujm", "ik", "ol", "p"] as const;
const ROWS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"] as const;
const LEFT_FINGERS = 4;

const letterView = (nameOf: (letter: string) => string): KeyView => (key) =>
  key.stroke.zone === "letter" ? nameOf(characterOf(key.keyCode)) : nineZones(key);
const placeIn = (groups: readonly string[], letter: string) =>
  groups.findIndex((letters) => letters.includes(letter));
const handOf = (letter: string) => placeIn(FINGERS, letter) < LEFT_FINGERS ? "l" : "r";

/** Nothing but that a key stands there. */
export const lengthAlone: KeyView = () => "x";
/** The zone of the key itself. */
export const zonesOfKeys: KeyView = ({ stroke }) => stroke.zone;
/** All that crosses the wire but its timings: with the modifiers that were held. */
export const nineZones: KeyView = ({ stroke, shifted }) => (shifted ? "^" : "") + stroke.zone;
export const hands = letterView(handOf);
export const handsAndRows = letterView((letter) => handOf(letter) + placeIn(ROWS, letter));
export const fingers = letterView((letter) => String(placeIn(FINGERS, letter)));

/** A word as an observer sees it; equal for words that the observer cannot tell apart. */
export function shapeOf(word: TypedWord, view: KeyView): string {
  return word.keys.map(view).join(" ");
}
