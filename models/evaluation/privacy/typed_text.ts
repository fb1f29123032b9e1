/**
 * What was typed, once as the wire shows it and once as it was: strokes in nine zones with their
 * timings, beside the keys that the recording alone knows. What an attacker may use and what a guess
 * is held against stay apart by their fields.
 */
import { GaitkeeperError } from "../../../core/error.ts";
import { toldKeys, type TraceSession } from "../../../core/trace.ts";
import type { Stroke } from "../../../core/wire.ts";
import { layEndToEnd } from "../../training/people.ts";

/** One key of the text that was left standing. */
export interface TypedKey {
  /** As decoded from the wire. */
  readonly stroke: Stroke;
  /** Place among all strokes of the session, so that neighbours in time can be told. */
  readonly place: number;
  /** Whether a modifier was held when it went down, as the wire shows. */
  readonly shifted: boolean;
  /** The truth: the legacy `keyCode`. An attack never reads it of the people it attacks. */
  readonly keyCode: number;
}

/** Keys between two spaces, less punctuation at either end. */
export interface TypedWord {
  readonly keys: readonly TypedKey[];
  /** Place of the first of them among the sentence's keys. */
  readonly start: number;
  /** The truth: lower case, punctuation inside as typed. */
  readonly text: string;
  /** Letters with punctuation inside at most; whatever holds digits is no word. */
  readonly isWord: boolean;
}

/** One transcribed sentence of one person. */
export interface TypedSentence {
  readonly subject: string;
  /** All that was left standing, spaces among them. */
  readonly keys: readonly TypedKey[];
  readonly words: readonly TypedWord[];
  /** The truth: the words that {@linkcode TypedWord.isWord}, and `0` for the others. */
  readonly text: string;
  readonly trace: TraceSession;
}

/** Moves the caret or deletes ahead of it: from then on nobody can say what stands where. */
const MOVES_CARET = new Set([35, 36, 37, 38, 39, 40, 46]);
const PUNCTUATION: Readonly<Record<number, string>> = {
  ...{ 59: ";", 61: "=", 107: "+", 109: "-", 110: ".", 111: "/", 106: "*", 173: "-", 186: ";" },
  ...{ 187: "=", 188: ",", 189: "-", 190: ".", 191: "/", 192: "`", 219: "[", 220: "\\", 221: "]" },
  222: "'",
};

/**
 * A session's strokes through the wire and back, and what they leave standing: an erasing key takes
 * away the last key that stands. A word is what stands at the end, so a mistake that was put right
 * counts as the word that it became; the attack is told where erasing keys were, as the wire tells.
 *
 * @param startMs when it was typed, on which it hangs which Shifts are told.
 * @returns `undefined` where the caret was moved, or no word stands.
 * @throws {GaitkeeperError} `trace_invalid` when strokes and keys do not match.
 */
export function readSentence(trace: TraceSession, startMs = 0): TypedSentence | undefined {
  const strokes = layEndToEnd([trace], { startMs }).flatMap(({ events }) =>
    events.filter((event): event is Stroke => event.kind === "stroke")
  );
  const keyCodes = toldKeys(trace, startMs).map(([, , code]) => code);
  if (strokes.length !== keyCodes.length) {
    throw new GaitkeeperError(
      "trace_invalid",
      `Cannot read text: strokes must be as many as keys, got ${strokes.length} of ` +
        `${keyCodes.length}`,
    );
  }
  if (keyCodes.some((keyCode) => MOVES_CARET.has(keyCode))) return undefined;

  const standing: TypedKey[] = [];
  let modifierUntilMs = -Infinity;
  strokes.forEach((stroke, place) => {
    if (stroke.zone === "modifier") {
      modifierUntilMs = Math.max(modifierUntilMs, stroke.timeMs + stroke.holdMs);
    } else if (stroke.zone === "erase") standing.pop();
    else {
      const shifted = stroke.timeMs < modifierUntilMs;
      standing.push({ stroke, place, shifted, keyCode: keyCodes[place]! });
    }
  });
  const words = splitWords(standing);
  if (!words.some(({ isWord }) => isWord)) return undefined;
  const text = words.map((word) => word.isWord ? word.text : "0").join(" ");
  return { subject: trace.subject, keys: standing, words, text, trace };
}

function splitWords(standing: readonly TypedKey[]): TypedWord[] {
  const zoneAt = (place: number) => standing[place]?.stroke.zone;
  const isGap = (place: number) => {
    return place === standing.length || zoneAt(place) === "space" || zoneAt(place) === "enterOrTab";
  };
  const words: TypedWord[] = [];
  let from = 0;
  for (let to = 0; to <= standing.length; to++) {
    if (!isGap(to)) continue;
    let [start, end] = [from, to];
    while (start < end && zoneAt(start) === "punctuation") start++;
    while (start < end && zoneAt(end - 1) === "punctuation") end--;
    if (start < end) words.push(wordOf(standing.slice(start, end), start));
    from = to + 1;
  }
  return words;
}

function wordOf(keys: readonly TypedKey[], start: number): TypedWord {
  const isWord = keys.every(({ stroke: { zone } }) => zone === "letter" || zone === "punctuation");
  const text = keys.map(({ keyCode }) => characterOf(keyCode)).join("");
  return { keys, start, text, isWord };
}

/** The character that a key makes unshifted on a US keyboard; `?` where there is none. */
export function characterOf(keyCode: number): string {
  const isAlphanumeric = (keyCode >= 65 && keyCode <= 90) || (keyCode >= 48 && keyCode <= 57);
  if (isAlphanumeric) return String.fromCharCode(keyCode).toLowerCase();
  return PUNCTUATION[keyCode] ?? "?";
}
