/** What a verification protocol is told by: scores fused, and the figures that are made of them. */
import { fusedNats } from "../../core/evidence.ts";
import { mean } from "../../core/features/vector.ts";
import type { ReadModelFile } from "../../core/models/load.ts";
import { FusionManifest, parseManifest } from "../../core/models/manifest.ts";
import type { Fusion } from "../../core/models/model_set.ts";
import type { Modality } from "../../core/window.ts";
import { type PersonalScore, rateIntervals } from "./intervals.ts";
import { calibration, errorRates } from "./metrics.ts";
import { readModelFile } from "./observe.ts";
import type { ScoredComparison, ScoredTrials, ScoreName, WindowScores } from "./score_trials.ts";

export type DetectorOption = "fused" | ScoreName;

/** Shares of 1, unless said otherwise. */
export interface VerificationFigures {
  readonly subjects: number;
  /** Comparisons. */
  readonly genuine: number;
  readonly impostor: number;
  readonly eerGlobal: number;
  readonly eerGlobalCi95: readonly [number, number];
  /** Mean of the equal error rates that each subject's profile has by itself. */
  readonly eerMeanSubject: number;
  readonly auc: number;
  readonly aucCi95: readonly [number, number];
  readonly fnmrAtFmr1pct: number;
  /** Bits; of ratios alone, so `null` for a detector by itself. */
  readonly cllr: number | null;
  readonly calibrationError: number | null;
  readonly failureToEnrol: number;
  readonly failuresToAcquire: number;
  readonly seconds: number;
}

export async function readFusion(
  modality: Modality,
  readFile: ReadModelFile = readModelFile,
): Promise<FusionManifest> {
  const name = `${modality}_fusion`;
  return parseManifest(FusionManifest, name, await readFile(`${name}.json`));
}

/**
 * What a probe says as a whole. A detector's own scores are averaged by how much input each window
 * held. So are ratios where the fusion pools: windows of one sitting say much the same, and where the
 * models are off for a person, they are off in every window alike.
 * @param terms of the fusion, or of it without one detector.
 */
export function probeScore(
  { windows, pooled }: Pick<ScoredComparison, "windows" | "pooled">,
  detector: DetectorOption,
  { pooling }: Pick<FusionManifest, "pooling">,
  terms: Fusion,
): number {
  const known = pooling ? ofOneWindow(pooled, windows.length, pooling) : {};
  if (detector === "fused") {
    if (!pooling) return windows.reduce((sum, { scores }) => sum + fusedNats(terms, scores)!, 0);
    const nats = windows.map(({ scores }) => fusedNats(terms, { ...scores, ...known })!);
    return mean(nats);
  }
  if (detector !== "statistics" && known[detector] !== undefined) return known[detector];
  const total = windows.reduce((sum, { amount }) => sum + amount, 0);
  const weighed = windows.reduce((sum, { scores, amount }) => sum + amount * scores[detector]!, 0);
  return weighed / total;
}

type Pooling = NonNullable<FusionManifest["pooling"]>;

/**
 * Distances of a centroid as a single window's would be: a mean of many lies nearer to every
 * direction, by the share of its length that is noise.
 */
function ofOneWindow(
  { sequence, ...pooled }: WindowScores["scores"],
  windows: number,
  { resultant }: Pooling,
): WindowScores["scores"] {
  if (sequence === undefined) return pooled;
  const length = Math.sqrt(resultant ** 2 + (1 - resultant ** 2) / windows);
  return { ...pooled, sequence: 1 - length * (1 - sequence) };
}

/** The figures of scores that are made. */
export function figuresOf(
  rows: readonly PersonalScore[],
  scored: Pick<ScoredTrials, "subjects" | "failureToEnrol" | "failuresToAcquire">,
  { detector, seed }: { readonly detector: DetectorOption; readonly seed: number },
): Omit<VerificationFigures, "seconds"> {
  const scoresOf = (genuine: boolean, of = rows) =>
    of.filter((row) => row.genuine === genuine).map(({ score }) => score);
  const [genuine, impostor] = [scoresOf(true), scoresOf(false)];
  const rates = errorRates(genuine, impostor);
  const bySubject = Map.groupBy(rows, ({ claimed }) => claimed);
  const own = [...bySubject.values()]
    .map((of) => errorRates(scoresOf(true, of), scoresOf(false, of)).eer)
    .filter(Number.isFinite);
  const { eer95, auc95 } = rateIntervals(rows, scored.subjects.length, seed);
  const trust = detector === "fused" ? calibration(genuine, impostor) : undefined;
  return {
    subjects: bySubject.size,
    genuine: genuine.length,
    impostor: impostor.length,
    eerGlobal: rates.eer,
    eerGlobalCi95: eer95,
    eerMeanSubject: own.reduce((sum, eer) => sum + eer, 0) / own.length,
    auc: rates.auc,
    aucCi95: auc95,
    fnmrAtFmr1pct: rates.fnmrAtFmr1pct,
    cllr: trust?.cllr ?? null,
    calibrationError: trust?.calibrationError ?? null,
    failureToEnrol: scored.failureToEnrol,
    failuresToAcquire: scored.failuresToAcquire,
  };
}

/** As a table. */
export function inWords(figures: VerificationFigures): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  const [low, high] = figures.eerGlobalCi95;
  const rows: [string, string][] = [
    ["subjects", String(figures.subjects)],
    ["genuine comparisons", String(figures.genuine)],
    ["impostor comparisons", String(figures.impostor)],
    ["EER, one threshold", `${percent(figures.eerGlobal)} [${percent(low)}, ${percent(high)}]`],
    ["EER, mean of subjects", percent(figures.eerMeanSubject)],
    [
      "AUC",
      `${figures.auc.toFixed(4)} [${figures.aucCi95.map((area) => area.toFixed(4)).join(", ")}]`,
    ],
    ["FNMR at 1 % FMR", percent(figures.fnmrAtFmr1pct)],
    ...figures.cllr === null ? [] : [
      ["Cllr", `${figures.cllr.toFixed(3)} bits`],
      ["calibration error", figures.calibrationError!.toFixed(4)],
    ] as [string, string][],
    ["failure to enrol", percent(figures.failureToEnrol)],
    ["probes too short", String(figures.failuresToAcquire)],
    ["seconds", String(figures.seconds)],
  ];
  return rows.map(([what, figure]) => `${what.padEnd(24)}${figure}`).join("\n");
}
