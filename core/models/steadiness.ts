/** How alike a subject's own windows are: what makes one threshold for all a threshold per person. */
import type { Detector, Observation } from "./detector.ts";
import { unitCentroid } from "./sequence.ts";

/** Windows beyond those that overlap before anything is said. */
const LEAST_APART = 4;

/**
 * Mean cosine of each reference's embedding with the centroid of those that share no input with it,
 * -1 to 1. HIGH IS STRANGE in the sense that the steadier a person is, the stranger the same distance
 * from them; who is unsteady is allowed more (a quality measure beside the score, Garcia-Romero et
 * al. 2004). It says the same of every window.
 */
export class SteadinessDetector implements Detector {
  readonly name = "steadiness";
  readonly reads = "profile";
  #gallery: Float32Array[] = [];
  #score: number | undefined;

  /** @param overlap windows that share input lie fewer than this apart. */
  constructor(readonly overlap: number) {}

  learnOne({ embedding }: Observation): void {
    this.#gallery.push(embedding);
    this.#score = undefined;
  }

  async scoreOne(observation: Observation): Promise<number | undefined> {
    return (await this.scoreMany([observation]))[0];
  }

  scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]> {
    if (this.#gallery.length < this.overlap + LEAST_APART) {
      return Promise.resolve(observations.map(() => undefined));
    }
    const score = this.#score ??= this.#measure();
    return Promise.resolve(observations.map(() => score));
  }

  #measure(): number {
    const cosines = this.#gallery.flatMap((embedding, i) => {
      const others = this.#gallery.filter((_, j) => Math.abs(i - j) >= this.overlap);
      if (!others.length) return [];
      const centroid = unitCentroid(others);
      return embedding.reduce((sum, value, at) => sum + value * centroid[at]!, 0);
    });
    return cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  }
}
