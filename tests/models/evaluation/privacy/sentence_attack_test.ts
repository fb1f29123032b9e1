import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { EDGE, Lexicon } from "../../../../models/evaluation/privacy/lexicon.ts";
import { SentenceAttack } from "../../../../models/evaluation/privacy/sentence_attack.ts";
import { shiftEvidence } from "../../../../models/evaluation/privacy/shift_habit.ts";
import { typedSentence } from "./transcripts.ts";

const WORDS = ["a", "i", "it", "is", "cat", "dog"];
const texts = fc.array(
  fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 5 }).map((words) =>
    words.join(" ")
  ),
  { minLength: 1, maxLength: 6 },
);
const discount = fc.double({ min: 0.05, max: 0.95, noNaN: true });
const nothing = () => 0;

/** Natural logarithm of the pair's probability by the lexicon's own parts. */
function logPair(lexicon: Lexicon, word: string, next: string): number {
  const met = lexicon.predecessors(next).find((pair) => pair.word === word);
  return met?.logProbability ?? lexicon.logBackoff(word) + lexicon.logSingle(next);
}

Deno.test("Lexicon gives what may follow a word probabilities that add up to 1", () => {
  fc.assert(fc.property(texts, discount, (texts, discount) => {
    const lexicon = new Lexicon(texts, discount);
    for (const word of [EDGE, ...lexicon.words]) {
      const all = [EDGE, ...lexicon.words].map((next) => Math.exp(logPair(lexicon, word, next)));
      assertAlmostEquals(all.reduce((sum, share) => sum + share, 0), 1, 1e-9);
    }
  }));
});

Deno.test("SentenceAttack finds the likeliest sequence of words, as trying all of them does", () => {
  fc.assert(fc.property(texts, discount, fc.nat(5), (texts, discount, which) => {
    const lexicon = new Lexicon(texts, discount);
    const attack = new SentenceAttack(lexicon);
    const sentence = typedSentence(texts[which % texts.length]!);
    const scoreOf = (words: readonly string[]) =>
      [...words, EDGE].reduce(
        (sum, word, i) => sum + logPair(lexicon, words[i - 1] ?? EDGE, word),
        0,
      );
    let sequences: string[][] = [[]];
    for (const word of sentence.words) {
      sequences = sequences.flatMap((words) =>
        attack.candidates(word).map((text) => [...words, text])
      );
    }
    const guessed = attack.guess(sentence, nothing) as string[];
    assertAlmostEquals(scoreOf(guessed), Math.max(...sequences.map(scoreOf)), 1e-9);
  }));
});

Deno.test("SentenceAttack guesses nothing for numbers and for words that look like none", () => {
  const attack = new SentenceAttack(new Lexicon(["the cat sat"], 0.5));
  assertEquals(attack.guess(typedSentence("the 10 cats sat"), nothing), [
    "the",
    undefined,
    undefined,
    "sat",
  ]);
});

Deno.test("SentenceAttack weighs evidence against word pairs", () => {
  const attack = new SentenceAttack(
    new Lexicon(["the cat sat", "the cat ran", "the dog sat"], 0.5),
  );
  const sentence = typedSentence("the dog sat");
  assertEquals(attack.guess(sentence, nothing), ["the", "cat", "sat"]);
  const barks = (_: unknown, text: string, place: number) => place === 1 && text === "dog" ? 5 : 0;
  assertEquals(attack.guess(sentence, barks), ["the", "dog", "sat"]);
});

Deno.test("shiftEvidence() favours names under a shift, and says nothing of a sentence's first word", () => {
  const evidence = shiftEvidence([
    typedSentence("We saw Ada run"),
    typedSentence("We saw Ada sit"),
  ]);
  const { words: [first, name] } = typedSentence("The Ada");
  assert(evidence(name!, "ada", 1) > evidence(name!, "run", 1));
  const { words: [, verb] } = typedSentence("the ada");
  assert(evidence(verb!, "ada", 1) < evidence(verb!, "run", 1));
  assertEquals(evidence(first!, "ada", 0), 0);
});
