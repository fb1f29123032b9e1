/**
 * `deno task evaluate cmu FILE`: the isolation forest on the CMU keystroke benchmark (Killourhy and
 * Maxion 2009), with scaled Manhattan beside it as the check that the harness is right: 9.63 %.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { deviation, mean } from "../../core/features/vector.ts";
import { IsolationForest } from "../../core/models/isolation_forest.ts";
import { seededRandom } from "../../core/random.ts";
import { errorRates } from "./metrics.ts";
import { ProgressBar } from "./progress.ts";

export const CMU_HELP = `The CMU password benchmark: fit on a person's first 200 repetitions, then
their last 200 against the first 5 of everyone else; mean of the equal error rates of all people.

deno task evaluate cmu FILE [--trees 200] [--seeds 5] [--json]

FILE is cmu-password.csv.gz. The forest is grown once a seed; its spread is over people.`;

/** Repetitions that train; the genuine probes are as many, the last ones. */
const TRAINING = 200;
const IMPOSTOR_REPETITIONS = 5;
const SAMPLE_SIZE = 200;

/** One person's repetitions in the order they were typed, timings in seconds. */
type Repetitions = Map<string, Float64Array[]>;

export async function evaluateCmu(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], { string: ["trees", "seeds"], boolean: ["json", "help"] });
  const [file] = args._;
  if (args.help || file === undefined) return console.log(CMU_HELP);
  const people = await readCmu(String(file));
  const trees = Number(args.trees ?? 200);
  const seeds = Number(args.seeds ?? 5);
  const bar = new ProgressBar();

  const forest: number[] = [];
  const manhattan: number[] = [];
  const areas: number[] = [];
  let done = 0;
  for (const [subject, repetitions] of people) {
    const training = repetitions.slice(0, TRAINING);
    const probes = {
      genuine: repetitions.slice(-TRAINING),
      stranger: [...people].filter(([other]) => other !== subject)
        .flatMap(([, others]) => others.slice(0, IMPOSTOR_REPETITIONS)),
    };
    const rates = (score: (row: Float64Array) => number) =>
      errorRates(probes.genuine.map(score), probes.stranger.map(score));
    manhattan.push(rates(scaledManhattan(training)).eer);
    const grown = Array.from({ length: seeds }, (_, seed) => {
      const random = seededRandom(1000 * seed + done);
      const grown = IsolationForest.fit(training, { random, trees, sampleSize: SAMPLE_SIZE });
      return rates((row) => grown.score(row));
    });
    forest.push(mean(grown.map(({ eer }) => eer)));
    areas.push(mean(grown.map(({ auc }) => auc)));
    bar.show(++done / people.size, `${done} of ${people.size} people`);
  }
  bar.hide();
  const result = {
    isolationForest: mean(forest),
    isolationForestSd: deviation(forest),
    scaledManhattan: mean(manhattan),
    auc: mean(areas),
  };
  if (args.json) return console.log(JSON.stringify(result));
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  console.log(`${people.size} people, mean of their equal error rates
  isolation forest   ${percent(result.isolationForest)}  (deviation ${
    percent(result.isolationForestSd)
  } between people, AUC ${result.auc.toFixed(3)}, ${trees} trees, ${seeds} seeds)
  scaled Manhattan   ${percent(result.scaledManhattan)}  (published: 9.62 %)`);
}

/**
 * Reads the benchmark. Up-down times are left out: they are down-down times less holds.
 * @throws {GaitkeeperError} `trace_invalid`
 */
export async function readCmu(path: string): Promise<Repetitions> {
  const file = await Deno.open(path);
  const stream = file.readable.pipeThrough(new DecompressionStream("gzip"));
  const [head, ...lines] = (await new Response(stream).text()).trim().split("\n");
  const columns = head!.trim().split(",");
  const timings = [...columns.keys()].filter((i) => /^(H|DD)\./.test(columns[i]!));
  if (columns[0] !== "subject" || timings.length !== 21) {
    throw new GaitkeeperError(
      "trace_invalid",
      "Cannot read benchmark: its columns must be subject and 21 H and DD timings",
    );
  }
  const people: Repetitions = new Map();
  for (const line of lines) {
    const cells = line.split(",");
    const row = Float64Array.from(timings, (column) => Number(cells[column]));
    const rows = people.get(cells[0]!);
    if (rows) rows.push(withUpDown(row));
    else people.set(cells[0]!, [withUpDown(row)]);
  }
  return people;
}

/** Holds and down-down times alternate; the up-down time of a pair is the latter less the former. */
function withUpDown(row: Float64Array): Float64Array {
  const full = new Float64Array(31);
  for (let key = 0; key < 11; key++) {
    const [hold, downDown] = [row[2 * key]!, row[2 * key + 1]];
    full[3 * key] = hold;
    if (downDown === undefined) continue;
    full[3 * key + 1] = downDown;
    full[3 * key + 2] = downDown - hold;
  }
  return full;
}

/** Araújo et al. 2005: sum of distances to the mean over the mean absolute deviation. */
function scaledManhattan(training: readonly Float64Array[]): (row: Float64Array) => number {
  const centre = training[0]!.map((_, i) => mean(training.map((row) => row[i]!)));
  const scale = centre.map((value, i) => mean(training.map((row) => Math.abs(row[i]! - value))));
  return (row) => row.reduce((sum, value, i) => sum + Math.abs(value - centre[i]!) / scale[i]!, 0);
}
