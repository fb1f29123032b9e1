/**
 * Scores probes of people whom neither embedder nor verifier has seen: those of one fold of split.ts,
 * by the models trained without them. For the pointer's fusion, whose people are too few for a part of
 * their own.
 *
 *     deno run -R -W --allow-env models/training/export_pointer_scores.ts WORK MODELS FOLD TRACES... \
 *         [--enrol-sessions N]
 *
 * WORK/pointer_scores_FOLD.json: as export_scores.ts writes them, a row a probe of about one window, and
 * `long`: probes of a minute as `{row, windows}`, the row by their centroid.
 */
import { parseArgs } from "@std/cli/parse-args";
import { loadPointer } from "../../core/models/load.ts";
import { POINTER_PAUSE_MS } from "../../core/window.ts";
import type { StreamEvent } from "../../core/wire.ts";
import { type Eye, type PlacedObservation, pointerEye } from "../evaluation/observe.ts";
import { type ScoredComparison, scoreTrials } from "../evaluation/score_trials.ts";
import { shapeOf } from "../evaluation/shape.ts";
import { readTrials } from "../evaluation/trials.ts";
import { foldOf } from "./split.ts";

const SECONDS = 15;
const MINUTE = 60;
/** Where probes begin, seconds of movement: twice at once, for a first probe is what is reported. */
const STARTS = [0, 5, 15, 30];
const RATES_HZ = [undefined, 60, 30];
const SEED = 20261123;

const args = parseArgs(Deno.args, { string: ["_", "enrol-sessions"] });
const [work, models, fold, ...traces] = args._.map(String);
const enrolling = args["enrol-sessions"] === undefined
  ? { enrolMatch: "3min" }
  : { enrolSessions: Number(args["enrol-sessions"]) };
if (!work || !models || !fold || !traces.length) {
  throw new TypeError("Cannot export: WORK, MODELS, FOLD and TRACES must be given");
}
const pointer = pointerEye(await loadPointer((name) => Deno.readFile(`${models}/${name}`)));
/** Enrolments, which are the same whatever is probed. */
const enrolments = new Map<unknown, Promise<PlacedObservation[]>>();
const eye: Eye = {
  ...pointer,
  observe(sessions, choose, shape) {
    if (shape) return pointer.observe(sessions, choose, shape);
    const observed = enrolments.get(sessions) ?? pointer.observe(sessions, choose);
    enrolments.set(sessions, observed);
    return observed;
  },
};
const detectors = eye.models.createDetectors(0).map((detector) => detector.name);
const rows: (number | null)[][] = [];
const long: { row: (number | null)[]; windows: (number | null)[][] }[] = [];
let people = 0;
for (const file of traces) {
  const admits = (subject: string) => foldOf(subject) === Number(fold);
  const trials = await readTrials({
    ...enrolling,
    enrol: file,
    probe: file,
    pool: 1,
    admits,
  });
  const score = (startSeconds: number, seconds: number, decimateHz: number | undefined) => {
    const first = shapeOf({ seconds, decimateHz });
    const shape = (events: readonly StreamEvent[]) => first(laterSeconds(events, startSeconds));
    return scoreTrials(eye, trials, { seed: SEED + startSeconds, shape, pools: true });
  };
  for (const decimateHz of RATES_HZ) {
    for (const start of STARTS) {
      for (const comparison of (await score(start, SECONDS, decimateHz)).comparisons) {
        rows.push(rowOf(comparison, comparison.windows[0]!.scores));
      }
    }
  }
  for (const comparison of (await score(0, MINUTE, undefined)).comparisons) {
    const windows = comparison.windows.map(({ scores }) => rowOf(comparison, scores));
    long.push({ row: rowOf(comparison, comparison.pooled), windows });
  }
  people += trials.enrolled.length;
}
await Deno.writeTextFile(
  `${work}/pointer_scores_${fold}.json`,
  JSON.stringify({ people, detectors, rows, long }),
);
console.log(`${people} people, ${rows.length} probes against profiles`);

/** Whose hand it is, the scores, whose profile. */
function rowOf(
  { genuine, claimed }: ScoredComparison,
  scores: ScoredComparison["pooled"],
): (number | null)[] {
  return [genuine ? 0 : 1, ...detectors.map((name) => scores[name] ?? null), claimed];
}

/** The events from the given time in movement on. */
function laterSeconds(events: readonly StreamEvent[], seconds: number): StreamEvent[] {
  let [spentMs, lastMs] = [0, NaN];
  return events.filter((event) => {
    if (event.kind === "pointer") {
      const gapMs = event.timeMs - lastMs;
      if (gapMs <= POINTER_PAUSE_MS) spentMs += gapMs;
      lastMs = event.timeMs;
    }
    return spentMs >= 1000 * seconds;
  });
}
