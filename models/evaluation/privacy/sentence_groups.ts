/**
 * Which transcripts are of the same sentence. The sets that people were asked to type repeat between
 * people, so whether an attacker has read a sentence before must be known, misspellings and all.
 */
import type { TypedSentence } from "./typed_text.ts";

/** Sets of trigrams this alike are one sentence (Dice 1945: twice the shared over the sum). */
const ALIKE = 0.6;

/** Transcripts of one sentence. */
export interface SentenceGroup {
  readonly number: number;
  readonly sentences: TypedSentence[];
}

/**
 * Groups transcripts, each with the group whose first transcript it is most like, or else alone.
 * Texts that were typed the same most often found groups first, so a misspelling seldom does.
 *
 * @returns groups by number; every transcript is in exactly one.
 */
export function groupSentences(sentences: readonly TypedSentence[]): SentenceGroup[] {
  const byText = Map.groupBy(sentences, ({ text }) => text);
  const texts = [...byText].sort(([, a], [, b]) => b.length - a.length);
  const groups: SentenceGroup[] = [];
  const sizes: number[] = [];
  const holders = new Map<string, number[]>();
  for (const [text, typed] of texts) {
    const trigrams = trigramsOf(text);
    const group = mostAlike(trigrams, holders, sizes);
    if (group !== undefined) {
      groups[group]!.sentences.push(...typed);
      continue;
    }
    const number = groups.length;
    groups.push({ number, sentences: [...typed] });
    sizes.push(trigrams.size);
    for (const trigram of trigrams) {
      const held = holders.get(trigram);
      if (held) held.push(number);
      else holders.set(trigram, [number]);
    }
  }
  return groups;
}

function mostAlike(
  trigrams: ReadonlySet<string>,
  holders: ReadonlyMap<string, readonly number[]>,
  sizes: readonly number[],
): number | undefined {
  const shared = new Map<number, number>();
  for (const trigram of trigrams) {
    for (const group of holders.get(trigram) ?? []) shared.set(group, (shared.get(group) ?? 0) + 1);
  }
  let [best, bestDice]: [number | undefined, number] = [undefined, ALIKE];
  for (const [group, count] of shared) {
    const dice = 2 * count / (trigrams.size + sizes[group]!);
    if (dice >= bestDice) [best, bestDice] = [group, dice];
  }
  return best;
}

function trigramsOf(text: string): Set<string> {
  const padded = `  ${text} `;
  return new Set(Array.from({ length: padded.length - 2 }, (_, i) => padded.slice(i, i + 3)));
}
