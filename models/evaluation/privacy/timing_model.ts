/**
 * What other people's timings say of keys: how long each key is held and how long after the one
 * before it goes down, by key pair (Song, Wagner and Tian 2001, Timing analysis of keystrokes),
 * Gaussian after each person's own timings are brought to one scale, which needs no key of theirs.
 */
import { deviation, mean } from "../../../core/features/vector.ts";
import {
  ConditionalDensity,
  expectedPairs,
  fitPair,
  type PairGaussian,
  PairMoments,
} from "./pair_moments.ts";
import { type KeyTiming, sentenceTimings, type TimingScale } from "./timing_scale.ts";
import { characterOf, type TypedKey, type TypedSentence, type TypedWord } from "./typed_text.ts";

const LETTERS = 26;
/** What is no letter, by what the zones tell anyway. */
const SPACE = LETTERS;
const PUNCTUATION = LETTERS + 1;
const SYMBOLS = LETTERS + 2;

/** Fewer holds of a key say nothing of their spread. */
const LEAST_HOLDS = 20;
/** Guesses at a person's keys that weigh as much as what other people do. */
const PRIOR_GUESSES = 10;

/** Sentences of one person with the scale of that person's timings. */
export interface ScaledPerson {
  readonly sentences: readonly TypedSentence[];
  readonly scale: TimingScale;
}

/** On the scale that people share. */
interface HoldGaussian {
  readonly centre: number;
  readonly deviation: number;
}

/** One guess a word of each sentence; `undefined` where there is none. */
export type Guesses = readonly (readonly (string | undefined)[])[];

export class TimingModel {
  readonly #densities: readonly ConditionalDensity[];

  private constructor(
    readonly pairs: readonly PairGaussian[],
    /** Of each key's hold, for strokes that follow no key that stands. */
    readonly holds: readonly HoldGaussian[],
  ) {
    this.#densities = pairs.map((gaussian) => new ConditionalDensity(gaussian));
  }

  /**
   * Learns from people whose keys are known.
   * @param general what is expected of pairs; where left out, what these people's keys let expect.
   */
  static fit(people: readonly ScaledPerson[], general?: TimingModel): TimingModel {
    const moments = Array.from({ length: SYMBOLS ** 2 }, () => new PairMoments());
    const holds = Array.from({ length: SYMBOLS }, (): number[] => []);
    for (const { sentences, scale } of people) {
      for (const sentence of sentences) {
        const symbols = sentence.keys.map(symbolOfKey);
        sentenceTimings(sentence, scale).forEach(({ hold, before }, i) => {
          holds[symbols[i]!]!.push(hold);
          const pair = before && moments[symbols[i - 1]! * SYMBOLS + symbols[i]!];
          pair?.add([before!.hold, before!.pressPress, hold]);
        });
      }
    }
    const expected = general?.pairs ?? expectedPairs(moments);
    return new TimingModel(
      moments.map((pair, i) => fitPair(pair, expected[i]!)),
      holds.map((values) => ({
        centre: values.length ? mean(values) : 0,
        deviation: values.length >= LEAST_HOLDS ? deviation(values) : 1,
      })),
    );
  }

