/**
 * Model manifests: what a model is, what it was trained on. A model whose bytes or
 * features are not the ones that its manifest names is refused at start.
 */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";

const Tensor = z.object({
  name: z.string(),
  shape: z.array(z.union([z.number().int().positive(), z.string()])),
});

/** Who took part; `heldOut` lists everyone whom neither training nor calibration has seen. */
const People = z.object({
  people: z.number().int().positive(),
  part: z.string(),
  source: z.string(),
  rule: z.string(),
  heldOut: z.array(z.string()),
});

const model = {
  name: z.string(),
  file: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** First what the model reads; then, of one that goes along a stream, what it carries. */
  inputs: z.array(Tensor).min(1),
  outputs: z.array(Tensor).min(1),
  /** Names of the innermost input dimension, in order. */
  features: z.array(z.string()).min(1),
  direction: z.string(),
  trainedOn: People,
  /** Stored vectors that the loaded model must reproduce. */
  check: z.object({
    shape: z.array(z.number().int().positive()),
    input: z.array(z.number()),
    /** The further inputs by name. */
    carried: z.record(
      z.string(),
      z.object({ shape: z.array(z.number().int()), values: z.array(z.number()) }),
    ).optional(),
    output: z.array(z.number()).min(1),
  }),
};

export const EmbedderManifest = z.object({
  kind: z.literal("embedder"),
  ...model,
  /** In the modality's own terms: strokes and hop, or ms of movement. */
  window: z.record(z.string(), z.number().positive()),
  parameters: z.number().int().positive(),
  /** As {@linkcode Crowd}; left out where too few people trained it to make a crowd. */
  crowd: z.object({
    /** Base64 of `[directions, width]` signed bytes, each a 127th. */
    directions: z.string(),
    width: z.number().int().positive(),
    concentration: z.number().positive(),
  }).optional(),
});
export type EmbedderManifest = z.infer<typeof EmbedderManifest>;

const count = z.number().int().positive();
export const KeyboardEmbedderManifest = EmbedderManifest.extend({
  window: z.object({ strokes: count, least: count, hop: count }),
  /** Of the LSTM's state. */
  carriedWidth: count,
});
export const PointerEmbedderManifest = EmbedderManifest.extend({
  window: z.object({ activeMs: count, hopMs: count }),
});

export const VerifierManifest = z.object({
  kind: z.literal("verifier"),
  ...model,
  /** Typical deviation of each vector feature between windows of one person. */
  withinDeviation: z.array(z.number().positive()),
  /** As {@linkcode Discriminant}; numbers in its order. */
  discriminant: z.object({
    centre: z.array(z.number()),
    range: z.array(z.number().positive()),
    projection: z.array(z.number()),
    offset: z.array(z.number()).min(1),
    between: z.array(z.number().positive()),
  }),
  trees: z.number().int().positive(),
});
export type VerifierManifest = z.infer<typeof VerifierManifest>;

const Term = z.object({
  transform: z.enum(["identity", "logit"]),
  neutral: z.number(),
  weightNats: z.number(),
  range: z.tuple([z.number(), z.number()]).optional(),
});

export const FusionManifest = z.object({
  kind: z.literal("fusion"),
  name: z.string(),
  /** SHA-256 of the models whose scores it was fitted on. */
  models: z.record(z.string(), z.string()),
  terms: z.object({
    isolationForest: Term,
    sequence: Term,
    verifier: Term,
    steadiness: Term,
    crowd: Term.optional(),
  }),
  /** Windows of one probe are taken as one that is surer; without it their ratios add up. */
  pooling: z.object({
    /** Length of the mean of a hand's embeddings, of however many windows. */
    resultant: z.number().positive().max(1),
  }).optional(),
  /** Terms fitted without the detector named, to show what leaving it out costs. */
  without: z.record(z.string(), z.record(z.string(), Term)),
  calibratedOn: z.object({
    people: z.number(),
    part: z.string(),
    genuine: z.number(),
    impostor: z.number(),
  }),
});
export type FusionManifest = z.infer<typeof FusionManifest>;

/**
 * Parses a manifest.
 * @throws {GaitkeeperError} `model_invalid`
 */
export function parseManifest<Manifest>(
  schema: z.ZodType<Manifest>,
  name: string,
  bytes: Uint8Array,
): Manifest {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new GaitkeeperError(
      "model_invalid",
      `Cannot load ${name}: its manifest must be complete and of its kind`,
      { cause },
    );
  }
}

/**
 * Refuses bytes that are not those of the manifest.
 * @throws {GaitkeeperError} `model_invalid`
 */
export async function checkBytes(
  { name, sha256 }: { readonly name: string; readonly sha256: string },
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (found === sha256) return;
  throw new GaitkeeperError(
    "model_invalid",
    `Cannot load ${name}: the SHA-256 of its bytes must be ${sha256}, got ${found}`,
  );
}

/**
 * Refuses a fusion that was fitted on the scores of other models than those that are loaded.
 * @param loaded the models' digests by name.
 * @throws {GaitkeeperError} `model_invalid`
 */
export function checkFitted(
  { name, models }: FusionManifest,
  loaded: Readonly<Record<string, string>>,
): void {
  for (const [model, sha256] of Object.entries(loaded)) {
    if (models[model] === sha256) continue;
    throw new GaitkeeperError(
      "model_invalid",
      `Cannot load ${name}: it must be fitted on ${model} ${sha256}, got ${models[model]}`,
    );
  }
}

/**
 * Refuses a model that reads other features than the code computes, or in another order.
 * @throws {GaitkeeperError} `model_invalid`
 */
export function checkFeatures(
  { name, features }: { readonly name: string; readonly features: readonly string[] },
  computed: readonly string[],
): void {
  const at = computed.findIndex((feature, i) => features[i] !== feature);
  if (at < 0 && features.length === computed.length) return;
  const place = at < 0 ? computed.length : at;
  throw new GaitkeeperError(
    "model_invalid",
    `Cannot load ${name}: feature ${place} must be ${computed[place]}, got ${features[place]}`,
  );
}
