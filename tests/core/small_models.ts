/**
 * A model set that is quick enough for property tests: real windows, features, forests and galleries;
 * in place of the embedding networks stands a fixed direction of the standardised features, and no
 * verifier. What ships is tested by the end-to-end tests and by the models' own.
 */
import { KEYSTROKE_FEATURES, keystrokeVector } from "../../core/features/keystroke.ts";
import { deviation, type FeatureDefinition, finite, mean } from "../../core/features/vector.ts";
import type { Discriminant } from "../../core/features/discriminant.ts";
import type { Detector } from "../../core/models/detector.ts";
import { IsolationForestDetector } from "../../core/models/isolation_forest.ts";
import {
  createStatelessObserver,
  type Fusion,
  type ModalityModels,
  type ModelSet,
} from "../../core/models/model_set.ts";
import { SteadinessDetector } from "../../core/models/steadiness.ts";
import { SequenceDetector } from "../../core/models/sequence.ts";
import {
  type KeyboardWindow,
  KeyboardWindower,
  type KeyboardWindowSettings,
  type PointerWindow,
  type PointerWindowSettings,
} from "../../core/window.ts";
import type { Stroke } from "../../core/wire.ts";
import { alongFeatures } from "./features/discriminants.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";

export const WINDOW: KeyboardWindowSettings = { strokes: 50, least: 30, hop: 10 };

/** Neutral points and weights read off generated typists: genuine below, strangers above. */
const FUSION: Fusion = {
  isolationForest: { transform: "identity", neutral: 0.5, weightNats: 20 },
  sequence: { transform: "identity", neutral: 0.6, weightNats: 8 },
  verifier: { transform: "logit", neutral: 0, weightNats: 0 },
  steadiness: { transform: "identity", neutral: 0.5, weightNats: 1 },
};

export function windowsOf(strokes: readonly Stroke[]): KeyboardWindow[] {
  const windower = new KeyboardWindower(WINDOW);
  return strokes.flatMap((stroke) => windower.push(stroke) ?? []);
}

/** Mean and deviation of every feature over people, and the deviation within a person. */
function surveyFeatures() {
  const people = Array.from({ length: 20 }, (_, i) => {
    return windowsOf(createTypist(1000 + i).type(200, 0)).map(keystrokeVector);
  });
  const column = (vectors: readonly Float64Array[], i: number) =>
    finite(vectors.map((vector) => vector[i]!));
  const all = people.flat();
  const places = [...KEYSTROKE_FEATURES.keys()];
  const centre = places.map((i) => mean(column(all, i)) || 0);
  const spread = places.map((i) => deviation(column(all, i)) || 1);
  const within = places.map((i) =>
    mean(finite(people.map((person) => deviation(column(person, i))))) || 1
  );
  const telling = places.toSorted((a, b) => spread[b]! / within[b]! - spread[a]! / within[a]!);
  const withinDeviation = Float64Array.from(within);
  const along = alongFeatures(withinDeviation, telling.slice(0, 8));
  return {
    centre,
    spread,
    withinDeviation,
    discriminant: { ...along, centre: Float64Array.from(centre) },
  };
}

const { centre, spread, withinDeviation, discriminant } = surveyFeatures();

function embed(vector: Float64Array): Float32Array {
  const scaled = Float32Array.from(vector, (value, i) => {
    const deviations = (value - centre[i]!) / spread[i]!;
    return Number.isFinite(deviations) ? Math.max(-3, Math.min(3, deviations)) : 0;
  });
  const length = Math.hypot(...scaled) || 1;
  return scaled.map((value) => value / length);
}

function detectors(seed: number, discriminant: Discriminant): Detector[] {
  return [
    new IsolationForestDetector({ seed, discriminant }),
    new SequenceDetector(),
    new SteadinessDetector(5),
  ];
}

const keyboard: ModalityModels<KeyboardWindow, KeyboardWindowSettings> = {
  version: "small-keyboard-1",
  window: WINDOW,
  features: KEYSTROKE_FEATURES,
  withinDeviation,
  fusion: FUSION,
  createObserver: () =>
    createStatelessObserver((window) => {
      const vector = keystrokeVector(window);
      return Promise.resolve({ endMs: window.endMs, vector, embedding: embed(vector) });
    }),
  createDetectors: (seed) => detectors(seed, discriminant),
};

const POINTER_FEATURES: readonly FeatureDefinition[] = (["px", "px/s"] as const).map((unit) => ({
  name: `step ${unit}`,
  unit,
  words: `steps in ${unit}`,
  formula: "mean",
  source: "tests",
}));

const pointer: ModalityModels<PointerWindow, PointerWindowSettings> = {
  version: "small-pointer-1",
  window: { activeMs: 5000, hopMs: 1000 },
  features: POINTER_FEATURES,
  withinDeviation: Float64Array.of(1, 100),
  fusion: FUSION,
  createObserver: () =>
    createStatelessObserver(({ endMs, activeMs, events }) => {
      const lengths = events.map((event) => event.kind === "pointer" ? event.dx : 0).map(Math.abs);
      const path = lengths.reduce((sum, length) => sum + length, 0);
      const vector = Float64Array.of(path / lengths.length, 1000 * path / activeMs);
      const length = Math.hypot(...vector) || 1;
      const embedding = Float32Array.from(vector, (value) => value / length);
      return Promise.resolve({ endMs, vector, embedding });
    }),
  createDetectors: (seed) => detectors(seed, alongFeatures(Float64Array.of(1, 100))),
};

export const SMALL_MODELS: ModelSet = { keyboard, pointer };
