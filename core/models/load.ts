/** Builds the model set from files: every model checked against its manifest and its stored vectors. */
import { comparisonNames } from "../features/comparison.ts";
import { KEYSTROKE_FEATURES, keystrokeVector } from "../features/keystroke.ts";
import { keystrokeTensor, STROKE_CHANNELS } from "../features/keystroke_tensor.ts";
import type { FeatureDefinition } from "../features/vector.ts";
import type { KeyboardWindowSettings } from "../window.ts";
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
import { SequenceDetector, SequenceEmbedder } from "./sequence.ts";
import { VerifierDetector } from "./verifier.ts";

/** Reads a file of the models folder by name. */
export type ReadModelFile = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Loads every model.
 * @throws {GaitkeeperError} `model_invalid` for a file that is not what its manifest says.
 */
export async function loadModels(readFile: ReadModelFile): Promise<ModelSet> {
  return { keyboard: await loadKeyboard(readFile), pointer: await loadPointer(readFile) };
}

/** Loads the embedder and the verifier of one modality, and the features that they read. */
export async function loadEmbedder(
  readFile: ReadModelFile,
  name: string,
  channels: readonly string[],
): Promise<{ readonly embedder: SequenceEmbedder; readonly manifest: EmbedderManifest }> {
  const manifest = parseManifest(EmbedderManifest, name, await readFile(`${name}.json`));
  checkFeatures(manifest, channels);
  const bytes = await readFile(manifest.file);
  await checkBytes(manifest, bytes);
  return { embedder: new SequenceEmbedder(await OnnxModel.load(manifest, bytes)), manifest };
}

export async function loadVerifier(
  readFile: ReadModelFile,
  name: string,
  features: readonly FeatureDefinition[],
): Promise<{ readonly model: OnnxModel; readonly withinDeviation: Float64Array }> {
  const manifest = parseManifest(VerifierManifest, name, await readFile(`${name}.json`));
  checkFeatures(manifest, comparisonNames(features));
  const bytes = await readFile(manifest.file);
  await checkBytes(manifest, bytes);
  const withinDeviation = Float64Array.from(manifest.withinDeviation);
  return { model: await OnnxModel.load(manifest, bytes), withinDeviation };
}

async function loadKeyboard(readFile: ReadModelFile): Promise<ModelSet["keyboard"]> {
  const { embedder, manifest } = await loadEmbedder(readFile, "keyboard_embedder", STROKE_CHANNELS);
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
