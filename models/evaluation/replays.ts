/**
 * `deno task evaluate replays`: recordings of people played again, exact, shifted, scaled, jittered,
 * by coarser clocks, and how often the people themselves are taken for a recording.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { readWindows } from "../../core/models/load.ts";
import { emptyMemories, type SketchMemories } from "../../core/models/replay/sketch_memory.ts";
import { ReplayWatch } from "../../core/models/replay/watch.ts";
import { seededRandom } from "../../core/random.ts";
import { KeyboardWindower, type Modality, PointerWindower } from "../../core/window.ts";
import type { StreamEvent } from "../../core/wire.ts";
import { eventsOf } from "../training/automation/manners.ts";
import { partOf } from "../training/split.ts";
import { readSubjects } from "../training/trace_file.ts";
import type { Settings } from "./automation/eye.ts";
import { readCmu } from "./cmu.ts";
import { readModelFile } from "./observe.ts";
import { ProgressBar } from "./progress.ts";
import { COPIES, cut, REPLAYED } from "./replays/copies.ts";
import { retypingOf } from "./replays/retyping.ts";
import { byClock } from "./shape.ts";

export const REPLAYS_HELP =
  `Recordings that are played again, and people who are taken for one, by near-duplicate sketches.

deno task evaluate replays [--keyboard FILE] [--pointer FILE] [--cmu FILE] [options]

  --cmu FILE    people who type one password 400 times (cmu-password.csv.gz): hardest to tell apart
  --part NAME   only people of train, calibrate or heldOut (models/training/split.ts)
  --replays N   replays of each person and kind, 5 by default
  --seed N      where recordings are cut; 1 by default
  --json        one line of JSON

All of a person's sessions are watched in their order, each window flagged in which anything is
found. Then stretches of ${REPLAYED.strokes} strokes, or ${REPLAYED.pointerMs / 1000} s of movement,
cut anywhere, are played again: refused as exact copies, or flagged.`;

/** The clocks that people are seen through, ms; the recordings' own comes first. */
const STEPS_MS = [undefined, 1, 5, 100 / 6, 100] as const;

/** People's own input. */
export interface GenuineTally {
  readonly windows: number;
  readonly windowsFlagged: number;
  readonly windowsRefused: number;
  /** People flagged at least once. */
  readonly peopleFlagged: number;
}

export interface ReplayTally {
  readonly replays: number;
  readonly refused: number;
  /** Flagged or refused. */
  readonly found: number;
  /** Events until it was found, median. */
  readonly events: number;
}

export interface ReplayFigures {
  readonly people: number;
  readonly genuine: Readonly<Record<string, GenuineTally>>;
  readonly copies: Readonly<Record<string, ReplayTally>>;
}

export async function evaluateReplays(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["keyboard", "pointer", "cmu", "part", "replays", "seed"],
    boolean: ["json", "help"],
  });
  if (args.help || !(args.keyboard || args.pointer || args.cmu)) return console.log(REPLAYS_HELP);
  const settings = await readWindows(readModelFile);
  const bar = new ProgressBar();
  const figures: Record<string, ReplayFigures> = {};
  const options = { replays: Number(args.replays ?? 5), seed: Number(args.seed ?? 1), settings };
  const chosen = (subject: string) => args.part === undefined || partOf(subject) === args.part;
  for (const modality of ["keyboard", "pointer"] as const) {
    const file = args[modality];
    if (!file) continue;
    const people = [...await readSubjects(file)].filter(([subject]) => chosen(subject))
      .map(([, sessions]) => eventsOf(sessions).filter(({ kind }) => isOf(modality, kind)));
    figures[modality] = measureReplays(modality, people, { ...options, bar });
  }
  if (args.cmu) {
    const people = [...await readCmu(args.cmu)].filter(([subject]) => chosen(subject))
      .map(([, repetitions]) => retypingOf(repetitions));
    figures.retyping = measureReplays("keyboard", people, { ...options, bar });
  }
  bar.hide();
  if (args.json) return console.log(JSON.stringify(figures));
  for (const [name, measured] of Object.entries(figures)) print(name, measured);
}

function isOf(modality: Modality, kind: StreamEvent["kind"]): boolean {
  const kinds = modality === "keyboard" ? ["stroke"] : ["pointer", "button", "wheel"];
  return kinds.includes(kind);
}

export interface MeasureReplaysOptions {
  readonly replays: number;
  readonly seed: number;
  readonly settings: Settings;
  readonly bar: ProgressBar;
}

/**
 * Everybody by every clock, then every copy of everybody.
 * @param people each one's events in their order.
 * @throws {GaitkeeperError} `trace_invalid` where there is nobody.
 */
