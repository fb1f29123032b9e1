/**
 * `deno task evaluate --enrol FILE --probe FILE`: people held against each other by the live path,
 * from trace to evidence.
 */
import { parseArgs } from "@std/cli/parse-args";
import { clockWeight } from "../../core/clock.ts";
import { GaitkeeperError } from "../../core/error.ts";
import type { FusionManifest } from "../../core/models/manifest.ts";
import type { Modality } from "../../core/window.ts";
import { partOf } from "../training/split.ts";
import { readTraceFile } from "../training/trace_file.ts";
import { ALARM, type ContinuousFigures, watch } from "./continuous.ts";
import {
  type DetectorOption,
  figuresOf,
  inWords,
  probeScore,
  readFusion,
  type VerificationFigures,
} from "./figures.ts";
import type { PersonalScore } from "./intervals.ts";
import { modelsIn, openEye } from "./observe.ts";
import { ProgressBar } from "./progress.ts";
import { type ScoredTrials, scoreTrials } from "./score_trials.ts";
import { shapeOf } from "./shape.ts";
import { readTrials } from "./trials.ts";

export const VERIFICATION_HELP =
  `People held against each other: every probe against its own profile,
and one of each other person.

deno task evaluate --enrol FILE --probe FILE [options]

  --enrol-sessions N   of one file, each subject's first N sessions by name enrol
  --enrol-match TEXT   of one file, the sessions whose name holds TEXT enrol
  --strokes N          a probe's session may use its first N strokes
  --seconds S          or its first S seconds: of movement, of a pointer
  --pool K             K consecutive probes are joined to one
  --decimate HZ        the probes' pointer reports at most so often
  --quantum MS         the probes' clock moves on by so much at a time
  --detector NAME      fused (default), lstm, forest, verifier or statistics
  --models DIR         the modality's models, by default those that ship
  --part NAME          only people of train, calibrate or heldOut (models/training/split.ts)
  --seed N             chooses strangers' probes, trees and resampled people; 1 by default
  --continuous         each subject types on, then another person takes over
  --json               one line of JSON

A probe that carries "genuine" is held against the subject that it names alone. Rates are shares of 1;
eerGlobalCi95 resamples subjects. cllr (bits) and calibrationError weigh both classes alike.`;

/** What the commands that hold people against each other are told. */
export const VERIFICATION_OPTIONS = [
  "enrol",
  "probe",
  "enrol-sessions",
  "enrol-match",
  "strokes",
  "seconds",
  "pool",
  "decimate",
  "quantum",
  "detector",
  "models",
  "part",
  "seed",
];

const DETECTORS: Readonly<Record<string, DetectorOption>> = {
  fused: "fused",
  lstm: "sequence",
  forest: "isolationForest",
  verifier: "verifier",
  statistics: "statistics",
};

export interface VerificationOptions {
  readonly enrol: string;
  readonly probe: string;
  readonly enrolSessions?: number | undefined;
  readonly enrolMatch?: string | undefined;
  readonly strokes?: number | undefined;
  readonly seconds?: number | undefined;
  readonly pool: number;
  readonly decimateHz?: number | undefined;
  readonly quantumMs?: number | undefined;
  readonly detector: DetectorOption;
  /** Folder of the models; that of those that ship by default. */
  readonly models?: string | undefined;
  readonly part?: string | undefined;
  readonly seed: number;
}

export async function evaluateVerification(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: VERIFICATION_OPTIONS,
    boolean: ["json", "help", "continuous"],
    unknown: (option: string) => {
      throw invalid(`options must be those of --help, got "${option}"`);
    },
  });
  if (args.help || !args.enrol || !args.probe) return console.log(VERIFICATION_HELP);
  const options = optionsFrom(args);
  const bar = new ProgressBar();
  const figures = await verify(options, bar);
  const watched = args.continuous ? await watchFiles(options, bar) : {};
  if (args.json) console.log(JSON.stringify({ ...figures, ...watched }));
  else console.log(inWords(figures) + (args.continuous ? watchedInWords(watched) : ""));
}

