import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../../../core/error.ts";
import type { Observation } from "../../../../core/models/detector.ts";
import { seededRandom } from "../../../../core/random.ts";
import { normal } from "../../../../islands/try/sampling.ts";
import type { Person } from "../../../../models/evaluation/scorer.ts";
import { editsBetween, identify } from "../../../../models/evaluation/privacy/identification.ts";
import { groupSentences } from "../../../../models/evaluation/privacy/sentence_groups.ts";
import { typedSentence } from "./transcripts.ts";

const TEXTS = ["we saw it", "a cat ran by us", "birds sing", "no one knew him at all"];
const WIDTH = 3;

/** Transcripts of all texts by so many people, in groups with the same numbers. */
function typedBy(people: readonly string[]) {
  const all = TEXTS.flatMap((text) => people.map((person) => typedSentence(text, person)));
  return groupSentences(all);
}

/** Embeds the person's number much, and the sentence's as much as `told`. */
function scorerThatTells(told: number) {
  const random = seededRandom(8);
  return {
    observe: ({ subject, sessions: [trace] }: Person): Promise<Observation[]> => {
      const embedding = new Float32Array(WIDTH);
      const sentence = TEXTS.indexOf(trace!.session);
      embedding.forEach((_, i) => {
        embedding[i] = 5 * Number(subject) + told * Math.sin(sentence + i) + 0.01 * normal(random);
      });
      return Promise.resolve([{ endMs: 0, vector: new Float64Array(), embedding }]);
    },
  };
}

const names = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${from + i}`);

Deno.test("identify() finds sentences by embeddings that tell them, whoever typed", async () => {
  const shares: number[] = [];
  const trial = { known: typedBy(names(1, 8)), attacked: typedBy(names(20, 5)) };
  const result = await identify(trial, scorerThatTells(1), (share) => shares.push(share));
  assertEquals(result.embeddings, { first: 1, firstTen: 1 });
  assertEquals(result.zones, { first: 1, firstTen: 1 });
  assertEquals(result.chance, { first: 0.25, firstTen: 1 });
  assertEquals([result.candidates, result.transcripts], [4, 20]);
  assertEquals([shares.length, shares.at(-1)], [52, 1]);
});

Deno.test("identify() finds few by embeddings that tell nothing", async () => {
  const trial = { known: typedBy(names(1, 8)), attacked: typedBy(names(20, 25)) };
  const { embeddings } = await identify(trial, scorerThatTells(0), () => {});
  assert(embeddings.first < 0.5, `${embeddings.first}`);
});

Deno.test("identify() refuses sentences that nobody known has typed often enough", async () => {
  const trial = { known: typedBy(names(1, 2)), attacked: typedBy(names(20, 5)) };
  const refused = () => identify(trial, scorerThatTells(1), () => {});
  assertEquals((await assertRejects(refused, GaitkeeperError)).code, "trace_invalid");
});

Deno.test("editsBetween() counts what was put in, left out and mistaken", () => {
  assertEquals(editsBetween("lll ll", "lll ll"), 0);
  assertEquals(editsBetween("ll ll", "lll ll"), 1);
  assertEquals(editsBetween("llll", "lll l"), 1);
  const text = fc.string({ unit: fc.constantFrom("l", " ", "p"), maxLength: 8 });
  fc.assert(fc.property(text, text, text, (a, b, c) => {
    assertEquals(editsBetween(a, b), editsBetween(b, a));
    assertEquals(editsBetween(a, b) === 0, a === b);
    assert(editsBetween(a, c) <= editsBetween(a, b) + editsBetween(b, c));
  }));
});
