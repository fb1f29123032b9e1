/** Model scores -> calibrated log-likelihood ratio, with the share of every feature in it. */
import { summariseReferences, type Usual } from "./features/comparison.ts";
import { type FeatureReading, readFeature } from "./features/reading.ts";
import type { FeatureDefinition } from "./features/vector.ts";
import type { AutomationFinding } from "./models/automation.ts";
import {
  type Detector,
  type DetectorName,
  type Observation,
  OPTIONAL_DETECTORS,
} from "./models/detector.ts";
import type { Fusion, FusionTerm } from "./models/model_set.ts";
import type { Profile } from "./profile.ts";
import type { Modality } from "./window.ts";

/** One part of the evidence. Positive nats say "someone else"; the parts add up to the whole. */
export interface EvidencePart {
  /** Stable: a feature's name, `sequence`, `usual`, or an automation rule. */
  readonly key: string;
  /** In words and numbers, for a person. */
  readonly words: string;
  readonly nats: number;
  /** Of a part that is a feature, where enough reference windows had it. */
  readonly reading?: FeatureReading | undefined;
}

/** What one window says. */
export interface WindowEvidence {
  readonly source: Modality | "automation";
  readonly endMs: number;
  /** log P(window | someone else) / P(window | the subject). */
  readonly nats: number;
  /** Score (HIGH IS STRANGE) and nats of each detector that spoke. */
  readonly detectors: Partial<Record<DetectorName, { score: number; nats: number }>>;
  readonly parts: readonly EvidencePart[];
}

/** The part that stays when every feature is as usual: what speaks for the subject. */
const USUAL_KEY = "usual";
/** Features named one by one; the rest is weighed together. */
const FEATURES_NAMED = 10;
const LOGIT_CLIP = 0.001;

/** Nats of all detectors' scores; `undefined` while any that must speak has not learned enough. */
export function fusedNats(
  fusion: Fusion,
  scores: Readonly<Partial<Record<DetectorName, number>>>,
): number | undefined {
  let nats = 0;
  for (const [name, term] of Object.entries(fusion)) {
    if (!term) continue;
    const score = scores[name as DetectorName];
    if (score !== undefined) nats += natsOf(term, score);
    else if (!OPTIONAL_DETECTORS.has(name as DetectorName)) return undefined;
  }
  return nats;
}

/** Nats of one detector's score. */
export function natsOf(term: FusionTerm, score: number): number {
  const [low, high] = term.range ?? [-Infinity, Infinity];
  const held = Math.min(Math.max(transform(term, score), low), high);
  return term.weightNats * (held - term.neutral);
}

function transform(term: FusionTerm, score: number): number {
  if (term.transform === "identity") return score;
  const probability = Math.min(Math.max(score, LOGIT_CLIP), 1 - LOGIT_CLIP);
  return Math.log(probability / (1 - probability));
}

export interface Weigher {
  readonly modality: Modality;
  readonly features: readonly FeatureDefinition[];
  readonly withinDeviation: Float64Array;
  readonly fusion: Fusion;
  /** Detectors that have learned the profile. */
  readonly detectors: readonly Detector[];
  readonly profile: Profile;
}

/** What is usual for the subject, by feature. */
export function usualOf(weigher: Weigher): Usual {
  return summariseReferences(
    weigher.profile.references.map(({ vector }) => vector),
    weigher.withinDeviation,
  );
}

/**
 * Weighs one window. `undefined` while any detector has not learned enough: part of the evidence
 * would not be calibrated.
 *
 * Attribution: from a window that is as usual in everything, the features are set to what they were,
 * the most deviating first, and each is given the nats that its step brought; the steps telescope, so
 * parts and whole agree exactly (a path attribution, Sundararajan, Taly and Yan 2017, along one path).
 */
