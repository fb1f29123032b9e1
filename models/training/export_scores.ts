/**
 * Scores probes of calibration people with the live detectors, against profiles as live use would
 * hold them, for the fusion to be fitted on.
 *
 *     deno run -R -W --allow-env models/training/export_scores.ts MODALITY WORK TRACES... \
 *         [--models DIR] [--enrol-sessions N]
 *
 * WORK/MODALITY_scores.json: rows of `[someoneElse, ...scores, person]`, one a window, where
 * `person` counts the profiles' people, and the names of the scores; steadiness may be missing.
 */
import { parseArgs } from "@std/cli/parse-args";
import type { Modality } from "../../core/window.ts";
import { modelsIn, openEye } from "../evaluation/observe.ts";
import { ProgressBar } from "../evaluation/progress.ts";
import { scoreTrials } from "../evaluation/score_trials.ts";
import { shapeOf } from "../evaluation/shape.ts";
import { readTrials } from "../evaluation/trials.ts";
import { partOf } from "./split.ts";

/** How each modality is enrolled and probed: as the figures that are reported. */
interface Protocol {
  readonly enrolMatch?: string;
  readonly enrolSessions?: number;
  readonly strokes?: number;
  readonly seconds?: number;
}
const PROTOCOLS: Readonly<Record<Modality, Protocol>> = {
  keyboard: { enrolSessions: 5, strokes: 50 },
  pointer: { enrolMatch: "3min", seconds: 15 },
};

const args = parseArgs(Deno.args, { string: ["models", "enrol-sessions"] });
const [name, work, ...traces] = args._.map(String);
if ((name !== "keyboard" && name !== "pointer") || !work || !traces.length) {
  throw new TypeError("Cannot export: MODALITY, WORK and TRACES must be given");
}
const modality: Modality = name;
const { enrolMatch, enrolSessions, ...probing }: Protocol = PROTOCOLS[modality];
const enrolling = args["enrol-sessions"] === undefined
  ? { enrolMatch, enrolSessions }
  : { enrolSessions: Number(args["enrol-sessions"]) };
const eye = await openEye(modality, modelsIn(args.models, modality));
const detectors = eye.models.createDetectors(0).map((detector) => detector.name);
const bar = new ProgressBar();
const rows: (number | null)[][] = [];
let people = 0;
for (const file of traces) {
  const admits = (subject: string) => partOf(subject) === "calibrate";
  const trials = await readTrials({ ...enrolling, enrol: file, probe: file, pool: 1, admits });
  const { subjects, comparisons } = await scoreTrials(eye, trials, {
    seed: 20261123,
    shape: shapeOf(probing),
    onProgress: (share, note) => bar.show(share, note),
  });
  for (const { claimed, genuine, windows } of comparisons) {
    for (const { scores } of windows) {
      const row = detectors.map((detector) => scores[detector] ?? null);
      rows.push([genuine ? 0 : 1, ...row, people + claimed]);
    }
  }
  people += subjects.length;
}
bar.hide();
await Deno.writeTextFile(
  `${work}/${name}_scores.json`,
  JSON.stringify({ people, detectors, rows }),
);
console.log(`${people} people, ${rows.length} windows against profiles`);
