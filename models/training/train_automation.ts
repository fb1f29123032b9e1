/**
 * `deno task train automation --keyboard FILE --pointer FILE... [--seed 1] [--out models]`: learns the
 * automation score from trace files, people of `train` against generators, and sets its thresholds on
 * people of `calibrate`, whom it has not seen.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { POINTER_MANNER_FEATURES } from "../../core/models/automation/pointer_manner.ts";
import { type AutomationTrees, scoreManner } from "../../core/models/automation/score.ts";
import { STROKE_MANNER_FEATURES } from "../../core/models/automation/stroke_manner.ts";
import { quantile } from "../../core/features/vector.ts";
import { readWindows } from "../../core/models/load.ts";
import { seededRandom } from "../../core/random.ts";
import type { Zone } from "../../core/zones.ts";
import { readModelFile } from "../evaluation/observe.ts";
import { ProgressBar } from "../evaluation/progress.ts";
import { boost, type Row } from "./automation/boost.ts";
import {
  eventsOf,
  generatedPointerManners,
  generatedStrokeManners,
  pointerManners,
  slower,
  strokeManners,
  zonesOf,
} from "./automation/manners.ts";
import { partOf, SPLIT_RULE } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

const TREES = { keyboard: 80, pointer: 80 } as const;
const DEPTH = 3;
const RATE = 0.12;
/** Share of calibration people's windows at the threshold: rules and both scores stay under 1 %. */
const FLAGGED_SHARE = 0.003;
/** Generators that type or move, for training and, with other parameters, to look at afterwards. */
const GENERATORS = { keyboard: 2100, pointer: 900 } as const;
const FRESH_SEED = 1e6;

/** Manners of people, by the part that they play. */
interface Manners {
  readonly train: Float64Array[];
  readonly calibrate: Float64Array[];
}

/** Trees that tell generators from people, the threshold, and what came of it. */
export function learn(
  { train, calibrate }: Manners,
  generated: readonly Float64Array[],
  { trees, seed, onTree }: { trees: number; seed: number; onTree?: (done: number) => void },
): AutomationTrees {
  const rowsOf = (vectors: readonly Float64Array[], label: 0 | 1): Row[] =>
    vectors.map((vector) => {
      // Both sides weigh alike, however many windows each has.
      const weight = (train.length + generated.length) / 2 / vectors.length;
      return { vector, label, weight };
    });
  const rows = [...rowsOf(train, 0), ...rowsOf(generated, 1)];
  const options = { trees, depth: DEPTH, rate: RATE, seed, ...onTree ? { onTree } : {} };
  const grown = { ...boost(rows, options), threshold: Infinity };
  const scores = calibrate.map((manner) => scoreManner(grown, manner));
  return { ...grown, threshold: Number(quantile(scores, 1 - FLAGGED_SHARE).toFixed(3)) };
}

/**
 * Learns the score and writes it.
 * @throws {GaitkeeperError} `request_invalid`
 */
export async function trainAutomation(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["_", "keyboard", "pointer", "seed", "out"],
    collect: ["pointer"],
    unknown: (option: string) => {
      throw invalid(`options must be --keyboard, --pointer, --seed and --out, got "${option}"`);
    },
  });
  if (!args.keyboard || !args.pointer.length) {
    throw invalid("--keyboard FILE and --pointer FILE must be given");
  }
  const seed = Number(args.seed ?? 1);
  const out = args.out ?? new URL("../", import.meta.url).pathname;
  const windows = await readWindows(readModelFile);
  const bar = new ProgressBar();

  const typed: Manners & { zones: Zone[][] } = { train: [], calibrate: [], zones: [] };
  for (const [subject, sessions] of await readSubjects(args.keyboard)) {
    const part = partOf(subject);
    if (part === "heldOut") continue;
    const events = eventsOf(sessions);
    typed[part].push(...strokeManners(events, windows.keyboard));
    if (part === "train") typed.zones.push(zonesOf(events));
  }
  const moved: Manners = { train: [], calibrate: [] };
  const random = seededRandom(seed);
  for (const file of args.pointer) {
    for (const [subject, sessions] of await readSubjects(file)) {
      const part = partOf(subject);
      if (part === "heldOut") continue;
      const events = eventsOf(sessions);
      for (const seen of [events, slower(events, random)]) {
        moved[part].push(...pointerManners(seen, windows.pointer));
      }
    }
  }

  const keyboardOf = (seed: number, count: number) =>
    generatedStrokeManners(typed.zones, count, windows.keyboard, seed);
  const pointerOf = (seed: number, count: number) =>
    generatedPointerManners(count, windows.pointer, seed);
  const learnAs = (modality: "keyboard" | "pointer", people: Manners, made: Float64Array[]) => {
    const trees = TREES[modality];
    const onTree = (done: number) =>
      bar.show(done / trees, `${modality}: ${done} of ${trees} trees`);
    const learned = learn(people, made, { trees, seed, onTree });
    bar.hide();
    return learned;
  };
  const keyboard = learnAs("keyboard", typed, keyboardOf(seed, GENERATORS.keyboard));
  const pointer = learnAs("pointer", moved, pointerOf(seed, GENERATORS.pointer));
  const found = (model: AutomationTrees, manners: readonly Float64Array[]) =>
    manners.filter((manner) => scoreManner(model, manner) >= model.threshold).length /
    manners.length;
  const manifest = {
    direction: "high is strange",
    trainedOn: {
      rule: SPLIT_RULE,
      windows: { keyboard: typed.train.length, pointer: moved.train.length },
      calibrationWindows: { keyboard: typed.calibrate.length, pointer: moved.calibrate.length },
      seed,
    },
    keyboard: { features: STROKE_MANNER_FEATURES, ...keyboard },
    pointer: { features: POINTER_MANNER_FEATURES, ...pointer },
  };
  await Deno.writeTextFile(`${out}/automation.json`, `${JSON.stringify(manifest)}\n`);
  console.log(JSON.stringify({
    ...manifest.trainedOn,
    found: {
      keyboard: found(keyboard, keyboardOf(seed + FRESH_SEED, 350)),
      pointer: found(pointer, pointerOf(seed + FRESH_SEED, 150)),
    },
    thresholds: { keyboard: keyboard.threshold, pointer: pointer.threshold },
  }));
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot train: ${what}`);
}
