/**
 * What of a key is told. A zone says little of a word, but in two places it says which one: that a
 * letter alone is a capital tells _I_ from _a_, and an apostrophe marks _I'm_ and _don't_ among all
 * words. So an apostrophe is told as a letter, and of the Shifts before a letter alone a quarter are
 * told: without one it is then as likely either, so no more words are read than if all were hidden,
 * and more of the hand is seen (models/privacy.md has the figures).
 */
import type { Zone } from "./zones.ts";

/** A Shift that was released so long ago, and of which nothing is known yet, is not told, ms. */
export const SHIFT_WAIT_MS = 1000;

/** Whether a `KeyboardEvent.code` is of a key that makes capitals. */
export const makesCapitals = (code: string): boolean => /^(Shift|Caps)/.test(code);
/** Whether a legacy `keyCode` is of a key that makes capitals. */
export const keyCodeMakesCapitals = (keyCode: number): boolean => keyCode === 16 || keyCode === 20;

/** `KeyboardEvent.code` of the apostrophe. */
export const APOSTROPHE = "Quote";
/** Legacy `keyCode` of the apostrophe. */
export const APOSTROPHE_KEY_CODE = 222;

/**
 * Whether a Shift is told: {@linkcode TOLD}, {@linkcode UNTOLD}, or below them, as long as nobody
 * knows, the letters that have followed it.
 */
export type ShiftFate = number;
/** Of a Shift that is told, such as one that two letters have followed; of any other key, too. */
export const TOLD: ShiftFate = 2;
export const UNTOLD: ShiftFate = 3;

/** Share of Shifts that are told whatever follows; chosen on people who calibrate. */
const TOLD_SHARE = 0.25;
/** Multiples of it, modulo 1, lie evenly, whatever step a clock has (Weyl). */
const GOLDEN_RATIO = 0.618034;

/**
 * The fate of a Shift when it goes down: by its time, so that the same recording is told alike again.
 * A page that hides it tells no time of it either, so nobody can do the sum.
 * @param timeMs of its press, since the epoch.
 */
export function shiftFate(timeMs: number): ShiftFate {
  return (timeMs * GOLDEN_RATIO) % 1 < TOLD_SHARE ? TOLD : 0;
}

/** The fate after one more key was pressed, of the told zone `zone`. Modifiers decide nothing. */
export function followShift(fate: ShiftFate, zone: Zone): ShiftFate {
  if (fate >= TOLD || zone === "modifier") return fate;
  if (zone === "letter") return fate + 1;
  return fate ? UNTOLD : TOLD;
}
