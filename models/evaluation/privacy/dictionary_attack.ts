/** The plainest attack: for every word, the most frequent one that looks the same. */
import { type KeyView, shapeOf } from "./key_groups.ts";
import type { TypedSentence, TypedWord } from "./typed_text.ts";

/** Guesses words one by one from what an observer sees of their keys. */
export class Dictionary {
  readonly #best = new Map<string, string>();
  readonly #view: KeyView;

  /** @param sentences other people's, whose words are counted as they were typed. */
  constructor(sentences: readonly TypedSentence[], view: KeyView) {
    this.#view = view;
    const counts = new Map<string, Map<string, number>>();
    for (const { words } of sentences) {
      for (const word of words) {
        if (!word.isWord) continue;
        const shape = shapeOf(word, view);
        const byText = counts.get(shape) ?? new Map<string, number>();
        counts.set(shape, byText.set(word.text, (byText.get(word.text) ?? 0) + 1));
      }
    }
    for (const [shape, byText] of counts) {
      const [text] = [...byText].reduce((most, entry) => entry[1] > most[1] ? entry : most);
      this.#best.set(shape, text);
    }
  }

  /** `undefined` where no word looks so. */
  guess(word: TypedWord): string | undefined {
    return this.#best.get(shapeOf(word, this.#view));
  }
}