export async function weighWindow(
  weigher: Weigher,
  usual: Usual,
  observation: Observation,
): Promise<WindowEvidence | undefined> {
  const order = byDeviation(observation.vector, usual);
  const path = pathFromUsual(observation, usual, order);
  const detectors: WindowEvidence["detectors"] = {};
  const parts: EvidencePart[] = [];
  const stepNats = new Float64Array(path.length);

  for (const detector of weigher.detectors) {
    const term = weigher.fusion[detector.name];
    if (!term) continue;
    const inputs = detector.reads === "vector" ? path : [observation];
    const scores = await detector.scoreMany(inputs);
    const score = scores.at(-1);
    if (score === undefined) {
      if (OPTIONAL_DETECTORS.has(detector.name)) continue;
      return undefined;
    }
    const nats = natsOf(term, score);
    detectors[detector.name] = { score, nats };
    if (detector.reads !== "vector") {
      const words = WORDS[detector.name]!(weigher.modality, score, term.neutral);
      parts.push({ key: detector.name, words, nats });
    } else scores.forEach((step, i) => stepNats[i]! += natsOf(term, step!));
  }

  parts.push({ key: USUAL_KEY, words: "features otherwise as usual", nats: stepNats[0]! });
  for (let i = 0; i < path.length - 1; i++) {
    const feature = i < FEATURES_NAMED ? order[i] : undefined;
    const nats = stepNats[i + 1]! - stepNats[i]!;
    if (feature === undefined) parts.push({ key: "rest", words: "all other features", nats });
    else {
      const definition = weigher.features[feature]!;
      const value = observation.vector[feature]!;
      const words = deviationWords(definition, value, usual, feature);
      const references = weigher.profile.references.map(({ vector }) => vector[feature]!);
      const reading = readFeature(definition, value, references);
      parts.push({ key: definition.name, words, nats, ...reading ? { reading } : {} });
    }
  }
  return {
    source: weigher.modality,
    endMs: observation.endMs,
    nats: Object.values(detectors).reduce((sum, { nats }) => sum + nats, 0),
    detectors,
    parts,
  };
}

/** What the automation rules and score found, each finding a part. */
export function weighFindings(
  findings: readonly AutomationFinding[],
  endMs: number,
): WindowEvidence {
  const parts = findings.map(({ rule, words, nats }) => ({ key: rule, words, nats }));
  const nats = parts.reduce((sum, part) => sum + part.nats, 0);
  return { source: "automation", endMs, nats, detectors: {}, parts };
}

/** The evidence at a share of its weight, every part alike. */
export function weakened(evidence: WindowEvidence, weight: number): WindowEvidence {
  const parts = evidence.parts.map((part) => ({ ...part, nats: weight * part.nats }));
  return { ...evidence, nats: weight * evidence.nats, parts };
}

/** Indices of the features present in the window, the most deviating first. */
function byDeviation(vector: Float64Array, usual: Usual): number[] {
  const distance = (i: number) => Math.abs(vector[i]! - usual.centre[i]!) / usual.deviation[i]!;
  return [...vector.keys()].filter((i) => Number.isFinite(distance(i)))
    .sort((a, b) => distance(b) - distance(a));
}

/** The window as it would usually be, then with ever more features as they are, and last itself. */
function pathFromUsual(observation: Observation, usual: Usual, order: number[]): Observation[] {
  const vector = Float64Array.from(observation.vector);
  for (const i of order) vector[i] = usual.centre[i]!;
  const path: Observation[] = [{ ...observation, vector: Float64Array.from(vector) }];
  for (const i of order.slice(0, FEATURES_NAMED)) {
    vector[i] = observation.vector[i]!;
    path.push({ ...observation, vector: Float64Array.from(vector) });
  }
  if (order.length > FEATURES_NAMED) path.push(observation);
  return path;
}

function deviationWords(
  { words, unit }: FeatureDefinition,
  value: number,
  usual: Usual,
  i: number,
): string {
  const difference = value - usual.centre[i]!;
  const deviations = Math.abs(difference) / usual.deviation[i]!;
  const direction = unit === "ms"
    ? (difference < 0 ? "shorter" : "longer")
    : (difference < 0 ? "lower" : "higher");
  const amount = formatAmount(Math.abs(difference), unit);
  return `${words} ${amount} ${direction} than usual, ${deviations.toFixed(1)} deviations`;
}

function formatAmount(amount: number, unit: string): string {
  if (unit === "ratio") return `${(100 * amount).toFixed(0)} points`;
  const digits = amount >= 10 ? 0 : amount >= 1 ? 1 : 2;
  return unit === "count" ? amount.toFixed(digits) : `${amount.toFixed(digits)} ${unit}`;
}

const SUBJECTS = { keyboard: "typing rhythm", pointer: "pointer movement" } as const;

/** Of what is not drawn from named features. */
const WORDS: Partial<
  Record<DetectorName, (modality: Modality, score: number, neutral: number) => string>
> = {
  sequence: (modality, distance, neutral) =>
    `${SUBJECTS[modality]} as a whole ${distance.toFixed(2)} away from usual, strangers from ${
      neutral.toFixed(2)
    }`,
  steadiness: (_, cosine, neutral) =>
    `this person is ${cosine < neutral ? "less" : "more"} steady than most (${cosine.toFixed(2)}, ${
      neutral.toFixed(2)
    })`,
  crowd: (modality, likeness, neutral) =>
    `${SUBJECTS[modality]} ${likeness < neutral ? "less" : "more"} like anybody's than most (${
      likeness.toFixed(2)
    }, ${neutral.toFixed(2)})`,
};
