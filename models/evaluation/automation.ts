/**
 * `deno task evaluate automation`: how often the automation rules take a hand for a program, by
 * fine clocks and coarse ones, and how even a script must be for them to find it.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { type AutomationRule, keyboardFindings } from "../../core/models/automation.ts";
import { seededRandom } from "../../core/random.ts";
import type { KeyboardWindow } from "../../core/window.ts";
import type { Stroke } from "../../core/wire.ts";
import { TRAINING_MODALITIES, type TrainingModality } from "../training/modality.ts";
import { readSubjects } from "../training/trace_file.ts";
import { ProgressBar } from "./progress.ts";

export const AUTOMATION_HELP = `The automation rules on keyboard windows that people typed, all of
whom count, since the rules learn from nobody: the share that some rule flags, by the clock's step,
and what the rules would flag if they did not know of it. Then the share of made-up scripts that are found, by how unevenly they wait and hold.

deno task evaluate automation --traces FILE [--seed 1] [--json]`;

/** The step of the clocks that the traces were recorded by, ms. */
export const RECORDED_STEP_MS = 1;
/** As recorded and as in Firefox and Safari; the rules' limit; a frame; timers made coarse on purpose. */
const STEPS_MS = [RECORDED_STEP_MS, 2, 100 / 6, 100] as const;
const JITTERS_MS = [0, 2, 5, 10, 20, 40] as const;
const SCRIPTS = 500;
const WINDOW_STROKES = 50;

/** What the rules flag among windows, as shares of them. */
export interface Flagged {
  readonly share: number;
  readonly rules: Partial<Record<AutomationRule, number>>;
}

export async function evaluateAutomation(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], { string: ["traces", "seed"], boolean: ["json", "help"] });
  if (args.help || !args.traces) return console.log(AUTOMATION_HELP);
  const people = await readSubjects(args.traces);
  const { windowsOf } = TRAINING_MODALITIES.keyboard as TrainingModality<KeyboardWindow>;
  const bar = new ProgressBar();
  const windows: KeyboardWindow[] = [];
  let done = 0;
  for (const sessions of people.values()) {
    for (const { window } of windowsOf(sessions)) windows.push(window);
    bar.show(++done / people.size, `${done} of ${people.size} people`);
  }
  bar.hide();
  if (!windows.length) {
    throw new GaitkeeperError("trace_invalid", "Cannot evaluate: people must type a whole window");
  }

  const hands = STEPS_MS.map((stepMs) => {
    const seen = windows.map((window) => byClock(window, stepMs));
    return { stepMs, known: flagged(seen, stepMs), mistaken: flagged(seen, RECORDED_STEP_MS) };
  });
  const random = seededRandom(Number(args.seed ?? 1));
  const scripts = JITTERS_MS.map((jitterMs) => {
    const made = Array.from({ length: SCRIPTS }, () => scriptedWindow(jitterMs, random));
    return { jitterMs, ...flagged(made, 0.1) };
  });
  const result = { people: people.size, windows: windows.length, hands, scripts };
  if (args.json) return console.log(JSON.stringify(result));
  console.log(`${result.people} people, ${result.windows} windows that they typed; flagged`);
  for (const { stepMs, known, mistaken } of hands) {
    console.log(
      `  by a clock of ${stepMs.toFixed(1).padStart(5)} ms  ${inWords(known)};  ` +
        `were it taken for a fine one, ${inWords(mistaken)}`,
    );
  }
  console.log(`${SCRIPTS} made-up scripts each; found`);
  for (const script of scripts) {
    console.log(`  within ±${String(script.jitterMs).padStart(2)} ms  ${inWords(script)}`);
  }
}

/** What the rules flag where the clock's step was measured as `quantumMs`. */
export function flagged(windows: readonly KeyboardWindow[], quantumMs: number): Flagged {
  const rules: Partial<Record<AutomationRule, number>> = {};
  let count = 0;
  for (const window of windows) {
    const findings = keyboardFindings(window, quantumMs);
    if (findings.length) count++;
    for (const { rule } of findings) rules[rule] = (rules[rule] ?? 0) + 1 / windows.length;
  }
  return { share: count / windows.length, rules };
}

/** The window as a clock would have told it that moves on by `stepMs` at a time. */
export function byClock(window: KeyboardWindow, stepMs: number): KeyboardWindow {
  // A millionth of a step, so that a time on the grid stays where it is.
  const told = (ms: number) => Math.floor(ms / stepMs + 1e-6) * stepMs;
  const strokes = window.strokes.map((stroke): Stroke => {
    const timeMs = told(stroke.timeMs);
    return { ...stroke, timeMs, holdMs: told(stroke.timeMs + stroke.holdMs) - timeMs };
  });
  return { ...window, startMs: told(window.startMs), endMs: told(window.endMs), strokes };
}

/** What a script types that waits and holds equally long but for `jitterMs` to either side. */
function scriptedWindow(jitterMs: number, random: () => number): KeyboardWindow {
  const [gapMs, heldMs] = [60 + 140 * random(), 20 + 60 * random()];
  const jitter = () => jitterMs * (2 * random() - 1);
  let timeMs = 0;
  const strokes = Array.from({ length: WINDOW_STROKES }, (): Stroke => {
    timeMs += Math.max(1, gapMs + jitter());
    return { kind: "stroke", timeMs, holdMs: Math.max(0, heldMs + jitter()), zone: "letter" };
  });
  return { modality: "keyboard", startMs: strokes[0]!.timeMs, endMs: timeMs, strokes };
}

function inWords({ share, rules }: Flagged): string {
  const percent = (part: number) => `${(100 * part).toFixed(3)} %`;
  const each = Object.entries(rules).map(([rule, part]) => `${rule} ${percent(part)}`);
  return each.length ? `${percent(share)} (${each.join(", ")})` : percent(share);
}
