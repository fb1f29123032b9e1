/**
 * `deno task evaluate automation`: how often people are taken for programs, by fine clocks and
 * coarse ones, and how often programs are found, attacker by attacker.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { type AutomationScore, loadAutomationScore } from "../../core/models/automation.ts";
import { readWindows } from "../../core/models/load.ts";
import type { TraceSession } from "../../core/trace.ts";
import type { Modality } from "../../core/window.ts";
import { eventsOf } from "../training/automation/manners.ts";
import { partOf } from "../training/split.ts";
import { readSubjects } from "../training/trace_file.ts";
import {
  type Attack,
  keyboardAttacks,
  pointerAttacks,
  stretches,
  type Tally,
  tally,
} from "./automation/attacks.ts";
import { see, type Seen, type Settings } from "./automation/eye.ts";
import { readModelFile } from "./observe.ts";
import { ProgressBar } from "./progress.ts";
import { byClock } from "./shape.ts";

export const AUTOMATION_HELP =
  `People taken for programs, and programs that are found, by the automation rules and score.

deno task evaluate automation [--keyboard FILE] [--pointer FILE] [options]

  --part NAME   only people of train, calibrate or heldOut (models/training/split.ts)
  --attacks N   attacks by each attacker at most, 200 by default
  --seed N      chooses what attackers do; 1 by default
  --json        one line of JSON

A window is flagged when a rule or the score finds something in it or since the one before it; a
session when anything was found at all. Attacks are 300 strokes or a minute long.`;

/** The clocks that people are seen through, ms; the recordings' own comes first. */
const STEPS_MS = [undefined, 1, 5, 100 / 6, 100] as const;
/** Stretches of one person's movement that attackers build on. */
const MOST_STRETCHES = 12;

export interface AutomationFigures {
  readonly people: number;
  /** By the clock's step: "as recorded" or ms. */
  readonly genuine: Readonly<Record<string, Tally>>;
  readonly attackers: Readonly<Record<string, Tally>>;
  /** Whose sessions are found least. */
  readonly worst: string;
}

export async function evaluateAutomation(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["keyboard", "pointer", "part", "attacks", "seed"],
    boolean: ["json", "help"],
  });
  if (args.help || !(args.keyboard || args.pointer)) return console.log(AUTOMATION_HELP);
  const score = await loadAutomationScore(readModelFile);
  const settings = await readWindows(readModelFile);
  const bar = new ProgressBar();
  const figures: Partial<Record<Modality, AutomationFigures>> = {};
  for (const modality of ["keyboard", "pointer"] as const) {
    const file = args[modality];
    if (!file) continue;
    const people = [...await readSubjects(file)]
      .filter(([subject]) => args.part === undefined || partOf(subject) === args.part);
    if (!people.length) {
      throw new GaitkeeperError("trace_invalid", "Cannot evaluate: the file must hold people");
    }
    const options = { attacks: Number(args.attacks ?? 200), seed: Number(args.seed ?? 1) };
    const sessions = people.map(([, sessions]) => sessions);
    figures[modality] = measure(modality, sessions, { score, settings, ...options, bar });
  }
  bar.hide();
  if (args.json) return console.log(JSON.stringify(figures));
  for (const [modality, measured] of Object.entries(figures)) print(modality, measured);
}

export interface MeasureOptions {
  readonly score: AutomationScore;
  readonly settings: Settings;
  readonly attacks: number;
  readonly seed: number;
  readonly bar: ProgressBar;
}

/** Sees everybody by every clock, then every attacker. */
export function measure(
  modality: Modality,
  people: readonly (readonly TraceSession[])[],
  { score, settings, attacks, seed, bar }: MeasureOptions,
): AutomationFigures {
  const byStep = STEPS_MS.map((stepMs) => ({ stepMs, seen: [] as Seen[] }));
  people.forEach((sessions, i) => {
    const events = eventsOf(sessions);
    for (const { stepMs, seen } of byStep) {
      seen.push(see(stepMs ? byClock(events, stepMs) : events, score, settings));
    }
    bar.show(0.7 * (i + 1) / people.length, `${modality}: ${i + 1} of ${people.length} people`);
  });
  const byAttacker = new Map<string, Seen[]>();
  let made = 0;
  for (const attack of attacksOn(modality, people, seed)) {
    const seen = byAttacker.get(attack.attacker) ?? [];
    byAttacker.set(attack.attacker, seen);
    if (seen.length >= attacks) continue;
    seen.push(see(attack.events, score, settings));
    if (made++ % 100 === 0) bar.show(0.7, `${modality}: ${made} attacks`);
  }
  const attackers = Object.fromEntries([...byAttacker].map(([name, seen]) => [name, tally(seen)]));
  const worst = Object.entries(attackers)
    .reduce((least, other) => other[1].sessionsFlagged < least[1].sessionsFlagged ? other : least);
  return {
    people: people.length,
    genuine: Object.fromEntries(byStep.map(({ stepMs, seen }) => {
      return [stepMs ? `${stepMs.toFixed(1)} ms` : "as recorded", tally(seen)];
    })),
    attackers,
    worst: worst[0],
  };
}

function* attacksOn(
  modality: Modality,
  people: readonly (readonly TraceSession[])[],
  seed: number,
): Generator<Attack> {
  let attack = seed * 1e6;
  for (const sessions of people) {
    if (modality === "keyboard") yield* keyboardAttacks(sessions, attack++);
    else {
      for (const stretch of stretches(sessions, MOST_STRETCHES)) {
        yield* pointerAttacks(stretch, attack++);
      }
    }
  }
}

function print(modality: string, { people, genuine, attackers, worst }: AutomationFigures): void {
  console.log(`\n${modality}: ${people} people; windows flagged, people flagged at least once`);
  for (const [step, told] of Object.entries(genuine)) {
    console.log(`  clock ${step.padEnd(12)} ${line(told)}`);
  }
  console.log(`${modality}: attackers; windows found, sessions found`);
  for (const [name, told] of Object.entries(attackers)) {
    console.log(`  ${name.padEnd(18)} ${line(told)}`);
  }
  console.log(`  worst: ${worst}`);
}

function line({ sessions, sessionsFlagged, windows, windowsFlagged, rules }: Tally): string {
  const percent = (share: number) =>
    (Number.isFinite(share) ? `${(100 * share).toFixed(2)} %` : "none").padStart(9);
  const named = Object.entries(rules).toSorted(([, a], [, b]) => b - a)
    .map(([rule, share]) => `${rule} ${(100 * share).toFixed(1)}`).join(", ");
  return `${percent(windowsFlagged)} of ${String(windows).padStart(6)}  ` +
    `${percent(sessionsFlagged)} of ${String(sessions).padStart(4)}  ${named}`;
}
