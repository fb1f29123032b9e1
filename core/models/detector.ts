/** The contract that every detector keeps; `tests/core/models/detector_contract.ts` holds them to it. */

/** One window as the detectors see it. */
export interface Observation {
  /** When the window ended, ms since the epoch by the events' clock. */
  readonly endMs: number;
  /** Named features in the modality's order; NaN is missing. */
  readonly vector: Float64Array;
  /** What the sequence embedder made of the window: unit length. */
  readonly embedding: Float32Array;
}

export type DetectorName =
  | "isolationForest"
  | "sequence"
  | "verifier"
  | "steadiness"
  | "crowd";

/** What speaks only once a profile is large enough, and goes unheard until then. */
export const OPTIONAL_DETECTORS: ReadonlySet<DetectorName> = new Set(["steadiness"]);

/** What says the same of a window whoever's profile it is held against, once that is large enough. */
export const IMPARTIAL_DETECTORS: ReadonlySet<DetectorName> = new Set(["crowd"]);

/** Learns what is usual for one subject and scores how far a window is from it. */
export interface Detector {
  readonly name: DetectorName;
  /**
   * What of an observation the score depends on; reasons are drawn from vectors alone. Of `profile`:
   * on nothing of it, only on what was learned.
   */
  readonly reads: "vector" | "embedding" | "profile";
  /** Takes one window as genuine. O(1) in what is kept; may refit lazily at the next score. */
  learnOne(observation: Observation): void;
  /**
   * HIGH IS STRANGE. `undefined` until enough was learned, never 0 for lack of knowledge; always
   * the same for the same observations learned and the same seed. Scoring teaches nothing.
   */
  scoreOne(observation: Observation): Promise<number | undefined>;
  /** The same for several at once, in their order: one batch through a model. */
  scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]>;
}

/** Windows a detector must have learned before it says anything. */
export const MINIMUM_REFERENCES = 2;
