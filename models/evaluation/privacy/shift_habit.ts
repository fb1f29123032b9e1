/** Which words people type with a shifted first letter where no sentence begins. */
import type { WordEvidence } from "./sentence_attack.ts";
import type { TypedSentence, TypedWord } from "./typed_text.ts";

/** What all words together weigh against what was seen of one. */
const PRIOR_WORDS = 1;

/** Log-probability of a word's shift as the wire shows it; nothing where a sentence begins. */
export function shiftEvidence(sentences: Iterable<TypedSentence>): WordEvidence {
  const seen = new Map<string, { shifted: number; count: number }>();
  const all = { shifted: 0, count: 0 };
  for (const { words } of sentences) {
    for (const word of words.slice(1)) {
      const own = seen.get(word.text) ?? { shifted: 0, count: 0 };
      for (const tally of [own, all]) {
        tally.count++;
        if (isShifted(word)) tally.shifted++;
      }
      seen.set(word.text, own);
    }
  }
  const usual = (all.shifted + 0.5) / (all.count + 1);
  return (word, text, place) => {
    if (place === 0) return 0;
    const { shifted, count } = seen.get(text) ?? { shifted: 0, count: 0 };
    const share = (shifted + PRIOR_WORDS * usual) / (count + PRIOR_WORDS);
    return Math.log(isShifted(word) ? share : 1 - share);
  };
}

function isShifted({ keys }: TypedWord): boolean {
  return keys[0]!.shifted;
}
