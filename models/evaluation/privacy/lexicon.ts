/** What an attacker knows of English before listening: words with their frequencies, and pairs. */
import type { SentenceGroup } from "./sentence_groups.ts";
import type { TypedSentence } from "./typed_text.ts";

/** Where a sentence begins and ends among the pairs. */
export const EDGE = "|";
/** Stands for what is no word, such as a number: the zones tell that it is none. */
export const NO_WORD = "0";

/** Typists whom a sentence needs for its spelling to be taken from what most of them typed. */
const LEAST_TYPISTS = 3;
/**
 * Absolute discounts of a pair's count (Ney, Essen and Kneser 1994): low for who expects the very
 * sentences that were read, high for who expects new ones.
 */
export const DISCOUNT = { sameText: 0.3, newText: 0.75 } as const;

/**
 * What sentences read, each once however many typed it: the text that most typists left standing.
 * A sentence that too few typed is left out, since its misspellings could not be told.
 */
export function canonicalSentences(groups: readonly SentenceGroup[]): TypedSentence[] {
  return groups.flatMap(({ sentences }) => {
    if (sentences.length < LEAST_TYPISTS) return [];
    const byText = [...Map.groupBy(sentences, ({ text }) => text).values()];
    return [byText.reduce((most, alike) => alike.length > most.length ? alike : most)[0]!];
  });
}

/** A word pair's predecessor and the logarithm of the pair's probability given it. */
export interface Predecessor {
  readonly word: string;
  readonly logProbability: number;
}

/** Word pairs, discounted and interpolated with single words (Kneser and Ney 1995). */
export class Lexicon {
  readonly words: readonly string[];
  readonly #pairs = new Map<string, Predecessor[]>();
  readonly #logSingle = new Map<string, number>();
  readonly #logBackoff = new Map<string, number>();
  #logUnknown = 0;

  /** @param texts words parted by spaces; @param discount 0 to 1, of every pair's count. */
  constructor(texts: readonly string[], discount: number) {
    const followers = new Map<string, Map<string, number>>();
    for (const text of texts) {
      const words = [EDGE, ...text.split(" "), EDGE];
      for (let i = 1; i < words.length; i++) {
        const counts = followers.get(words[i - 1]!) ?? new Map<string, number>();
        followers.set(words[i - 1]!, counts.set(words[i]!, (counts.get(words[i]!) ?? 0) + 1));
      }
    }
    this.#countSingles(followers);
    this.words = [...this.#logSingle.keys()].filter((word) => word !== EDGE && word !== NO_WORD);
    for (const [word, counts] of followers) {
      const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const backoff = discount * counts.size / total;
      this.#logBackoff.set(word, Math.log(backoff));
      for (const [next, count] of counts) {
        const paired = (count - discount) / total + backoff * Math.exp(this.logSingle(next));
        const before = this.#pairs.get(next);
        const entry = { word, logProbability: Math.log(paired) };
        if (before) before.push(entry);
        else this.#pairs.set(next, [entry]);
      }
    }
  }

  /** Natural logarithm of a word's probability after no word in particular. */
  logSingle(word: string): number {
    return this.#logSingle.get(word) ?? this.#logUnknown;
  }

  /** What is added to {@linkcode logSingle} after `word` for a pair that was never met. */
  logBackoff(word: string): number {
    return this.#logBackoff.get(word) ?? 0;
  }

  /** The pairs met that end in `word`. */
  predecessors(word: string): readonly Predecessor[] {
    return this.#pairs.get(word) ?? [];
  }

  has(word: string): boolean {
    return this.#logSingle.has(word);
  }

  /** By the number of different words before, which says more of a new place than the count does. */
  #countSingles(followers: ReadonlyMap<string, ReadonlyMap<string, number>>): void {
    const contexts = new Map<string, number>();
    let total = 0;
    for (const counts of followers.values()) {
      total += counts.size;
      for (const next of counts.keys()) contexts.set(next, (contexts.get(next) ?? 0) + 1);
    }
    this.#logUnknown = -Math.log(2 * total);
    for (const [word, count] of contexts) this.#logSingle.set(word, Math.log(count / total));
  }
}
