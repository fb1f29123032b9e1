import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seededRandom } from "../../../../core/random.ts";
import { normal } from "../../../../islands/try/sampling.ts";
import { groupSentences } from "../../../../models/evaluation/privacy/sentence_groups.ts";
import { ATTACK_NAMES, attackWords } from "../../../../models/evaluation/privacy/word_attacks.ts";
import { type Rhythm, typedSentence } from "./transcripts.ts";

const WORDS = ["tan", "ran", "fan", "sat", "cot", "dig", "hum", "pin", "lip", "oil"];

/** Sentences of three-letter words in every order, so that their zones are all alike. */
function texts(seed: number, count: number): string[] {
  const random = seededRandom(seed);
  return Array.from(
    { length: count },
    () => Array.from({ length: 6 }, () => WORDS[Math.floor(WORDS.length * random())]).join(" "),
  );
}

/** `telling` is how much of a hold depends on the letter, ms a place in the alphabet. */
function trial(telling: number) {
  const random = seededRandom(11);
  const rhythm: Rhythm = (key) => ({
    pressPressMs: 150 + 20 * normal(random),
    holdMs: 100 + telling * (key.charCodeAt(0) % 32) + 5 * normal(random),
  });
  const typed = (people: readonly string[], from: number) =>
    people.flatMap((person, i) =>
      texts(from + i % 10, 6).map((text) => typedSentence(text, person, rhythm))
    );
  const names = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}${i}`);
  const groups = groupSentences([...typed(names("known", 40), 1), ...typed(names("other", 10), 1)]);
  const of = (prefix: string) =>
    groups.map(({ number, sentences }) => ({
      number,
      sentences: sentences.filter(({ subject }) => subject.startsWith(prefix)),
    })).filter(({ sentences }) => sentences.length);
  return { learned: of("known"), attacked: of("other"), random: seededRandom(1) };
}

Deno.test("attackWords() recovers by timings what timings tell, and by zones no more than they tell", () => {
  const { people, words, knownWords, attacks } = attackWords(trial(4), () => {});
  assertEquals([people, words, knownWords], [10, 360, { same: 1, others: 1 }]);
  const share = (name: typeof ATTACK_NAMES[number]) => attacks[name].others.share;
  for (const name of ["lengths", "zonesOfKeys", "nineZones"] as const) {
    assert(share(name) < 0.25, `${name} ${share(name)}`);
  }
  assert(share("timings") > 0.7, `${share("timings")}`);
  assert(share("hands") <= share("fingers") && share("fingers") > 0.8, `${share("fingers")}`);
  for (const { same: { share, ci95: [low, high] } } of Object.values(attacks)) {
    assert(low <= share && share <= high);
  }
});

Deno.test("attackWords() recovers little by timings that tell nothing, in sentences never read", () => {
  const { attacks: { timings } } = attackWords(trial(0), () => {});
  assert(timings.others.share < 0.3, `${timings.others.share}`);
});

Deno.test("attackWords() reports each attack, and shares of known words where some are not known", () => {
  const { learned, attacked, random } = trial(4);
  const strange = groupSentences([
    ...attacked.flatMap(({ sentences }) => sentences),
    typedSentence("xyz xyz xyz xyz xyz xyz", "other-strange"),
  ]);
  const figures = attackWords({ learned, attacked: strange, random }, () => {});
  assertEquals(Object.keys(figures.attacks), [...ATTACK_NAMES]);
  assertAlmostEquals(figures.knownWords.same, 360 / 366, 1e-12);
  for (const { same } of Object.values(figures.attacks)) {
    assertAlmostEquals(same.share * 366, same.ofKnownWords * 360, 1e-9);
    assert(same.differentWords <= WORDS.length);
  }
});

Deno.test("attackWords() tells how many different words were recovered, and how many long ones", () => {
  const typed = ["a wonderful a", "a marvel a", "a cat a dog"];
  const known = ["1", "2", "3"].flatMap((person) =>
    typed.map((text) => typedSentence(text, `known${person}`))
  );
  const attacked = typedSentence("a wonderful a terrible a", "other");
  const trial = { learned: groupSentences(known), attacked: groupSentences([attacked]) };
  const { attacks } = attackWords({ ...trial, random: seededRandom(1) }, () => {});
  const { share, differentWords, ofLongWords, mostOften } = attacks.nineZones.same;
  assertEquals([share, differentWords, ofLongWords], [4 / 5, 2, 1 / 2]);
  assertEquals(mostOften, { a: 3 / 4, wonderful: 1 / 4 });
});
