/**
 * `deno task evaluate poisoning`: impostors who move from a subject's typing to their own, step by
 * step, through live sessions over days; and how much more of them the profile lets pass afterwards.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { loadModels } from "../../core/models/load.ts";
import type { ModelSet } from "../../core/models/model_set.ts";
import { type Profile, PROFILE_SIZE } from "../../core/profile.ts";
import { seededRandom } from "../../core/random.ts";
import type { Stroke } from "../../core/wire.ts";
import { layEndToEnd } from "../training/people.ts";
import { type Part, partOf } from "../training/split.ts";
import { readSubjects } from "../training/trace_file.ts";
import { readModelFile } from "./observe.ts";
import { ATTACK_NAMES, type AttackName } from "./poisoning/attack.ts";
import { countAccepted, learnAll, poison, SCHEDULE, type Trial } from "./poisoning/trial.ts";
import type { Schedule } from "./poisoning/trial.ts";
import { ProgressBar } from "./progress.ts";

const ENROLLING_SENTENCES = 8;

export const POISONING_HELP =
  `Impostors who move from a subject's typing to their own in small steps, and what that gains them.

deno task evaluate poisoning --traces FILE [options]

  --part NAME            only people of train, calibrate or heldOut (the default)
  --people N             so many subjects, each attacked by one other person; 12 by default
  --steps N              steps of an attack; ${SCHEDULE.steps} by default
  --strokes-a-step N     ${SCHEDULE.strokesAStep} by default; by 50 a profile can learn every step
  --steps-a-session N    ${SCHEDULE.stepsASession} by default
  --sessions-a-day N     ${SCHEDULE.sessionsADay} by default; the fewer, the more days there are to learn on
  --seed N               1 by default
  --json                 one line of JSON

Everybody's first ${ENROLLING_SENTENCES} sentences enrol, and are what an impostor moves to. What they move from are
the subject's other sentences, word for word, as no guard against recordings were there; what is
measured by are the impostor's own others. A window is accepted when heard alone, of a profile that is
wholly ready, it leaves the risk below a step-up. Undefended is a profile that learns whatever it
accepts, at once and without end. Nobody passes a step-up.`;

/** Shares of the impostors' own windows that are accepted. */
export interface PoisoningFigures {
  readonly people: number;
  readonly windows: number;
  readonly frozen: number;
  readonly poisoned: number;
  readonly undefended: number;
  /** Windows that a profile learned of the attack, on average. */
  readonly learned: number;
  /** Share of the attack's sessions that ended with a step-up. */
  readonly stepUps: number;
  /** Of the subjects' other typing: what the attack does to them. */
  readonly ownFrozen: number;
  readonly ownPoisoned: number;
}

export async function evaluatePoisoning(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: [
      ...["traces", "part", "people", "seed", "steps"],
      ...["strokes-a-step", "steps-a-session", "sessions-a-day"],
    ],
    boolean: ["json", "help"],
  });
  if (args.help || !args.traces) return console.log(POISONING_HELP);
  const seed = Number(args.seed ?? 1);
  const part = (args.part ?? "heldOut") as Part;
  const trials = await readTrials(args.traces, part, Number(args.people ?? 12), seed);
  const models = await loadModels(readModelFile);
  const bar = new ProgressBar();
  const figures: Partial<Record<AttackName, PoisoningFigures>> = {};
  const schedule = scheduleOf(args);
  for (const [i, name] of ATTACK_NAMES.entries()) {
    const onProgress = (share: number, note: string) =>
      bar.show((i + share) / ATTACK_NAMES.length, `${name}: ${note}`);
    figures[name] = await measurePoisoning(models, name, trials, { schedule, onProgress });
  }
  bar.hide();
  console.log(args.json ? JSON.stringify({ part, seed, ...figures }) : inWords(figures));
}

