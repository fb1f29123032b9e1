/** Likeness to people at large: what a subject's own distance is measured against. */
import { type Detector, MINIMUM_REFERENCES, type Observation } from "./detector.ts";
import type { EmbedderManifest } from "./manifest.ts";

/** Directions that a modality's embeddings of many people gather about. */
export interface Crowd {
  /** Numbers in a direction. */
  readonly width: number;
  /** Row-major `[directions, width]`, each row of unit length. */
  readonly directions: Float32Array;
  /** How closely windows lie about them: the mixture's kappa. */
  readonly concentration: number;
}

/** Reads a crowd from its manifest. */
export function crowdOf(
  { directions: base64, width, concentration }: NonNullable<EmbedderManifest["crowd"]>,
): Crowd {
  const bytes = Int8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const directions = Float32Array.from(bytes);
  for (let at = 0; at < directions.length; at += width) {
    const row = directions.subarray(at, at + width);
    const length = Math.max(Math.hypot(...row), 1e-12);
    row.forEach((value, i) => row[i] = value / length);
  }
  return { width, directions, concentration };
}

/**
 * How much a window is like anybody's: log of the mean of exp(kappa cosine) over the crowd, divided by
 * kappa, so a cosine, -1 to 1. HIGH IS STRANGE: the same distance from the subject says less where a
 * window lies apart from everybody than where it lies among others (the background model of a
 * likelihood ratio, Reynolds, Quatieri and Dunn 2000; here a mixture of von Mises-Fisher densities).
 */
export class CrowdDetector implements Detector {
  readonly name = "crowd";
  readonly reads = "embedding";
  #learned = 0;

  constructor(readonly crowd: Crowd) {}

  /** Nothing of the subject is needed, but without a distance from them it means nothing. */
  learnOne(): void {
    this.#learned++;
  }

  async scoreOne(observation: Observation): Promise<number | undefined> {
    return (await this.scoreMany([observation]))[0];
  }

  scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]> {
    const silent = this.#learned < MINIMUM_REFERENCES;
    return Promise.resolve(
      observations.map(({ embedding }) => silent ? undefined : this.#likeness(embedding)),
    );
  }

  #likeness(embedding: Float32Array): number {
    const { width, directions, concentration } = this.crowd;
    let sum = 0;
    for (let at = 0; at < directions.length; at += width) {
      let cosine = 0;
      for (let i = 0; i < width; i++) cosine += embedding[i]! * directions[at + i]!;
      sum += Math.exp(concentration * (cosine - 1));
    }
    return 1 + Math.log(sum * width / directions.length) / concentration;
  }
}
