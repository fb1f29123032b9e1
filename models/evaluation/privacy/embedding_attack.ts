/**
 * Which of some known sentences an embedding is of, learned from other people who typed them:
 * probabilistic linear discriminant analysis (Ioffe 2006), which finds what of an embedding differs
 * between sentences, however little it is beside what differs between people.
 */
import { addOuter, type Discriminant, discriminantOf, multiply, zeros } from "./discriminant.ts";

/** Embeddings of one sentence, each typed by another person and less that person's usual one. */
export interface SentenceEmbeddings {
  readonly sentence: number;
  readonly embeddings: readonly ArrayLike<number>[];
}

interface KnownSentence {
  readonly sentence: number;
  /** Where an embedding of it is expected along each axis, and how far around. */
  readonly centre: Float64Array;
  readonly variance: Float64Array;
}

export class EmbeddingAttack {
  readonly #discriminant: Discriminant;
  readonly #centre: Float64Array;
  readonly #known: readonly KnownSentence[];

  /** @throws {GaitkeeperError} `request_invalid` where no sentence has two different embeddings. */
  constructor(sentences: readonly SentenceEmbeddings[]) {
    const all = sentences.flatMap(({ embeddings }) => embeddings);
    const centre = this.#centre = meanOf(all);
    const [within, between] = [zeros(centre.length), zeros(centre.length)];
    const freedom = Math.max(1, all.length - sentences.length);
    const noise = sentences.length / all.length;
    for (const { embeddings } of sentences) {
      const own = meanOf(embeddings);
      for (const embedding of embeddings) addOuter(within, less(embedding, own), 1 / freedom);
      addOuter(between, less(own, centre), embeddings.length / all.length);
    }
    // Means of few differ by chance too.
    between.forEach((row, i) => row.forEach((_, j) => row[j]! -= noise * within[i]![j]!));
    this.#discriminant = discriminantOf(within, between);
    this.#known = sentences.map((known) => this.#expect(known));
  }

  /** Those of the sentences that were learned, the likeliest first. */
  rank(embedding: ArrayLike<number>, among: ReadonlySet<number>): number[] {
    const point = multiply(this.#discriminant.map, less(embedding, this.#centre));
    return this.#known
      .filter(({ sentence }) => among.has(sentence))
      .map(({ sentence, centre, variance }) => {
        let cost = 0;
        for (let i = 0; i < point.length; i++) {
          cost += (point[i]! - centre[i]!) ** 2 / variance[i]! + Math.log(variance[i]!);
        }
        return { sentence, cost };
      })
      .sort((a, b) => a.cost - b.cost)
      .map(({ sentence }) => sentence);
  }

  #expect({ sentence, embeddings }: SentenceEmbeddings): KnownSentence {
    const { map, between } = this.#discriminant;
    const mean = multiply(map, less(meanOf(embeddings), this.#centre));
    const trusted = between.map((value) => embeddings.length * value + 1);
    return {
      sentence,
      centre: mean.map((x, i) => x * (1 - 1 / trusted[i]!)),
      variance: between.map((value, i) => 1 + value / trusted[i]!),
    };
  }
}

/** Element by element. */
export function meanOf(vectors: readonly ArrayLike<number>[]): Float64Array {
  const sum = new Float64Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]! / vectors.length;
  }
  return sum;
}

/** Element by element. */
export function less(vector: ArrayLike<number>, other: ArrayLike<number>): Float64Array {
  return Float64Array.from(vector, (value, i) => value - other[i]!);
}