  /**
   * The same model with one person's own habits in it, as far as guesses at what they typed show
   * them: how much longer each key is held and how much later each pair follows.
   */
  adapted({ sentences, scale }: ScaledPerson, guesses: Guesses): TimingModel {
    const holds = Array.from({ length: SYMBOLS }, () => new Offset());
    const pressPresses = Array.from({ length: SYMBOLS ** 2 }, () => new Offset());
    sentences.forEach((sentence, i) => {
      const symbols = guessedSymbols(sentence, guesses[i]!);
      sentenceTimings(sentence, scale).forEach(({ hold, before }, place) => {
        const [last, symbol] = [symbols[place - 1], symbols[place]];
        if (last === undefined || symbol === undefined || !before) return;
        const pair = last * SYMBOLS + symbol;
        const { centre } = this.pairs[pair]!;
        holds[symbol]!.add(hold - centre[2]!);
        pressPresses[pair]!.add(before.pressPress - centre[1]!);
      });
    });
    const adaptedPairs = this.pairs.map(({ centre, spread }, pair) => {
      const [before, key] = [holds[Math.floor(pair / SYMBOLS)]!, holds[pair % SYMBOLS]!];
      const offsets = [before.value, pressPresses[pair]!.value, key.value];
      return { centre: centre.map((value, i) => value + offsets[i]!), spread };
    });
    const adaptedHolds = this.holds.map(({ centre, deviation }, symbol) => {
      return { centre: centre + holds[symbol]!.value, deviation };
    });
    return new TimingModel(adaptedPairs, adaptedHolds);
  }

  /** Log-likelihoods of the sentence's keys, to be read off for many texts. */
  read(sentence: TypedSentence, scale: TimingScale): SentenceLikelihood {
    const tables = sentenceTimings(sentence, scale).map((timing) => this.#table(timing));
    return new SentenceLikelihood(sentence, tables);
  }

  /** `[symbol before x symbol]`, nats; alike in the first where the stroke follows no key that stands. */
  #table({ hold, before }: KeyTiming): Float32Array {
    const table = new Float32Array(SYMBOLS ** 2);
    if (before) {
      return table.map((_, i) => this.#densities[i]!.of(before.hold, before.pressPress, hold));
    }
    const alone = this.holds.map(({ centre, deviation }) =>
      -0.5 * ((hold - centre) / deviation) ** 2 - Math.log(deviation)
    );
    return table.map((_, i) => alone[i % SYMBOLS]!);
  }
}

/** How well texts explain the timings of one sentence's keys. */
export class SentenceLikelihood {
  constructor(readonly sentence: TypedSentence, readonly tables: readonly Float32Array[]) {}

  /** Log-likelihood of a text as long as the word, in nats up to a constant of the word's. */
  of({ start, keys }: TypedWord, text: string): number {
    let sum = 0;
    let before = this.#gapAt(start - 1);
    for (let i = 0; i < keys.length; i++) {
      const symbol = symbolOf(text[i]!);
      sum += this.tables[start + i]![before * SYMBOLS + symbol]!;
      before = symbol;
    }
    const end = start + keys.length;
    if (end === this.tables.length) return sum;
    return sum + this.tables[end]![before * SYMBOLS + this.#gapAt(end)]!;
  }

  /** What is no part of a word, as the zones tell it. */
  #gapAt(place: number): number {
    return this.sentence.keys[place]?.stroke.zone === "space" ? SPACE : PUNCTUATION;
  }
}

/** A mean residual, held back while it rests on little. */
class Offset {
  #count = 0;
  #sum = 0;

  add(residual: number): void {
    this.#count++;
    this.#sum += residual;
  }

  get value(): number {
    return this.#sum / (this.#count + PRIOR_GUESSES);
  }
}

function symbolOf(character: string): number {
  const place = character.charCodeAt(0) - 97;
  return place >= 0 && place < LETTERS ? place : PUNCTUATION;
}

/** The truth; for people whom an attacker learns from. */
function symbolOfKey({ stroke, keyCode }: TypedKey): number {
  return stroke.zone === "space" ? SPACE : symbolOf(characterOf(keyCode));
}

/** Symbols of the keys that a guess names or the zones tell. */
function guessedSymbols(
  { keys, words }: TypedSentence,
  guesses: readonly (string | undefined)[],
): (number | undefined)[] {
  const symbols = keys.map(({ stroke: { zone } }): number | undefined => {
    return zone === "letter" ? undefined : zone === "space" ? SPACE : PUNCTUATION;
  });
  words.forEach(({ start }, i) => {
    [...guesses[i] ?? ""].forEach((character, j) => symbols[start + j] = symbolOf(character));
  });
  return symbols;
}
