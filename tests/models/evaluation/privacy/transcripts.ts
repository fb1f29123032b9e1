/** Recorded transcripts of texts that a test chooses: what is typed matters here, and its rhythm. */
import type { TraceSession } from "../../../../core/trace.ts";
import {
  readSentence,
  type TypedSentence,
} from "../../../../models/evaluation/privacy/typed_text.ts";

const KEY_CODES: Readonly<Record<string, number>> = {
  " ": 32,
  "'": 222,
  "-": 189,
  ".": 190,
  ",": 188,
  "<": 8,
  "→": 39,
};
const SHIFT = 16;

/** When a key goes down after the one before it, and how long it stays, ms. */
export type Rhythm = (key: string, before: string) => { pressPressMs: number; holdMs: number };

const EVEN: Rhythm = () => ({ pressPressMs: 150, holdMs: 80 });

/** A text as a trace; `<` is backspace, `→` an arrow, and capitals are shifted. */
export function typeText(text: string, subject = "ada", rhythm = EVEN): TraceSession {
  const keys: [number, number, number][] = [];
  let [pressMs, before] = [0, " "];
  for (const character of text) {
    const key = character.toLowerCase();
    const { pressPressMs, holdMs } = rhythm(key, before);
    if (keys.length) pressMs += pressPressMs;
    if (key !== character) {
      keys.push([pressMs, pressMs + pressPressMs + holdMs, SHIFT]);
      pressMs += pressPressMs;
    }
    keys.push([pressMs, pressMs + holdMs, KEY_CODES[key] ?? key.toUpperCase().charCodeAt(0)]);
    before = key;
  }
  return { subject, session: text, keys };
}

export function typedSentence(text: string, subject?: string, rhythm?: Rhythm): TypedSentence {
  return readSentence(typeText(text, subject, rhythm))!;
}
