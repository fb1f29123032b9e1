/** How many words each attack recovers, and how sure that figure is. */
import { quantile } from "../../../core/features/vector.ts";
import { type Random } from "../../../core/random.ts";
import { Dictionary } from "./dictionary_attack.ts";
import {
  fingers,
  hands,
  handsAndRows,
  type KeyView,
  lengthAlone,
  nineZones,
  zonesOfKeys,
} from "./key_groups.ts";
import { canonicalSentences, DISCOUNT, Lexicon } from "./lexicon.ts";
import { SentenceAttack } from "./sentence_attack.ts";
import type { SentenceGroup } from "./sentence_groups.ts";
import { shiftEvidence } from "./shift_habit.ts";
import { readByTimings, type Reader, TypingStyles } from "./timing_attack.ts";
import type { Guesses, ScaledPerson } from "./timing_model.ts";
import { TimingScale } from "./timing_scale.ts";
import type { TypedSentence } from "./typed_text.ts";

/** Whether the attacker has read the sentence that is attacked, among others, or only others. */
export const READ = ["same", "others"] as const;
export type Read = typeof READ[number];

/** Sentences are read by all of these parts but their own where the attacker may not have read them. */
const FOLDS = 5;
const DRAWS = 1000;
/** Keys of a word that counts as long, and how many words are named as recovered most often. */
export const LONG_WORD = 5;
const NAMED = 4;

/** What an attacker has read before listening. */
interface Library extends Reader {
  dictionary(view: KeyView): Dictionary;
}

type LibraryOf = (sentence: TypedSentence) => Library;
type WordAttack = (person: ScaledPerson, libraryOf: LibraryOf) => Guesses;

/** What an attack got out of the words that were typed, as shares of 1. */
export interface Recovered {
  readonly share: number;
  /** The middle 95 % of what draws of people give. */
  readonly ci95: readonly [number, number];
  /** Among those words alone that the attacker has read at all. */
  readonly ofKnownWords: number;
  /** Among words of at least {@linkcode LONG_WORD} keys. */
  readonly ofLongWords: number;
  /** How many different words were recovered, and which most often, with their shares of all hits. */
  readonly differentWords: number;
  readonly mostOften: Readonly<Record<string, number>>;
}

export interface WordFigures {
  readonly people: number;
  readonly words: number;
  /** Share of the words typed that the attacker has read. */
  readonly knownWords: Readonly<Record<Read, number>>;
  readonly attacks: Readonly<Record<AttackName, Readonly<Record<Read, Recovered>>>>;
}

/** Each attack by name, the plainest first. */
export type AttackName = typeof ATTACK_NAMES[number];
export const ATTACK_NAMES = [
  "lengths",
  "zonesOfKeys",
  "nineZones",
  "wordPairs",
  "timings",
  "hands",
  "handsAndRows",
  "fingers",
] as const;

const byDictionary = (view: KeyView): WordAttack => ({ sentences }, libraryOf) =>
  sentences.map((sentence) => {
    const dictionary = libraryOf(sentence).dictionary(view);
    return sentence.words.map((word) => word.isWord ? dictionary.guess(word) : undefined);
  });

const byWordPairs: WordAttack = ({ sentences }, libraryOf) =>
  sentences.map((sentence) => {
    const { attack, shift } = libraryOf(sentence);
    return attack.guess(sentence, shift);
  });

/** People attacked, and what the attacker has learned from. */
export interface WordTrial {
  /** Transcripts of the people learned from, by sentence. */
  readonly learned: readonly SentenceGroup[];
  readonly attacked: readonly SentenceGroup[];
  /** For the intervals. */
  readonly random: Random;
}

