/** The embedder of chunks of movement, and the detector that holds its embeddings against a subject's gallery. */
import { mean } from "../features/vector.ts";
import { type Detector, MINIMUM_REFERENCES, type Observation } from "./detector.ts";
import type { OnnxModel } from "./onnx.ts";
import { OwnMetric } from "./own_metric.ts";

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

/** When a gallery is wide enough for a metric of its own: windows that share no input. */
export interface LongGallery {
  /** No two windows of which one ended so much later share any input, ms. */
  readonly apartMs: number;
  /** Windows apart up to which the sphere's metric holds, and from which the subject's own does. */
  readonly windows: readonly [number, number];
}

/**
 * Distance to the gallery: 1 - cosine to its centroid, 0 to 2, HIGH IS STRANGE. The centroid does
 * better than the mean of the cosines. As a gallery grows long, the distance under its own covariance
 * takes over, in the unit in which both are the same for the gallery's own windows; a short gallery
 * knows too little of how its subject varies. Means of embeddings are taken as they are, inside the
 * sphere, where their own metric knows them.
 */
export class SequenceDetector implements Detector {
  readonly name = "sequence";
  readonly reads = "embedding";
  #gallery: Observation[] = [];
  #measure: ((embedding: Float32Array) => number) | undefined;

  /** @param long left out, every gallery is held to be short. */
  constructor(readonly long?: LongGallery) {}

  learnOne(observation: Observation): void {
    this.#gallery.push(observation);
    this.#measure = undefined;
  }

  async scoreOne(observation: Observation): Promise<number | undefined> {
    return (await this.scoreMany([observation]))[0];
  }

  scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]> {
    if (this.#gallery.length < MINIMUM_REFERENCES) {
      return Promise.resolve(observations.map(() => undefined));
    }
    const measure = this.#measure ??= this.#createMeasure();
    return Promise.resolve(observations.map(({ embedding }) => measure(embedding)));
  }

  #createMeasure(): (embedding: Float32Array) => number {
    const embeddings = this.#gallery.map(({ embedding }) => embedding);
    const centroid = unitCentroid(embeddings);
    const toCentroid = (embedding: Float32Array) =>
      1 -
      embedding.reduce((sum, value, i) => sum + value * centroid[i]!, 0) /
        Math.max(Math.hypot(...embedding), 1e-12);
    const share = this.#ownShare();
    if (!share) return toCentroid;
    const own = new OwnMetric(embeddings);
    const usual = mean(embeddings.map((embedding) => own.squaredDistance(embedding)));
    const unit = mean(embeddings.map(toCentroid)) / usual;
    return (embedding) =>
      (1 - share) * toCentroid(embedding) + share * unit * own.squaredDistance(embedding);
  }

  /** How much the gallery's own metric counts, 0 to 1. */
  #ownShare(): number {
    if (!this.long) return 0;
    const { apartMs, windows: [from, to] } = this.long;
    let [apart, lastMs] = [0, -Infinity];
    for (const { endMs } of this.#gallery) {
      if (endMs - lastMs < apartMs) continue;
      apart++;
      lastMs = endMs;
    }
    return Math.min(Math.max((apart - from) / (to - from), 0), 1);
  }
}
