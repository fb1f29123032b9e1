/**
 * Rules on how a window of strokes was timed. Each limit lies well beyond what any window of the
 * people who were looked at comes to (models/automation.md).
 */
import { timeStrokes } from "../../features/keystroke.ts";
import { finite, quantile } from "../../features/vector.ts";
import type { KeyboardWindow } from "../../window.ts";
import { type AutomationFinding, HINT_NATS, isClockWithin, PROOF_NATS } from "./finding.ts";

/** A coarse clock makes any hand look constant; beyond this step the rules are silent, ms. */
const COARSEST_QUANTUM_MS = 2;
/** Fewer strokes may be even by chance. */
const FEWEST_STROKES = 20;
/** Half of the strokes following each other faster than this: beyond any typist, ms. */
const FASTEST_PRESS_PRESS_MS = 40;

/** Spread from the 10 % to the 90 % quantile that no hand keeps over a window, ms. */
const CONSTANCIES = [
  {
    rule: "constantIntervals",
    interval: "pressPressMs",
    leastMs: 30,
    words: (middle: string) => `keys are pressed every ${middle}`,
  },
  {
    rule: "constantFlights",
    interval: "flightMs",
    leastMs: 30,
    words: (middle: string) => `each key is pressed ${middle} after the last was let go`,
  },
  {
    rule: "constantHolds",
    interval: "holdMs",
    leastMs: 5,
    words: (middle: string) => `keys are held for ${middle}`,
  },
] as const;

/** Steps that a script may wait in, ms: below lie the steps of keyboards and of displays. */
const SCRIPT_STEPS_MS = Array.from({ length: 161 }, (_, i) => 20 + i / 2);
/** Length of the mean of the intervals as angles on a circle one step round; 1 is a perfect grid. */
const LEAST_GRID_STRENGTH = 0.9;
/** The intervals must span this many steps, or any narrow spread would look like a grid. */
const STEPS_SPANNED = 3;
/** A pause is thought, and takes as long as it takes, ms. */
const LONGEST_INTERVAL_MS = 1000;

/** What the rules find in a window; nothing while the clock's step is unknown (0) or coarse. */
export function keyboardFindings(window: KeyboardWindow, quantumMs: number): AutomationFinding[] {
  if (!isClockWithin(quantumMs, COARSEST_QUANTUM_MS)) return [];
  const strokes = timeStrokes(window.strokes);
  if (strokes.length < FEWEST_STROKES) return [];
  const pressPressMs = finite(strokes.map((stroke) => stroke.pressPressMs));
  return [
    ...CONSTANCIES.flatMap(({ rule, interval, leastMs, words }): AutomationFinding[] => {
      const values = finite(strokes.map((stroke) => stroke[interval]));
      const spreadMs = quantile(values, 0.9) - quantile(values, 0.1);
      if (!(spreadMs < leastMs)) return [];
      const middle = `${quantile(values, 0.5).toFixed(0)} ms`;
      const told = `${words(middle)} to within ${spreadMs.toFixed(1)} ms`;
      return [{ rule, words: told, nats: PROOF_NATS }];
    }),
    ...quantisation(pressPressMs),
    ...impossibleRate(pressPressMs),
  ];
}

function quantisation(pressPressMs: readonly number[]): AutomationFinding[] {
  const values = pressPressMs.filter((ms) => ms < LONGEST_INTERVAL_MS);
  if (values.length < FEWEST_STROKES) return [];
  const spreadMs = quantile(values, 0.9) - quantile(values, 0.1);
  const [stepMs, strength] = SCRIPT_STEPS_MS.filter((step) => STEPS_SPANNED * step <= spreadMs)
    .map((step) => [step, gridStrength(values, step)] as const)
    .reduce((best, found) => found[1] > best[1] ? found : best, [NaN, 0] as const);
  if (!(strength >= LEAST_GRID_STRENGTH)) return [];
  const words = `keys are pressed in steps of ${stepMs} ms`;
  return [{ rule: "quantisedIntervals", words, nats: HINT_NATS }];
}

/** 1 where all values lie on one grid, near 0 where none (Mardia and Jupp 2000, mean resultant). */
function gridStrength(values: readonly number[], step: number): number {
  let [x, y] = [0, 0];
  for (const value of values) {
    x += Math.cos(2 * Math.PI * value / step);
    y += Math.sin(2 * Math.PI * value / step);
  }
  return Math.hypot(x, y) / values.length;
}

function impossibleRate(pressPressMs: readonly number[]): AutomationFinding[] {
  const middleMs = quantile(pressPressMs, 0.5);
  if (!(middleMs < FASTEST_PRESS_PRESS_MS)) return [];
  const words = `keys follow each other after ${middleMs.toFixed(0)} ms, faster than any hand`;
  return [{ rule: "impossibleRate", words, nats: PROOF_NATS }];
}