/** @throws {GaitkeeperError} `request_invalid` */
function scheduleOf(args: Readonly<Record<string, unknown>>): Schedule {
  const count = (option: string, otherwise: number) => {
    const value = Number(args[option] ?? otherwise);
    if (Number.isInteger(value) && value >= 1) return value;
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot evaluate: --${option} must be a whole number from 1, got "${args[option]}"`,
    );
  };
  return {
    steps: count("steps", SCHEDULE.steps),
    strokesAStep: count("strokes-a-step", SCHEDULE.strokesAStep),
    stepsASession: count("steps-a-session", SCHEDULE.stepsASession),
    sessionsADay: count("sessions-a-day", SCHEDULE.sessionsADay),
  };
}

/** Everybody once a subject, attacked by one who is drawn. */
export async function readTrials(
  path: string,
  part: Part,
  people: number,
  seed: number,
): Promise<Trial[]> {
  const random = seededRandom(seed);
  const all = [...await readSubjects(path)]
    .filter(([subject, sessions]) =>
      partOf(subject) === part && sessions.length > ENROLLING_SENTENCES
    )
    .map(([, sessions]) => sessions);
  if (all.length < 2 || !(people >= 1)) {
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot evaluate: at least two people must have typed more than ${ENROLLING_SENTENCES} sentences`,
    );
  }
  const typed = (sessions: typeof all[number]): Stroke[] =>
    layEndToEnd(sessions).flatMap(({ events }) => events).filter(({ kind }) =>
      kind === "stroke"
    ) as Stroke[];
  return all.slice(0, people).map((subject, i) => {
    const other = all[(i + 1 + Math.floor(random() * (all.length - 1))) % all.length]!;
    return {
      enrol: typed(subject.slice(0, ENROLLING_SENTENCES)),
      own: typed(subject.slice(ENROLLING_SENTENCES)),
      stranger: typed(other.slice(0, ENROLLING_SENTENCES)),
      probe: typed(other.slice(ENROLLING_SENTENCES)),
      seed: Math.floor(random() * 2 ** 31),
    };
  });
}

export async function measurePoisoning(
  models: ModelSet,
  name: AttackName,
  trials: readonly Trial[],
  { schedule, onProgress }: {
    readonly schedule?: Schedule;
    readonly onProgress?: (share: number, note: string) => void;
  } = {},
): Promise<PoisoningFigures> {
  const sums = { frozen: 0, poisoned: 0, undefended: 0, ownFrozen: 0, ownPoisoned: 0 };
  let [people, windows, ownWindows, learned, stepUps, sessions] = [0, 0, 0, 0, 0, 0];
  for (const [i, trial] of trials.entries()) {
    const found = await poison(models, name, trial, schedule);
    if (!found) continue;
    people++;
    const undefended = await learnAll(models, found);
    const accepted = (profile: Profile) => countAccepted(models, profile, trial.probe);
    const before = await accepted(found.frozen);
    windows += before.windows;
    sums.frozen += before.accepted;
    sums.poisoned += (await accepted(found.poisoned)).accepted;
    sums.undefended += (await accepted(undefended)).accepted;
    const own = await countAccepted(models, found.frozen, trial.own);
    ownWindows += own.windows;
    sums.ownFrozen += own.accepted;
    sums.ownPoisoned += (await countAccepted(models, found.poisoned, trial.own)).accepted;
    learned += found.poisoned.learned - found.frozen.learned;
    stepUps += found.stepUps;
    sessions += found.sessions;
    onProgress?.((i + 1) / trials.length, `${i + 1} of ${trials.length} people attacked`);
  }
  return {
    people,
    windows,
    frozen: sums.frozen / windows,
    poisoned: sums.poisoned / windows,
    undefended: sums.undefended / windows,
    learned: learned / people,
    stepUps: stepUps / sessions,
    ownFrozen: sums.ownFrozen / ownWindows,
    ownPoisoned: sums.ownPoisoned / ownWindows,
  };
}

function inWords(figures: Partial<Record<AttackName, PoisoningFigures>>): string {
  const percent = (share: number) => `${(100 * share).toFixed(1).padStart(5)} %`;
  const lines = Object.entries(figures).flatMap(([name, told]) => [
    `${name}: ${told.people} subjects, ${told.windows} windows of the impostors' own`,
    `  accepted before the attack     ${percent(told.frozen)}`,
    `  accepted after it              ${percent(told.poisoned)}`,
    `  by a profile without defence   ${percent(told.undefended)}`,
    `  the subject's own, then        ${percent(told.ownFrozen)}`,
    `  the subject's own, after it    ${percent(told.ownPoisoned)}`,
    `  sessions asked to step up      ${percent(told.stepUps)}`,
    `  windows learned of the attack  ${told.learned.toFixed(1).padStart(5)}`,
  ]);
  return [...lines, `A settled profile learns ${PROFILE_SIZE.keyboard.daily} windows a day.`].join(
    "\n",
  );
}
