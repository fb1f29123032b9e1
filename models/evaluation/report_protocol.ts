/** How the report runs its protocols, and what it makes of their figures. */
import { clockWeight } from "../../core/clock.ts";
import { mean, quantile } from "../../core/features/vector.ts";
import type { Modality } from "../../core/window.ts";
import { partOf } from "../training/split.ts";
import { type ContinuousFigures, watch } from "./continuous.ts";
import { type DetectorOption, figuresOf, probeScore, type VerificationFigures } from "./figures.ts";
import type { PersonalScore } from "./intervals.ts";
import { detPoints } from "./metrics.ts";
import type { ProgressBar } from "./progress.ts";
import { shapeOf } from "./shape.ts";
import { readTrials } from "./trials.ts";
import { scoreFiles, type VerificationOptions } from "./verification.ts";

/** Mean share of own probes refused at FMR 1 %: of all, of the worst tenth, of the best half. */
export function refusals(rows: readonly PersonalScore[]): [number, number, number] {
  const strangers = rows.filter(({ genuine }) => !genuine).map(({ score }) => score);
  const threshold = quantile(strangers, 0.01);
  const own = Map.groupBy(rows.filter(({ genuine }) => genuine), ({ claimed }) => claimed);
  const shares = [...own.values()]
    .map((probes) => probes.filter(({ score }) => score > threshold).length / probes.length)
    .sort((a, b) => b - a);
  return [
    mean(shares),
    mean(shares.slice(0, Math.max(1, Math.round(shares.length / 10)))),
    mean(shares.slice(Math.floor(shares.length / 2))),
  ];
}

/** `[subjects refused, strangers let pass]`, threshold by threshold. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

type Figures = Omit<VerificationFigures, "seconds">;
export type Protocol = Omit<
  VerificationOptions,
  "enrol" | "probe" | "pool" | "detector" | "seed" | "part"
>;

export const PART = "heldOut";
const SEED = 1;
const DETECTORS: readonly (readonly [string, DetectorOption])[] = [
  ["fused", "fused"],
  ["embedder (LSTM)", "sequence"],
  ["verifier (random forest)", "verifier"],
  ["isolation forest", "isolationForest"],
  ["statistics (baseline)", "statistics"],
];

export const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
const interval = ([low, high]: readonly [number, number]) =>
  `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
const area = (auc: number) => auc.toFixed(4);

/** Runs one protocol and gives figures by detector, fused without each, and the curves. */
export async function runProtocol(
  file: string,
  protocol: Protocol & { pool?: number },
  bar: ProgressBar,
) {
  const options = {
    enrol: file,
    probe: file,
    pool: 1,
    detector: "fused",
    seed: SEED,
    part: PART,
    ...protocol,
  } as const;
  const scored = await scoreFiles(options, bar);
  const { fusion } = scored;
  const rowsOf = (detector: DetectorOption, terms = fusion.terms) =>
    scored.comparisons.map((comparison) => {
      const { claimed, owner, genuine } = comparison;
      const score = probeScore(comparison, detector, fusion, terms);
      const weight = detector === "fused" ? clockWeight(options.quantumMs ?? 0, score) : 1;
      return { claimed, owner, genuine, score: weight * score };
    });
  const of = (detector: DetectorOption) =>
    figuresOf(rowsOf(detector), scored, { detector, seed: SEED });
  return {
    fused: () => of("fused"),
    byDetector: () => DETECTORS.map(([words, detector]) => [words, of(detector)] as const),
    withoutEach: () =>
      Object.entries(fusion.without).map(([left, terms]) => {
        const rows = rowsOf("fused", terms as typeof fusion.terms);
        return [left, figuresOf(rows, scored, { detector: "fused", seed: SEED })] as const;
      }),
    /** How the people refused most fare with a threshold of their own, and without. */
    refusedMost: () =>
      [
        [
          "one threshold for all",
          rowsOf("fused", fusion.without.steadiness as typeof fusion.terms),
        ],
        ["a threshold per person", rowsOf("fused")],
      ] as const,
    curves: () =>
      DETECTORS.map(([words, detector]): Curve => ({
        name: words,
        points: detPoints(rowsOf(detector)),
      })),
  };
}

export const FULL_COLUMNS = [
  "EER",
  "95 %",
  "mean of people",
  "AUC",
  "FNMR at FMR 1 %",
  "Cllr",
  "ECE",
];

export function fullRow(words: string, figures: Figures): string[] {
  return [
    words,
    percent(figures.eerGlobal),
    interval(figures.eerGlobalCi95),
    percent(figures.eerMeanSubject),
    area(figures.auc),
    percent(figures.fnmrAtFmr1pct),
    figures.cllr?.toFixed(3) ?? "",
    figures.calibrationError?.toFixed(4) ?? "",
  ];
}

export const WITHOUT_WORDS: Readonly<Record<string, string>> = {
  isolationForest: "without the isolation forest",
  sequence: "without the embedder",
  verifier: "without the verifier",
  steadiness: "without steadiness: one threshold for all",
  crowd: "without the crowd",
};

/** Takeovers in live sessions of held-out people. */
export async function watchPart(
  file: string,
  modality: Modality,
  { quantumMs, ...protocol }: Protocol,
  bar: ProgressBar,
): Promise<ContinuousFigures> {
  const admits = (subject: string) => partOf(subject) === PART;
  const trials = await readTrials({ ...protocol, enrol: file, probe: file, pool: 1, admits });
  const figures = await watch(modality, trials, {
    seed: SEED,
    shape: shapeOf({ quantumMs }),
    onProgress: (share, note) => bar.show(share, note),
  });
  bar.hide();
  return figures;
}
