import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { countBits, createEmbedding } from "../../../../core/models/replay/embedding.ts";
import { seededRandom } from "../../../../core/random.ts";
import { normal } from "../../../../islands/try/sampling.ts";

const DIMENSIONS = 20;
const embedding = createEmbedding({ dimensions: DIMENSIONS, words: 4, step: 1, seed: 9 });

function differ(distance: number, random: () => number): number {
  const vector = Float64Array.from({ length: DIMENSIONS }, () => 3 * normal(random));
  const way = Float64Array.from({ length: DIMENSIONS }, () => normal(random));
  const scale = distance / Math.hypot(...way);
  const other = vector.map((value, i) => value + scale * way[i]!);
  const [one, two] = [new Uint32Array(4), new Uint32Array(4)];
  embedding.sketch(vector, one, 0);
  embedding.sketch(other, two, 0);
  return one.reduce((sum, word, i) => sum + countBits(word ^ two[i]!), 0) / 128;
}

function meanDiffer(distance: number): number {
  const random = seededRandom(3);
  return Array.from({ length: 200 }, () => differ(distance, random))
    .reduce((sum, share) => sum + share / 200, 0);
}

Deno.test("createEmbedding() has sketches differ with the distance while it is small, and by half beyond", () => {
  assertEquals(meanDiffer(0), 0);
  const shares = [0.05, 0.1, 0.2, 0.4].map(meanDiffer);
  shares.forEach((share, i) => assert(share > (shares[i - 1] ?? 0), shares.join(" ")));
  assert(shares[0]! < 0.06 && shares[3]! > 0.25);
  for (const far of [1.5, 4, 30]) assert(Math.abs(meanDiffer(far) - 0.5) < 0.01);
});

Deno.test("countBits() counts what a string of the word counts", () => {
  fc.assert(fc.property(fc.nat(0xffff_ffff), (word) => {
    assertEquals(countBits(word), word.toString(2).replaceAll("0", "").length);
  }));
});
