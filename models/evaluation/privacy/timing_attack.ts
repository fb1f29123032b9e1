/** The strongest reader of zones and timings here: word pairs, people who type alike, and habits. */
import type { SentenceAttack, WordEvidence } from "./sentence_attack.ts";
import { type Guesses, type ScaledPerson, TimingModel } from "./timing_model.ts";
import type { TypedSentence } from "./typed_text.ts";

/** Groups of people who type alike, each as large. */
const STYLES = 5;
/** What a nat of timing weighs against one of language: above 1, since word pairs are few. */
const TIMING_WEIGHT = 1.25;

/**
 * Timing models of people grouped by how often they press a key before the one before it is up,
 * which separates styles of typing (Dhakal et al. 2018) and takes no key to be known.
 */
export class TypingStyles {
  readonly #styles: readonly { readonly most: number; readonly model: TimingModel }[];

  constructor(people: readonly ScaledPerson[]) {
    const general = TimingModel.fit(people);
    const sorted = people.map((person) => ({ person, rollover: rolloverShare(person.sentences) }))
      .sort((a, b) => a.rollover - b.rollover);
    const place = (style: number) => Math.floor(style * sorted.length / STYLES);
    this.#styles = Array.from({ length: STYLES }, (_, style) => {
      const alike = sorted.slice(place(style), place(style + 1));
      const model = TimingModel.fit(alike.map(({ person }) => person), general);
      return { most: alike.at(-1)?.rollover ?? -Infinity, model };
    });
  }

  /** The model of the people whom this one types most like. */
  of(sentences: readonly TypedSentence[]): TimingModel {
    const rollover = rolloverShare(sentences);
    return (this.#styles.find(({ most }) => rollover <= most) ?? this.#styles.at(-1)!).model;
  }
}

/** Share of strokes that begin before the stroke before has ended, 0 to 1. */
export function rolloverShare(sentences: readonly TypedSentence[]): number {
  let [overlapping, all] = [0, 0];
  for (const { keys } of sentences) {
    keys.forEach(({ stroke, place }, i) => {
      const before = keys[i - 1];
      if (before?.place !== place - 1) return;
      all++;
      if (before.stroke.timeMs + before.stroke.holdMs > stroke.timeMs) overlapping++;
    });
  }
  return all ? overlapping / all : 0;
}

/** How a sentence of the person attacked is to be read, and what else is known of its words. */
export interface Reader {
  readonly attack: SentenceAttack;
  readonly shift: WordEvidence;
}

/**
 * Reads a person's sentences twice: as people who type alike would have typed them, then with the
 * habits that the first reading shows.
 */
export function readByTimings(
  person: ScaledPerson,
  styles: TypingStyles,
  readerOf: (sentence: TypedSentence) => Reader,
): Guesses {
  const readWith = (model: TimingModel) =>
    person.sentences.map((sentence) => {
      const likelihood = model.read(sentence, person.scale);
      const { attack, shift } = readerOf(sentence);
      return attack.guess(sentence, (word, text, place) => {
        return shift(word, text, place) + TIMING_WEIGHT * likelihood.of(word, text);
      });
    });
  const model = styles.of(person.sentences);
  return readWith(model.adapted(person, readWith(model)));
}
