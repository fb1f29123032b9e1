/**
 * Universal binary embedding (Boufounos and Rane 2011, "Secure binary embeddings for privacy
 * preserving nearest neighbors"; SimHash, Charikar 2002, with a comb of thresholds in the place of
 * one). Each bit says in which of equal steps, even or odd, a dithered random projection falls. The
 * share of bits in which two vectors differ grows with their distance while that is small and is one
 * half beyond: all bits tell near copies apart, and none is spent on how far the rest is.
 *
 * What a sketch gives away: whoever has a guess of the whole vector can confirm it. Without one, every
 * bit is the parity of one unknown sum; no component can be read from it.
 */
import { seededRandom } from "../../random.ts";

export interface Embedding {
  /** 32-bit words of a sketch. */
  readonly words: number;
  /** Writes the sketch of `vector` to `out`, from `at` on. */
  readonly sketch: (vector: Float64Array, out: Uint32Array, at: number) => void;
}

export interface EmbeddingSettings {
  /** Length of the vectors. */
  readonly dimensions: number;
  readonly words: number;
  /** Width of a step, in the vector's unit: beyond this distance sketches are as of strangers. */
  readonly step: number;
  /** The same everywhere and for good: stored sketches are compared with new ones. */
  readonly seed: number;
}

export function createEmbedding(
  { dimensions, words, step, seed }: EmbeddingSettings,
): Embedding {
  const random = seededRandom(seed);
  // Box and Muller 1958.
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const bits = 32 * words;
  const directions = Float64Array.from({ length: bits * dimensions }, () => normal() / step);
  const dither = Float64Array.from({ length: bits }, () => 2 * random());
  return {
    words,
    sketch(vector, out, at) {
      for (let word = 0; word < words; word++) {
        let bitsOfWord = 0;
        for (let bit = 32 * word; bit < 32 * word + 32; bit++) {
          let steps = dither[bit]!;
          const row = bit * dimensions;
          for (let i = 0; i < dimensions; i++) steps += directions[row + i]! * vector[i]!;
          bitsOfWord = bitsOfWord << 1 | Math.floor(steps) & 1;
        }
        out[at + word] = bitsOfWord >>> 0;
      }
    },
  };
}

/** Bits that are set. */
export function countBits(word: number): number {
  let left = word - (word >>> 1 & 0x5555_5555);
  left = (left & 0x3333_3333) + (left >>> 2 & 0x3333_3333);
  left = left + (left >>> 4) & 0x0f0f_0f0f;
  return Math.imul(left, 0x0101_0101) >>> 24;
}
