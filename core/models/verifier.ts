/** The global verifier: P(someone else), for people it never saw, from how a window compares. */
import { comparisonVector, createReference, type Reference } from "../features/comparison.ts";
import type { Discriminant } from "../features/discriminant.ts";
import { type Detector, MINIMUM_REFERENCES, type Observation } from "./detector.ts";
import type { OnnxModel } from "./onnx.ts";

/**
 * A random forest (Breiman 2001) over comparison vectors. Score: P(someone else), 0 to 1, HIGH IS
 * STRANGE; the model's second class.
 */
export class VerifierDetector implements Detector {
  readonly name = "verifier";
  readonly reads = "vector";
  #references: Float64Array[] = [];
  #reference: Reference | undefined;

  /** @param withinDeviation typical deviation of each feature between windows of one person. */
  constructor(
    readonly model: OnnxModel,
    readonly withinDeviation: Float64Array,
    readonly discriminant: Discriminant,
  ) {}

  learnOne({ vector }: Observation): void {
    this.#references.push(vector);
    this.#reference = undefined;
  }

  async scoreOne(observation: Observation): Promise<number | undefined> {
    return (await this.scoreMany([observation]))[0];
  }

  async scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]> {
    if (this.#references.length < MINIMUM_REFERENCES) return observations.map(() => undefined);
    if (!observations.length) return [];
    const { discriminant } = this;
    const reference = this.#reference ??= createReference(
      this.#references,
      this.withinDeviation,
      discriminant,
    );
    const rows = observations.map(({ vector }) =>
      comparisonVector(vector, reference, discriminant)
    );
    const width = rows[0]!.length;
    const batch = new Float32Array(rows.length * width);
    rows.forEach((row, i) => batch.set(row, i * width));
    const probabilities = await this.model.run(batch, [rows.length, width]);
    return rows.map((_, i) => probabilities[2 * i + 1]);
  }
}
