/** What a session asks of the models of one modality; `load.ts` builds it from files. */
import type { FeatureDefinition } from "../features/vector.ts";
import type {
  KeyboardWindow,
  KeyboardWindowSettings,
  Modality,
  PointerWindow,
  PointerWindowSettings,
} from "../window.ts";
import type { AutomationScore } from "./automation.ts";
import type { Detector, DetectorName, Observation } from "./detector.ts";
import type { StrokeStreamRecord } from "./stroke_stream.ts";

/** Turns a detector's score into nats: `weightNats * (transform(score) - neutral)`. */
export interface FusionTerm {
  /** `logit` clips its probability to [0.001, 0.999] first. */
  readonly transform: "identity" | "logit";
  /** The transformed score that speaks for neither side. */
  readonly neutral: number;
  readonly weightNats: number;
  /** Of the transformed scores it was fitted on: beyond them nothing is known, and no more is said. */
  readonly range?: readonly [number, number] | undefined;
}

/** Calibrated on people no model had seen; the terms add up to a log-likelihood ratio. */
export type Fusion =
  & Readonly<Record<Exclude<DetectorName, "crowd">, FusionTerm>>
  /** Where the embedder has a crowd. */
  & { readonly crowd?: FusionTerm | undefined };

/** What an observer needs to go on in another process; `version` is that of its models. */
export interface ObserverRecord extends StrokeStreamRecord {
  readonly version: string;
}

/** Sees one stream's windows, in their order. */
export interface Observer<Window> {
  /** Features and embedding of one window; `undefined` where it holds too little for either. */
  observe(window: Window): Promise<Observation | undefined>;
  /** The stream begins anew. */
  reset(): void;
  /** `undefined` where nothing is carried from one window to the next. */
  readonly record: ObserverRecord | undefined;
}

/** An observer to whom every window is new. */
export function createStatelessObserver<Window>(
  observe: Observer<Window>["observe"],
): Observer<Window> {
  return { observe, reset: () => {}, record: undefined };
}

export interface ModalityModels<Window, Settings> {
  /** Changes whenever vectors or embeddings would: a profile of another version cannot be compared. */
  readonly version: string;
  readonly window: Settings;
  /** Order of an observation's vector. */
  readonly features: readonly FeatureDefinition[];
  /** Typical deviation of each feature between windows of one person, in the features' order. */
  readonly withinDeviation: Float64Array;
  readonly fusion: Fusion;
  /** An observer of one stream, or of what another left off. */
  createObserver(record?: ObserverRecord): Observer<Window>;
  /** New detectors that have learned nothing yet; the seed makes their chance repeatable. */
  createDetectors(seed: number): readonly Detector[];
}

export interface ModelSet {
  readonly keyboard: ModalityModels<KeyboardWindow, KeyboardWindowSettings>;
  readonly pointer: ModalityModels<PointerWindow, PointerWindowSettings>;
  /** Apart from identity; where it is left out, the automation rules watch alone. */
  readonly automation?: AutomationScore;
}

/** By modality. */
export function versionsOf({ keyboard, pointer }: ModelSet): Readonly<Record<Modality, string>> {
  return { keyboard: keyboard.version, pointer: pointer.version };
}
