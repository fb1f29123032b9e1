/** Probes held against profiles by the live detectors: every score of every comparison. */
import { deviationsVector, summariseReferences } from "../../core/features/comparison.ts";
import {
  type Detector,
  type DetectorName,
  IMPARTIAL_DETECTORS,
  type Observation,
  OPTIONAL_DETECTORS,
} from "../../core/models/detector.ts";
import { createProfile, learnWindow, type Profile } from "../../core/profile.ts";
import { seededRandom } from "../../core/random.ts";
import { apart, type Choose, type Eye, type PlacedObservation, type Shape } from "./observe.ts";
import type { TraceSession } from "../../core/trace.ts";
import { type Comparison, comparisonsOf, type Probe, type Trials } from "./trials.ts";

/** `statistics` is the baseline: scaled Manhattan over the vector (Araújo et al. 2005). */
export type ScoreName = DetectorName | "statistics";
export const SCORE_NAMES: readonly ScoreName[] = [
  "isolationForest",
  "sequence",
  "verifier",
  "steadiness",
  "crowd",
  "statistics",
];

/** One window of a probe against one profile; HIGH IS STRANGE. */
export interface WindowScores {
  readonly scores: Readonly<Partial<Record<ScoreName, number>>>;
  /** Strokes, or ms of movement, that the window held. */
  readonly amount: number;
}

/** A probe against a profile, by its windows that share no input, the newest first. */
export interface ScoredComparison {
  /** Whose profile, and whose hand: places among the subjects; -1 where the hand is not known. */
  readonly claimed: number;
  readonly owner: number;
  readonly genuine: boolean;
  readonly windows: readonly WindowScores[];
  /** What detectors that read embeddings say of the mean of all windows, where that was asked for. */
  readonly pooled: WindowScores["scores"];
}

export interface ScoredTrials {
  readonly subjects: readonly string[];
  readonly comparisons: readonly ScoredComparison[];
  /** Share of enrolled subjects whose sessions were not enough for a single score. */
  readonly failureToEnrol: number;
  /** Probes that were too short to say anything. */
  readonly failuresToAcquire: number;
}

export interface ScoreOptions {
  readonly seed: number;
  /** What is done to probes' events. */
  readonly shape?: Shape;
  /** Are probes scored as wholes, too? */
  readonly pools?: boolean;
  readonly onProgress?: (share: number, note: string) => void;
}

/** Enrols everybody, observes every probe once, and holds them against each other. */
export async function scoreTrials(
  eye: Eye,
  { enrolled, probes }: Trials,
  { seed, shape, pools = false, onProgress = () => {} }: ScoreOptions,
): Promise<ScoredTrials> {
  const random = seededRandom(seed);
  const subjects = [...new Set([...enrolled.map(({ subject }) => subject), ...probes.keys()])];
  const places = new Map(subjects.map((subject, place) => [subject, place]));

  const plan = enrolled.map(({ subject }) => comparisonsOf(subject, probes, random));
  const needed = new Set(plan.flatMap((comparisons) => comparisons.map(({ probe }) => probe)));
  const observed = new Map<Probe, readonly PlacedObservation[]>();
  let failuresToAcquire = 0;
  for (const probe of needed) {
    const windows = await eye.observe(probe.sessions, apart, shape);
    if (!windows.length) failuresToAcquire++;
    observed.set(probe, windows);
    const note = `${observed.size} of ${needed.size} probes observed`;
    onProgress(0.6 * observed.size / needed.size, note);
  }

  const scored: ScoredComparison[] = [];
  const scorer = new ProbeScorer(eye, observed, pools);
  let failedToEnrol = 0;
  for (const [i, { subject, sessions }] of enrolled.entries()) {
    const profile = await profileOf(eye, sessions, Math.floor(random() * 2 ** 31));
    const comparisons = plan[i]!.filter(({ probe }) => observed.get(probe)!.length);
    const found = await scorer.scoreAgainst(profile, comparisons);
    if (!found) failedToEnrol++;
    for (const [c, { probe, genuine }] of comparisons.entries()) {
      if (!found) break;
      const owner = probe.genuine === false ? -1 : places.get(probe.subject)!;
      scored.push({ claimed: places.get(subject)!, owner, genuine, ...found[c]! });
    }
    onProgress(
      0.6 + 0.4 * (i + 1) / enrolled.length,
      `${i + 1} of ${enrolled.length} profiles held`,
    );
  }
  return {
    subjects,
    comparisons: scored,
    failureToEnrol: failedToEnrol / enrolled.length,
    failuresToAcquire,
  };
}

