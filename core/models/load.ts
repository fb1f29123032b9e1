/** Builds the model set from files: every model checked against its manifest and its stored vectors. */
import { comparisonNames } from "../features/comparison.ts";
import { KEYSTROKE_FEATURES, keystrokeVector } from "../features/keystroke.ts";
import { keystrokeTensor, STROKE_CHANNELS } from "../features/keystroke_tensor.ts";
import { POINTER_FEATURES, pointerVector } from "../features/pointer.ts";
import { POINTER_CHANNELS, pointerChunks } from "../features/pointer_tensor.ts";
import type { FeatureDefinition } from "../features/vector.ts";
import type { KeyboardWindowSettings, PointerWindowSettings } from "../window.ts";
import type { Detector, Observation } from "./detector.ts";
import { IsolationForestDetector } from "./isolation_forest.ts";
import {
  checkBytes,
  checkFeatures,
  EmbedderManifest,
  FusionManifest,
  parseManifest,
  VerifierManifest,
} from "./manifest.ts";
import type { ModalityModels, ModelSet } from "./model_set.ts";
import { OnnxModel } from "./onnx.ts";
import { SequenceDetector, SequenceEmbedder, unitCentroid } from "./sequence.ts";
import { VerifierDetector } from "./verifier.ts";

/** Reads a file of the models folder by name. */
export type ReadModelFile = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** What windows the models were trained on: two small files, read before any model is. */
export async function readWindows(readFile: ReadModelFile): Promise<{
  readonly keyboard: KeyboardWindowSettings;
  readonly pointer: PointerWindowSettings;
}> {
  const window = async (name: string) =>
    parseManifest(EmbedderManifest, name, await readFile(`${name}.json`)).window;
  const { strokes, hop } = await window("keyboard_embedder");
  const { activeMs, hopMs } = await window("pointer_embedder");
  return {
    keyboard: { strokes: strokes!, hop: hop! },
    pointer: { activeMs: activeMs!, hopMs: hopMs! },
  };
}

/** A modality's models before their scores are fused: what the fusion itself is fitted on. */
export type Unfused<Models extends ModalityModels<never, unknown>> = Omit<Models, "fusion">;

/**
 * Loads every model.
 * @throws {GaitkeeperError} `model_invalid` for a file that is not what its manifest says.
 */
export async function loadModels(readFile: ReadModelFile): Promise<ModelSet> {
  const fuse = async (modality: string) => {
    const name = `${modality}_fusion`;
    return parseManifest(FusionManifest, name, await readFile(`${name}.json`)).terms;
  };
  return {
    keyboard: { ...await loadKeyboard(readFile), fusion: await fuse("keyboard") },
    pointer: { ...await loadPointer(readFile), fusion: await fuse("pointer") },
  };
}

export async function loadKeyboard(
  readFile: ReadModelFile,
): Promise<Unfused<ModelSet["keyboard"]>> {
  const { embedder, manifest } = await loadEmbedder(readFile, "keyboard", STROKE_CHANNELS);
  const { strokes, hop } = manifest.window;
  return {
    ...await loadDetectors(readFile, "keyboard", KEYSTROKE_FEATURES, manifest),
    window: { strokes: strokes!, hop: hop! },
    observe: async (window): Promise<Observation> => {
      const tensor = keystrokeTensor(window.strokes);
      const [embedding] = await embedder.embed([tensor], STROKE_CHANNELS.length);
      return { endMs: window.endMs, vector: keystrokeVector(window), embedding: embedding! };
    },
  };
}

export async function loadPointer(readFile: ReadModelFile): Promise<Unfused<ModelSet["pointer"]>> {
  const { embedder, manifest } = await loadEmbedder(readFile, "pointer", POINTER_CHANNELS);
  const { activeMs, hopMs } = manifest.window;
  return {
    ...await loadDetectors(readFile, "pointer", POINTER_FEATURES, manifest),
    window: { activeMs: activeMs!, hopMs: hopMs! },
    observe: async (window): Promise<Observation | undefined> => {
      const chunks = pointerChunks(window);
      // Nothing but the wheel was moved.
      if (!chunks.length) return undefined;
      const embeddings = await embedder.embed(chunks, POINTER_CHANNELS.length);
      const embedding = unitCentroid(embeddings);
      return { endMs: window.endMs, vector: pointerVector(window), embedding };
    },
  };
}

async function loadEmbedder(
  readFile: ReadModelFile,
  modality: string,
  channels: readonly string[],
) {
  const name = `${modality}_embedder`;
  const manifest = parseManifest(EmbedderManifest, name, await readFile(`${name}.json`));
  checkFeatures(manifest, channels);
  const bytes = await readFile(manifest.file);
  await checkBytes(manifest, bytes);
  return { embedder: new SequenceEmbedder(await OnnxModel.load(manifest, bytes)), manifest };
}

async function loadDetectors(
  readFile: ReadModelFile,
  modality: string,
  features: readonly FeatureDefinition[],
  embedder: EmbedderManifest,
) {
  const name = `${modality}_verifier`;
  const manifest = parseManifest(VerifierManifest, name, await readFile(`${name}.json`));
  checkFeatures(manifest, comparisonNames(features));
  const bytes = await readFile(manifest.file);
  await checkBytes(manifest, bytes);
  const model = await OnnxModel.load(manifest, bytes);
  const withinDeviation = Float64Array.from(manifest.withinDeviation);
  return {
    // A profile holds embeddings of this embedder and vectors of this length.
    version: `${embedder.sha256.slice(0, 16)}.${features.length}`,
    features,
    withinDeviation,
    createDetectors: (seed: number): Detector[] => [
      new IsolationForestDetector({ seed, withinDeviation }),
      new SequenceDetector(),
      new VerifierDetector(model, withinDeviation),
    ],
  };
}
