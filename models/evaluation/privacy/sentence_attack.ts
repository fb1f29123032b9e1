/**
 * Reads a whole sentence: the most likely sequence of words that look as the wire shows them
 * (Viterbi 1967), by word pairs, with whatever else is known of each word.
 */
import { EDGE, type Lexicon, NO_WORD } from "./lexicon.ts";
import type { TypedSentence, TypedWord } from "./typed_text.ts";

/** What is known of a word beyond its shape, in nats: higher is likelier. */
export type WordEvidence = (word: TypedWord, text: string, place: number) => number;

interface Reading {
  readonly text: string;
  readonly score: number;
  readonly before: Reading | undefined;
}

export class SentenceAttack {
  readonly #candidates: ReadonlyMap<string, readonly string[]>;

  constructor(readonly lexicon: Lexicon) {
    this.#candidates = Map.groupBy(lexicon.words, shapeOfText);
  }

  /** One guess a word; `undefined` for what is no word and where no known word looks so. */
  guess(sentence: TypedSentence, evidence: WordEvidence): (string | undefined)[] {
    let readings: ReadonlyMap<string, Reading> = new Map([
      [EDGE, { text: EDGE, score: 0, before: undefined }],
    ]);
    sentence.words.forEach((word, place) => {
      const texts = this.candidates(word);
      readings = this.#extend(readings, texts, (text) => {
        return text === NO_WORD ? 0 : evidence(word, text, place);
      });
    });
    let last = this.#extend(readings, [EDGE], () => 0).get(EDGE)!.before;
    const guesses: (string | undefined)[] = [];
    for (; last?.before; last = last.before) guesses.unshift(last.text);
    return guesses.map((text) => text === NO_WORD ? undefined : text);
  }

  /** Words that look so; {@linkcode NO_WORD} where there is none. */
  candidates(word: TypedWord): readonly string[] {
    return (word.isWord ? this.#candidates.get(shapeOfTyped(word)) : undefined) ?? [NO_WORD];
  }

  #extend(
    readings: ReadonlyMap<string, Reading>,
    texts: readonly string[],
    evidence: (text: string) => number,
  ): Map<string, Reading> {
    const { lexicon } = this;
    // Pairs that were never met share their best predecessor, so only those met are gone through.
    let [unmet, unmetScore]: [Reading | undefined, number] = [undefined, -Infinity];
    for (const reading of readings.values()) {
      const score = reading.score + lexicon.logBackoff(reading.text);
      if (score > unmetScore) [unmet, unmetScore] = [reading, score];
    }
    return new Map(texts.map((text) => {
      let before = unmet;
      let score = unmetScore + lexicon.logSingle(text);
      for (const { word, logProbability } of lexicon.predecessors(text)) {
        const reading = readings.get(word);
        if (reading && reading.score + logProbability > score) {
          [before, score] = [reading, reading.score + logProbability];
        }
      }
      return [text, { text, score: score + evidence(text), before }];
    }));
  }
}

function shapeOfText(text: string): string {
  return text.replace(/[a-z]/g, "l").replace(/[^l]/g, "p");
}

function shapeOfTyped({ keys }: TypedWord): string {
  return keys.map(({ stroke }) => stroke.zone === "letter" ? "l" : "p").join("");
}
