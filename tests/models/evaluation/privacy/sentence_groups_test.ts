import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { groupSentences } from "../../../../models/evaluation/privacy/sentence_groups.ts";
import { typedSentence } from "./transcripts.ts";

Deno.test("groupSentences() puts misspelt transcripts with the sentence, and others apart", () => {
  const texts = [
    "the others raise their eyebrows",
    "the others raise their eyebrow",
    "the otehrs raise their eyebrows",
    "we can discuss options early",
  ];
  const groups = groupSentences(texts.map((text) => typedSentence(text)));
  assertEquals(groups.map(({ sentences }) => sentences.map(({ text }) => text)), [
    texts.slice(0, 3),
    texts.slice(3),
  ]);
});

Deno.test("groupSentences() founds a group on what most people typed", () => {
  const typed = ["teh cat sat here", "the cat sat here", "the cat sat here"];
  const [group] = groupSentences(typed.map((text) => typedSentence(text)));
  assertEquals(group!.sentences.map(({ text }) => text), [typed[1], typed[2], typed[0]]);
});

Deno.test("groupSentences() puts every transcript in exactly one group", () => {
  const text = fc.array(fc.constantFrom("cat", "dog", "cot", "dig"), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
    const sentences = texts.map((words) => typedSentence(words.join(" ")));
    const groups = groupSentences(sentences);
    assertEquals(groups.map(({ number }) => number), [...groups.keys()]);
    const placed = groups.flatMap((group) => group.sentences);
    assertEquals(new Set(placed), new Set(sentences));
    assertEquals(placed.length, sentences.length);
    for (const { text } of sentences) {
      const holding = groups.filter((group) => group.sentences.some((own) => own.text === text));
      assertEquals(holding.length, 1);
    }
  }));
});