export function measureReplays(
  modality: Modality,
  people: readonly (readonly StreamEvent[])[],
  { replays, seed, settings, bar }: MeasureReplaysOptions,
): ReplayFigures {
  if (!people.length) {
    throw new GaitkeeperError("trace_invalid", "Cannot evaluate: the file must hold people");
  }
  const genuine: Record<string, GenuineTally> = {};
  const found: Record<string, Watched[]> = {};
  people.forEach((events, person) => {
    for (const stepMs of STEPS_MS) {
      const memories = emptyMemories();
      const seen = watch(stepMs ? byClock(events, stepMs) : events, memories, settings);
      const name = stepMs ? `${stepMs.toFixed(1)} ms` : "as recorded";
      const { windows, windowsFlagged, windowsRefused, peopleFlagged } = genuine[name] ?? NOBODY;
      genuine[name] = {
        windows: windows + seen.windows,
        windowsFlagged: windowsFlagged + seen.flagged,
        windowsRefused: windowsRefused + seen.refusals,
        peopleFlagged: peopleFlagged + Number(seen.foundAt !== undefined),
      };
      if (stepMs) continue;
      const random = seededRandom(1e6 * seed + person);
      for (const [copy, play] of Object.entries(COPIES)) {
        for (let replay = 0; replay < replays; replay++) {
          const stretch = cut(events, modality, random);
          if (!stretch) continue;
          const end = memories[modality].end;
          (found[copy] ??= []).push(watch(play(stretch, random), memories, settings));
          memories[modality].truncate(end);
        }
      }
    }
    bar.show((person + 1) / people.length, `${modality}: ${person + 1} of ${people.length} people`);
  });
  const copies = Object.entries(found).map(([copy, all]) => [copy, tally(all)]);
  return { people: people.length, genuine, copies: Object.fromEntries(copies) };
}

const NOBODY: GenuineTally = { windows: 0, windowsFlagged: 0, windowsRefused: 0, peopleFlagged: 0 };

interface Watched {
  readonly windows: number;
  readonly flagged: number;
  readonly refusals: number;
  readonly refused: boolean;
  /** Events up to the first finding. */
  readonly foundAt: number | undefined;
}

function watch(
  events: readonly StreamEvent[],
  memories: SketchMemories,
  settings: Settings,
): Watched {
  const replays = new ReplayWatch(memories);
  const keyboard = new KeyboardWindower(settings.keyboard);
  const pointer = new PointerWindower(settings.pointer);
  let [windows, flagged, refusals] = [0, 0, 0];
  let [isFlagged, isRefused, refused] = [false, false, false];
  let foundAt: number | undefined;
  events.forEach((event, i) => {
    const finding = replays.push(event, true);
    if (finding) {
      foundAt ??= i + 1;
      isFlagged = true;
      isRefused ||= finding.exact;
      refused ||= finding.exact;
    }
    const window = event.kind === "stroke"
      ? keyboard.push(event)
      : event.kind === "pointer" || event.kind === "button" || event.kind === "wheel"
      ? pointer.push(event)
      : undefined;
    if (!window) return;
    windows++;
    flagged += Number(isFlagged);
    refusals += Number(isRefused);
    isFlagged = isRefused = false;
  });
  return { windows, flagged, refusals, refused, foundAt };
}

function tally(watched: readonly Watched[]): ReplayTally {
  const at = watched.flatMap(({ foundAt }) => foundAt === undefined ? [] : [foundAt]).sort((a, b) =>
    a - b
  );
  return {
    replays: watched.length,
    refused: watched.filter(({ refused }) => refused).length,
    found: at.length,
    events: at[Math.floor(at.length / 2)] ?? NaN,
  };
}

function print(name: string, { people, genuine, copies }: ReplayFigures): void {
  const share = (part: number, whole: number) =>
    (whole ? `${(100 * part / whole).toFixed(2)} %` : "none").padStart(9);
  console.log(
    `\n${name}: ${people} people; windows flagged, refused, people flagged at least once`,
  );
  for (const [step, told] of Object.entries(genuine)) {
    const { windows, windowsFlagged, windowsRefused, peopleFlagged } = told;
    console.log(
      `  clock ${step.padEnd(20)} ${share(windowsFlagged, windows)} ${
        share(windowsRefused, windows)
      } of ${String(windows).padStart(6)}  ${share(peopleFlagged, people)}`,
    );
  }
  console.log(`${name}: played again; refused, found, events until then (median)`);
  for (const [copy, { replays, refused, found, events }] of Object.entries(copies)) {
    console.log(
      `  ${copy.padEnd(26)} ${share(refused, replays)} ${share(found, replays)} of ${
        String(replays).padStart(5)
      }  ${events}`,
    );
  }
}
