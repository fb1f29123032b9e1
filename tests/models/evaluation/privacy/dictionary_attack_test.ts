import { assertEquals } from "@std/assert";
import { Dictionary } from "../../../../models/evaluation/privacy/dictionary_attack.ts";
import {
  fingers,
  hands,
  handsAndRows,
  type KeyView,
  lengthAlone,
  nineZones,
  shapeOf,
  zonesOfKeys,
} from "../../../../models/evaluation/privacy/key_groups.ts";
import { typedSentence } from "./transcripts.ts";

const wordOf = (text: string) => typedSentence(text).words[0]!;
const alike = (a: string, b: string, view: KeyView) =>
  shapeOf(wordOf(a), view) === shapeOf(wordOf(b), view);

Deno.test("shapeOf() tells apart what the view tells apart, each finer than the one before", () => {
  const pairs: [string, string, KeyView, KeyView][] = [
    ["a-b", "abc", lengthAlone, zonesOfKeys],
    ["The", "the", zonesOfKeys, nineZones],
    ["cat", "dog", nineZones, hands],
    ["tad", "gad", hands, handsAndRows],
    ["tad", "ted", hands, fingers],
  ];
  for (const [a, b, coarser, finer] of pairs) {
    assertEquals([alike(a, b, coarser), alike(a, b, finer)], [true, false], `${a} ${b}`);
  }
  assertEquals(alike("tad", "gad", fingers), true);
  assertEquals(alike("don't", "whole", nineZones), true, "an apostrophe is told as a letter");
});

Deno.test("nineZones never reads the key", () => {
  const key = wordOf("Cat").keys[0]!;
  const blind = Object.defineProperty({ ...key }, "keyCode", {
    get: () => {
      throw new Error("the key was read");
    },
  });
  for (const view of [lengthAlone, zonesOfKeys, nineZones]) assertEquals(view(blind), view(key));
});

Deno.test("Dictionary guesses the most frequent word that looks so, and none that looks otherwise", () => {
  const dictionary = new Dictionary([typedSentence("the cat and the dog saw 10 rats")], nineZones);
  assertEquals(dictionary.guess(wordOf("dog")), "the");
  assertEquals(dictionary.guess(wordOf("Dog")), undefined);
  assertEquals(dictionary.guess(wordOf("mice")), "rats");
  assertEquals(dictionary.guess(wordOf("ab")), undefined);
});
