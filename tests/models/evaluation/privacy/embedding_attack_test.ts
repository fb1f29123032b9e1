import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../../../core/error.ts";
import { seededRandom } from "../../../../core/random.ts";
import { normal } from "../../../../islands/try/sampling.ts";
import { eigen, multiply } from "../../../../models/evaluation/privacy/discriminant.ts";
import { EmbeddingAttack } from "../../../../models/evaluation/privacy/embedding_attack.ts";

const number = fc.double({ min: -5, max: 5, noNaN: true });
const square = fc.integer({ min: 1, max: 6 }).chain((size) =>
  fc.array(fc.array(number, { minLength: size, maxLength: size }), {
    minLength: size,
    maxLength: size,
  })
);

Deno.test("eigen() gives unit vectors that the matrix only stretches", () => {
  fc.assert(fc.property(square, (rows) => {
    const matrix = rows.map((row, i) => Float64Array.from(row, (x, j) => x + rows[j]![i]!));
    const { values, vectors } = eigen(matrix);
    vectors.forEach((vector, i) => {
      assertAlmostEquals(Math.hypot(...vector), 1, 1e-9);
      multiply(matrix, vector).forEach((x, j) => {
        assertAlmostEquals(x, values[i]! * vector[j]!, 1e-6);
      });
    });
  }));
});

/** Embeddings of 12 sentences: a little of the sentence in one number, much else in the others. */
function sentences(random: () => number, people: number, ofSentence: number) {
  return Array.from({ length: 12 }, (_, sentence) => ({
    sentence,
    embeddings: Array.from({ length: people }, () => [
      10 * normal(random),
      10 * normal(random),
      ofSentence * sentence + 0.05 * normal(random),
    ]),
  }));
}

function shareFound(ofSentence: number): number {
  const random = seededRandom(5);
  const attack = new EmbeddingAttack(sentences(random, 30, ofSentence));
  const among = new Set(Array.from({ length: 12 }, (_, i) => i));
  const found = sentences(random, 20, ofSentence).flatMap(({ sentence, embeddings }) =>
    embeddings.map((embedding) => attack.rank(embedding, among)[0] === sentence)
  );
  return found.filter(Boolean).length / found.length;
}

Deno.test("EmbeddingAttack finds the sentence where an embedding holds it, however little", () => {
  const share = shareFound(0.5);
  assert(share > 0.99, `${share}`);
});

Deno.test("EmbeddingAttack finds no more than chance where an embedding holds nothing of it", () => {
  const share = shareFound(0);
  assert(share < 0.15, `${share}`);
});

Deno.test("EmbeddingAttack ranks those asked for alone", () => {
  const attack = new EmbeddingAttack(sentences(seededRandom(6), 10, 1));
  assertEquals(attack.rank([0, 0, 3], new Set([3, 4, 11])), [3, 4, 11]);
});

Deno.test("EmbeddingAttack refuses sentences whose embeddings are all alike", () => {
  const embeddings = [[1, 0], [1, 0]];
  assertThrows(
    () => new EmbeddingAttack([{ sentence: 0, embeddings }]),
    GaitkeeperError,
    "members",
  );
});