/** @throws {GaitkeeperError} `request_invalid` */
export function optionsFrom(args: Readonly<Record<string, unknown>>): VerificationOptions {
  const number = (name: string, least: number) => {
    if (args[name] === undefined) return undefined;
    const value = Number(args[name]);
    if (value >= least && Number.isFinite(value)) return value;
    throw invalid(`--${name} must be a number from ${least}, got "${args[name]}"`);
  };
  const text = (name: string) => args[name] === undefined ? undefined : String(args[name]);
  const detector = DETECTORS[text("detector") ?? "fused"];
  if (!detector) {
    throw invalid(
      `--detector must be ${Object.keys(DETECTORS).join(", ")}, got "${args.detector}"`,
    );
  }
  return {
    enrol: text("enrol")!,
    probe: text("probe")!,
    enrolSessions: number("enrol-sessions", 1),
    enrolMatch: text("enrol-match"),
    strokes: number("strokes", 1),
    seconds: number("seconds", 0),
    pool: number("pool", 1) ?? 1,
    decimateHz: number("decimate", 1),
    quantumMs: number("quantum", 0.1),
    detector,
    models: text("models"),
    part: text("part"),
    seed: number("seed", 0) ?? 1,
  };
}

/** Runs the protocol. */
export async function verify(
  options: VerificationOptions,
  bar: ProgressBar = new ProgressBar(),
): Promise<VerificationFigures> {
  const beganMs = performance.now();
  const scored = await scoreFiles(options, bar);
  const { fusion } = scored;
  const rows = scored.comparisons.map((comparison): PersonalScore => {
    const { claimed, owner, genuine } = comparison;
    const score = probeScore(comparison, options.detector, fusion, fusion.terms);
    const weight = options.detector === "fused" ? clockWeight(options.quantumMs ?? 0, score) : 1;
    return { claimed, owner, genuine, score: weight * score };
  });
  const figures = figuresOf(rows, scored, options);
  return { ...figures, seconds: Math.round((performance.now() - beganMs) / 100) / 10 };
}

/** Every score of the protocol, before they are fused. */
export async function scoreFiles(
  options: VerificationOptions,
  bar: ProgressBar,
): Promise<ScoredTrials & { readonly fusion: FusionManifest }> {
  const trials = await readTrials({ ...options, admits: admitsOf(options) });
  const modality = await modalityOf(options.enrol);
  const readFile = modelsIn(options.models, modality);
  const eye = await openEye(modality, readFile);
  const fusion = await readFusion(modality, readFile);
  const scored = await scoreTrials(eye, trials, {
    seed: options.seed,
    shape: shapeOf(options),
    pools: fusion.pooling !== undefined,
    onProgress: (share, note) => bar.show(share, note),
  });
  bar.hide();
  return { ...scored, fusion };
}

async function watchFiles(
  options: VerificationOptions,
  bar: ProgressBar,
): Promise<ContinuousFigures> {
  const trials = await readTrials({ ...options, admits: admitsOf(options) });
  const modality = await modalityOf(options.enrol);
  const figures = await watch(modality, trials, {
    readFile: modelsIn(options.models, modality),
    seed: options.seed,
    // The takeover is watched for as long as it lasts.
    shape: shapeOf({ decimateHz: options.decimateHz, quantumMs: options.quantumMs }),
    onProgress: (share, note) => bar.show(share, note),
  });
  bar.hide();
  return figures;
}

function admitsOf({ part }: VerificationOptions): (subject: string) => boolean {
  return (subject) => part === undefined || partOf(subject) === part;
}

async function modalityOf(path: string): Promise<Modality> {
  for await (const session of readTraceFile(path)) return session.keys ? "keyboard" : "pointer";
  throw new GaitkeeperError("trace_invalid", "Cannot evaluate: the file must hold a session");
}

function watchedInWords(figures: Partial<ContinuousFigures>): string {
  const rows = Object.entries(figures).map(([name, figure]) =>
    `${name.padEnd(28)}${typeof figure === "object" ? JSON.stringify(figure) : figure}`
  );
  return `\n\ncontinuously; an alarm is ${ALARM}\n${rows.join("\n")}`;
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot evaluate: ${what}`);
}
