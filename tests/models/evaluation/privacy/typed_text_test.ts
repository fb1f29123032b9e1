import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readSentence } from "../../../../models/evaluation/privacy/typed_text.ts";
import { typedSentence, typeText } from "./transcripts.ts";

Deno.test("readSentence() gives the words that were left standing, in lower case", () => {
  const { text, words, subject } = typedSentence("Don't go, Ada, at 10am.");
  assertEquals(text, "don't go ada at 0");
  assertEquals(words.map(({ isWord }) => isWord), [true, true, true, true, false]);
  assertEquals(subject, "ada");
});

Deno.test("readSentence() lets an erasing key take away the last key that stands", () => {
  assertEquals(typedSentence("teh<<he cat").text, "the cat");
  assertEquals(typedSentence("<<the x<<<at").text, "that");
});

Deno.test("readSentence() reads nothing where the caret was moved or no word stands", () => {
  assertEquals(readSentence(typeText("the → cat")), undefined);
  assertEquals(readSentence(typeText("10, 20")), undefined);
  assertEquals(readSentence(typeText("ab<<")), undefined);
  assertEquals(readSentence({ subject: "ada", session: "0" }), undefined);
});

Deno.test("readSentence() tells which keys a modifier was held for, and where they were typed", () => {
  const { words: [word] } = typedSentence("Te<he");
  assertEquals(word!.keys.map(({ shifted }) => shifted), [true, false, false]);
  // Shift is the stroke at place 0; the mistake and its erasing are those at 2 and 3.
  assertEquals(word!.keys.map(({ place }) => place), [1, 4, 5]);
});

Deno.test("readSentence() keeps words in the places where their keys stand", () => {
  const letters = fc.constantFrom(..."abc '.<");
  fc.assert(fc.property(fc.string({ unit: letters, minLength: 1 }), (typed) => {
    const sentence = readSentence(typeText(typed));
    for (const { start, keys, text } of sentence?.words ?? []) {
      assertEquals(sentence!.keys.slice(start, start + keys.length), keys);
      assertEquals(text.length, keys.length);
    }
  }));
});

Deno.test("readSentence() gives the attack strokes as decoded from the wire", () => {
  const { keys } = readSentence({ subject: "ada", session: "0", keys: [[0.04, 80.06, 65]] })!;
  assertEquals(keys[0]!.stroke, { kind: "stroke", timeMs: 0, holdMs: 80, zone: "letter" });
});
