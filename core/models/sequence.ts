/** The embedder of chunks of movement, and the detector that holds its embeddings against a subject's gallery. */
import { type Detector, MINIMUM_REFERENCES, type Observation } from "./detector.ts";
import type { OnnxModel } from "./onnx.ts";

/** Turns sequences into points on the unit sphere; windows of one hand lie together. */
export class ChunkEmbedder {
  constructor(readonly model: OnnxModel) {}

  /**
   * Embeds sequences of one length in one batch.
   * @param tensors row-major `[steps, channels]` each.
   * @returns one unit vector a sequence, in their order.
   */
  async embed(tensors: readonly Float32Array[], channels: number): Promise<Float32Array[]> {
    const size = tensors[0]!.length;
    const batch = new Float32Array(tensors.length * size);
    tensors.forEach((tensor, i) => batch.set(tensor, i * size));
    const output = await this.model.run(batch, [tensors.length, size / channels, channels]);
    const width = output.length / tensors.length;
    return tensors.map((_, i) => output.slice(i * width, (i + 1) * width));
  }
}

/** Sum scaled to unit length: the centroid of points on the sphere. */
export function unitCentroid(embeddings: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(embeddings[0]!.length);
  for (const embedding of embeddings) embedding.forEach((value, i) => sum[i]! += value);
  const length = Math.hypot(...sum);
  return sum.map((value) => value / Math.max(length, 1e-12));
}

/**
 * Distance to the gallery: 1 - cosine to its centroid, 0 to 2, HIGH IS STRANGE. The centroid does
 * better than the mean of the cosines.
 */
export class SequenceDetector implements Detector {
  readonly name = "sequence";
  readonly reads = "embedding";
  #gallery: Float32Array[] = [];
  #centroid: Float32Array | undefined;

  learnOne({ embedding }: Observation): void {
    this.#gallery.push(embedding);
    this.#centroid = undefined;
  }

  async scoreOne(observation: Observation): Promise<number | undefined> {
    return (await this.scoreMany([observation]))[0];
  }

  scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]> {
    if (this.#gallery.length < MINIMUM_REFERENCES) {
      return Promise.resolve(observations.map(() => undefined));
    }
    const centroid = this.#centroid ??= unitCentroid(this.#gallery);
    return Promise.resolve(observations.map(({ embedding }) => {
      return 1 - embedding.reduce((sum, value, i) => sum + value * centroid[i]!, 0);
    }));
  }
}