/** @param onProgress told the share that is done, 0 to 1. */
export function attackWords(
  { learned, attacked, random }: WordTrial,
  onProgress: (share: number) => void,
): WordFigures {
  const styles = new TypingStyles(peopleOf(learned));
  const attacks: Readonly<Record<AttackName, WordAttack>> = {
    lengths: byDictionary(lengthAlone),
    zonesOfKeys: byDictionary(zonesOfKeys),
    nineZones: byDictionary(nineZones),
    wordPairs: byWordPairs,
    timings: (person, libraryOf) => readByTimings(person, styles, libraryOf),
    hands: byDictionary(hands),
    handsAndRows: byDictionary(handsAndRows),
    fingers: byDictionary(fingers),
  };
  const libraries = createLibraries(learned, attacked);
  const people = peopleOf(attacked);
  const tallies = people.map((person, i) => {
    onProgress(i / people.length);
    return tallyPerson(person, attacks, libraries);
  });
  const total = (of: (tally: PersonTally) => number) =>
    tallies.reduce((sum, tally) => sum + of(tally), 0);
  const words = total((tally) => tally.words);
  const known = (read: Read) => total((tally) => tally.known[read]);
  const draws = Array.from(
    { length: DRAWS },
    () => tallies.map(() => Math.floor(random() * tallies.length)),
  );
  const recovered = (name: AttackName, read: Read): Recovered => {
    const shares = draws.map((draw) => {
      const drawn = (of: (tally: PersonTally) => number) =>
        draw.reduce((sum, i) => sum + of(tallies[i]!), 0);
      return drawn(({ hits }) => hits[name][read].texts.length) / drawn((tally) => tally.words);
    });
    const texts = tallies.flatMap(({ hits }) => hits[name][read].texts);
    const counted = [...Map.groupBy(texts, (text) => text)]
      .map(([text, { length }]) => [text, length / texts.length] as const)
      .sort(([, a], [, b]) => b - a);
    return {
      share: texts.length / words,
      ci95: [quantile(shares, 0.025), quantile(shares, 0.975)],
      ofKnownWords: total(({ hits }) => hits[name][read].known) / known(read),
      ofLongWords: texts.filter(isLong).length / total((tally) => tally.longWords),
      differentWords: counted.length,
      mostOften: Object.fromEntries(counted.slice(0, NAMED)),
    };
  };
  return {
    people: people.length,
    words,
    knownWords: byRead((read) => known(read) / words),
    attacks: byName((name) => byRead((read) => recovered(name, read))),
  };
}

interface PersonTally {
  readonly words: number;
  readonly longWords: number;
  readonly known: Readonly<Record<Read, number>>;
  readonly hits: Readonly<Record<AttackName, Readonly<Record<Read, Hits>>>>;
}

interface Hits {
  /** Each word that was guessed, as often as it was. */
  readonly texts: readonly string[];
  readonly known: number;
}

const isLong = (text: string) => text.length >= LONG_WORD;

function tallyPerson(
  person: ScaledPerson,
  attacks: Readonly<Record<AttackName, WordAttack>>,
  libraries: Readonly<Record<Read, LibraryOf>>,
): PersonTally {
  const typed = person.sentences.flatMap((sentence) => {
    return sentence.words.map(({ isWord, text }) => ({ sentence, isWord, text }));
  });
  const knows = (read: Read, { sentence, text }: typeof typed[number]) =>
    libraries[read](sentence).attack.lexicon.has(text);
  const hits = (name: AttackName, read: Read): Hits => {
    const guesses = attacks[name](person, libraries[read]).flat();
    const right = typed.filter(({ isWord, text }, i) => isWord && guesses[i] === text);
    return {
      texts: right.map(({ text }) => text),
      known: right.filter((word) => knows(read, word)).length,
    };
  };
  const words = typed.filter(({ isWord }) => isWord);
  return {
    words: words.length,
    longWords: words.filter(({ text }) => isLong(text)).length,
    known: byRead((read) => words.filter((word) => knows(read, word)).length),
    hits: byName((name) => byRead((read) => hits(name, read))),
  };
}

/** One library of all sentences, and one without each part of them. */
function createLibraries(
  learned: readonly SentenceGroup[],
  attacked: readonly SentenceGroup[],
): Readonly<Record<Read, LibraryOf>> {
  const foldOf = new Map(
    attacked.flatMap(({ number, sentences }) =>
      sentences.map((sentence) => [sentence, number % FOLDS] as const)
    ),
  );
  const same = createLibrary(learned, DISCOUNT.sameText);
  const others = Array.from(
    { length: FOLDS },
    (_, fold) =>
      createLibrary(learned.filter(({ number }) => number % FOLDS !== fold), DISCOUNT.newText),
  );
  return { same: () => same, others: (sentence) => others[foldOf.get(sentence)!]! };
}

function createLibrary(groups: readonly SentenceGroup[], discount: number): Library {
  const sentences = groups.flatMap(({ sentences }) => sentences);
  const texts = canonicalSentences(groups).map(({ text }) => text);
  const dictionaries = new Map<KeyView, Dictionary>();
  return {
    attack: new SentenceAttack(new Lexicon(texts, discount)),
    shift: shiftEvidence(sentences),
    dictionary(view) {
      const dictionary = dictionaries.get(view) ?? new Dictionary(sentences, view);
      dictionaries.set(view, dictionary);
      return dictionary;
    },
  };
}

function peopleOf(groups: readonly SentenceGroup[]): ScaledPerson[] {
  const all = groups.flatMap(({ sentences }) => sentences);
  return [...Map.groupBy(all, ({ subject }) => subject).values()]
    .map((sentences) => ({ sentences, scale: new TimingScale(sentences) }));
}

function byRead<Value>(of: (read: Read) => Value): Readonly<Record<Read, Value>> {
  return { same: of("same"), others: of("others") };
}

function byName<Value>(of: (name: AttackName) => Value): Readonly<Record<AttackName, Value>> {
  return Object.fromEntries(ATTACK_NAMES.map((name) => [name, of(name)])) as Record<
    AttackName,
    Value
  >;
}