/** The profile that live use would hold after these sessions; only what it keeps is observed. */
async function profileOf(
  eye: Eye,
  sessions: readonly TraceSession[],
  seed: number,
): Promise<Profile> {
  const start = createProfile(eye.modality, eye.models.version, seed);
  const [vector, embedding] = [new Float64Array(), new Float32Array()];
  const kept: Choose = (windows) => {
    // What a profile keeps is decided by when windows ended alone.
    const places = windows.map(({ endMs }) => ({ endMs, vector, embedding }));
    const { references } = places.reduce(learnWindow, start);
    const ends = new Set(references.map(({ endMs }) => endMs));
    return windows.filter(({ endMs }) => ends.has(endMs));
  };
  const observed = await eye.observe(sessions, kept);
  return observed.map(({ observation }) => observation).reduce(learnWindow, start);
}

/** Holds observed probes against one profile after another. */
class ProbeScorer {
  /** Of detectors to whom it is all the same whose profile it is, what they said once. */
  readonly #impartial = new Map<DetectorName, Map<Observation, number | undefined>>();

  constructor(
    readonly eye: Eye,
    readonly observed: ReadonlyMap<Probe, readonly PlacedObservation[]>,
    readonly pools: boolean,
  ) {}

  /** `undefined` where the profile is too small for a score. */
  async scoreAgainst(
    { references, seed }: Profile,
    comparisons: readonly Comparison[],
  ): Promise<Pick<ScoredComparison, "windows" | "pooled">[] | undefined> {
    if (!references.length) return undefined;
    const { models } = this.eye;
    const windowsOf = ({ probe }: Comparison) => this.observed.get(probe)!;
    const observations = comparisons.flatMap(windowsOf).map(({ observation }) => observation);
    const wholes = this.pools ? comparisons.map((of) => wholeOf(windowsOf(of))) : undefined;
    const pooledColumns = new Map<DetectorName, readonly (number | undefined)[]>();
    const columns = new Map<ScoreName, readonly (number | undefined)[]>();
    for (const detector of models.createDetectors(seed)) {
      for (const reference of references) detector.learnOne(reference);
      const column = await this.#score(detector, observations);
      if (column.includes(undefined) && !OPTIONAL_DETECTORS.has(detector.name)) return undefined;
      columns.set(detector.name, column);
      if (!wholes || detector.reads !== "embedding") continue;
      pooledColumns.set(detector.name, await detector.scoreMany(wholes));
    }
    columns.set("statistics", statistics(references, models.withinDeviation, observations));
    let next = 0;
    return comparisons.map((comparison, c) => {
      const windows = windowsOf(comparison).map(({ amount }) => {
        const at = next++;
        const scores = SCORE_NAMES.map((name) => [name, columns.get(name)?.[at]]);
        return { scores: Object.fromEntries(scores) as WindowScores["scores"], amount };
      });
      const pooled = Object.fromEntries([...pooledColumns].map(([name, of]) => [name, of[c]]));
      return { windows, pooled: pooled as WindowScores["scores"] };
    });
  }

  async #score(
    detector: Detector,
    observations: readonly Observation[],
  ): Promise<readonly (number | undefined)[]> {
    if (!IMPARTIAL_DETECTORS.has(detector.name)) return await detector.scoreMany(observations);
    const known = this.#impartial.get(detector.name) ?? new Map<Observation, number | undefined>();
    this.#impartial.set(detector.name, known);
    const unknown = observations.filter((observation) => known.get(observation) === undefined);
    const scores = await detector.scoreMany(unknown);
    unknown.forEach((observation, i) => known.set(observation, scores[i]));
    return observations.map((observation) => known.get(observation));
  }
}

/** A probe's windows as one, for detectors that read embeddings: their mean, not of unit length. */
function wholeOf(windows: readonly PlacedObservation[]): Observation {
  const embeddings = windows.map(({ observation }) => observation.embedding);
  const mean = embeddings[0]!.map((_, i) =>
    embeddings.reduce((sum, embedding) => sum + embedding[i]! / embeddings.length, 0)
  );
  return { ...windows[0]!.observation, embedding: mean };
}

/** Mean deviation from usual over the features present. */
function statistics(
  references: readonly Observation[],
  withinDeviation: Float64Array,
  observations: readonly Observation[],
): number[] {
  const usual = summariseReferences(references.map(({ vector }) => vector), withinDeviation);
  return observations.map(({ vector }) => deviationsVector(vector, usual)[vector.length]!);
}
