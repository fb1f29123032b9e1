/** Builds the model set from files: every model checked against its manifest and its stored vectors. */
import type { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { comparisonNames } from "../features/comparison.ts";
import type { Discriminant } from "../features/discriminant.ts";
import { KEYSTROKE_FEATURES, keystrokeVector, typedShare } from "../features/keystroke.ts";
import { STROKE_CHANNELS } from "../features/keystroke_tensor.ts";
import { POINTER_FEATURES, pointerVector } from "../features/pointer.ts";
import { EMBEDDED_HZ, seenAt } from "../features/pointer_rate.ts";
import { POINTER_CHANNELS, pointerChunks } from "../features/pointer_tensor.ts";
import type { FeatureDefinition } from "../features/vector.ts";
import type {
  KeyboardWindowSettings,
  Modality,
  PointerWindow,
  PointerWindowSettings,
} from "../window.ts";
import { loadAutomationScore } from "./automation.ts";
import { CrowdDetector, crowdOf } from "./crowd.ts";
import type { Detector, Observation } from "./detector.ts";
import { IsolationForestDetector } from "./isolation_forest.ts";
import {
  checkBytes,
  checkFeatures,
  checkFitted,
  EmbedderManifest,
  FusionManifest,
  KeyboardEmbedderManifest,
  parseManifest,
  PointerEmbedderManifest,
  VerifierManifest,
} from "./manifest.ts";
import {
  createStatelessObserver,
  type Fusion,
  type ModalityModels,
  type ModelSet,
} from "./model_set.ts";
import { OnnxModel } from "./onnx.ts";
import { ChunkEmbedder, type LongGallery, SequenceDetector, unitCentroid } from "./sequence.ts";
import { SteadinessDetector } from "./steadiness.ts";
import { StrokeStream } from "./stroke_stream.ts";
import { VerifierDetector } from "./verifier.ts";

/** Windows of which less is typed say nothing of how somebody types. */
const LEAST_TYPED_SHARE = 0.6;
/** Three minutes of a pointer hold fourteen windows apart, and are told apart best on the sphere. */
const LONG_GALLERY_WINDOWS = [24, 72] as const;

/** Reads a file of the models folder by name. */
export type ReadModelFile = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** What windows the models were trained on: two small files, read before any model is. */
export async function readWindows(readFile: ReadModelFile): Promise<{
  readonly keyboard: KeyboardWindowSettings;
  readonly pointer: PointerWindowSettings;
}> {
  const keyboard = await readManifest(readFile, KeyboardEmbedderManifest, "keyboard_embedder");
  const pointer = await readManifest(readFile, PointerEmbedderManifest, "pointer_embedder");
  return { keyboard: keyboard.window, pointer: pointer.window };
}

async function readManifest<Manifest>(
  readFile: ReadModelFile,
  schema: z.ZodType<Manifest>,
  name: string,
): Promise<Manifest> {
  return parseManifest(schema, name, await readFile(`${name}.json`));
}

/** A modality's models before their scores are fused: what the fusion itself is fitted on. */
export type Unfused<Models extends ModalityModels<never, unknown>> = Omit<Models, "fusion">;

/**
 * Loads every model.
 * @throws {GaitkeeperError} `model_invalid` for a file that is not what its manifest says.
 */
export async function loadModels(readFile: ReadModelFile): Promise<ModelSet> {
  return {
    keyboard: {
      ...await loadKeyboard(readFile),
      fusion: await loadFusion(readFile, "keyboard"),
    },
    pointer: { ...await loadPointer(readFile), fusion: await loadFusion(readFile, "pointer") },
    automation: await loadAutomationScore(readFile),
  };
}

async function loadFusion(readFile: ReadModelFile, modality: Modality): Promise<Fusion> {
  const [embedder, verifier] = [`${modality}_embedder`, `${modality}_verifier`];
  const fusion = await readManifest(readFile, FusionManifest, `${modality}_fusion`);
  const embedding = await readManifest(readFile, EmbedderManifest, embedder);
  checkFitted(fusion, {
    [embedder]: embedding.sha256,
    [verifier]: (await readManifest(readFile, VerifierManifest, verifier)).sha256,
  });
  if (!embedding.crowd !== !fusion.terms.crowd) {
    throw new GaitkeeperError(
      "model_invalid",
      `Cannot load ${modality}_fusion: it must weigh a crowd where ${embedder} has one, and there alone`,
    );
  }
  return fusion.terms;
}

export async function loadKeyboard(
  readFile: ReadModelFile,
): Promise<Unfused<ModelSet["keyboard"]>> {
  const manifest = await readManifest(readFile, KeyboardEmbedderManifest, "keyboard_embedder");
  const embedder = await loadEmbedder(readFile, manifest, STROKE_CHANNELS);
  const detectors = await loadDetectors(
    readFile,
    "keyboard",
    KEYSTROKE_FEATURES,
    manifest,
    manifest.window.strokes / manifest.window.hop,
  );
  const { version } = detectors;
  return {
    ...detectors,
    window: manifest.window,
    createObserver: (record) => {
      const stored = record?.version === version ? record : undefined;
      const { carriedWidth, window: { strokes } } = manifest;
      const stream = new StrokeStream(embedder, carriedWidth, strokes, stored);
      return {
        observe: async (window): Promise<Observation | undefined> => {
          const embedding = await stream.embed(window);
          // Shortcuts and arrow keys are another thing than the typing that profiles are made of.
          if (typedShare(window.strokes) < LEAST_TYPED_SHARE) return undefined;
          return { endMs: window.endMs, vector: keystrokeVector(window), embedding };
        },
        reset: () => stream.reset(),
        get record() {
          return { version, ...stream.record };
        },
      };
    },
  };
}

export async function loadPointer(readFile: ReadModelFile): Promise<Unfused<ModelSet["pointer"]>> {
  const manifest = await readManifest(readFile, PointerEmbedderManifest, "pointer_embedder");
  const embedder = new ChunkEmbedder(await loadEmbedder(readFile, manifest, POINTER_CHANNELS));
  const observe = async (window: PointerWindow): Promise<Observation | undefined> => {
    const chunks = EMBEDDED_HZ.flatMap((hz) => pointerChunks(seenAt(window, hz)));
    // Nothing but the wheel was moved.
    if (!chunks.length) return undefined;
    const embedding = unitCentroid(await embedder.embed(chunks, POINTER_CHANNELS.length));
    return { endMs: window.endMs, vector: pointerVector(window), embedding };
  };
  return {
    ...await loadDetectors(
      readFile,
      "pointer",
      POINTER_FEATURES,
      manifest,
      manifest.window.activeMs / manifest.window.hopMs,
      { apartMs: manifest.window.activeMs, windows: LONG_GALLERY_WINDOWS },
    ),
    window: manifest.window,
    createObserver: () => createStatelessObserver(observe),
  };
}

async function loadEmbedder(
  readFile: ReadModelFile,
  manifest: EmbedderManifest,
  channels: readonly string[],
): Promise<OnnxModel> {
  checkFeatures(manifest, channels);
  const bytes = await readFile(manifest.file);
  await checkBytes(manifest, bytes);
  return await OnnxModel.load(manifest, bytes);
}

async function loadDetectors(
  readFile: ReadModelFile,
  modality: Modality,
  features: readonly FeatureDefinition[],
  embedder: EmbedderManifest,
  overlap: number,
  long?: LongGallery,
) {
  const name = `${modality}_verifier`;
  const manifest = await readManifest(readFile, VerifierManifest, name);
  const axes = manifest.discriminant.offset.length;
  checkFeatures(manifest, comparisonNames(features, axes));
  checkLength(name, "deviations", manifest.withinDeviation, features.length);
  const discriminant = discriminantOf(manifest, features.length);
  const bytes = await readFile(manifest.file);
  await checkBytes(manifest, bytes);
  const model = await OnnxModel.load(manifest, bytes);
  const withinDeviation = Float64Array.from(manifest.withinDeviation);
  const crowd = embedder.crowd && crowdOf(embedder.crowd);
  return {
    // A profile holds embeddings of this embedder and vectors of this length.
    version: `${embedder.sha256.slice(0, 16)}.${features.length}`,
    features,
    withinDeviation,
    createDetectors: (seed: number): Detector[] => [
      new IsolationForestDetector({ seed, discriminant }),
      new SequenceDetector(long),
      new VerifierDetector(model, withinDeviation, discriminant),
      new SteadinessDetector(overlap),
      ...crowd ? [new CrowdDetector(crowd)] : [],
    ],
  };
}

function discriminantOf({ name, discriminant }: VerifierManifest, features: number): Discriminant {
  const { centre, range, projection, offset, between } = discriminant;
  checkLength(name, "centres", centre, features);
  checkLength(name, "ranges", range, features);
  checkLength(name, "projections", projection, features * offset.length);
  checkLength(name, "variances between people", between, offset.length);
  const [a, b, c, d, e] = [centre, range, projection, offset, between].map((values) =>
    Float64Array.from(values)
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return { centre: a, range: b, projection: c, offset: d, between: e };
}

function checkLength(name: string, what: string, values: ArrayLike<number>, length: number): void {
  if (values.length === length) return;
  throw new GaitkeeperError(
    "model_invalid",
    `Cannot load ${name}: it must have ${length} ${what}, got ${values.length}`,
  );
}
