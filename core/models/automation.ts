/**
 * Rules on what only a program does, apart from identity: each has a name, a reason in words, and
 * positive nats. They speak without a profile, and are silent rather than unsure.
 */
import { timeStrokes } from "../features/keystroke.ts";
import { finite, quantile } from "../features/vector.ts";
import type { KeyboardWindow } from "../window.ts";
import type { TrustCounts } from "../wire.ts";

/** What a rule found. */
export interface AutomationFinding {
  readonly rule: "untrustedEvents" | "constantIntervals" | "constantHolds" | "impossibleRate";
  readonly words: string;
  /** Positive: "no hand of this person's made it". */
  readonly nats: number;
}

/**
 * Either a keyboard window, or counts of events by `isTrusted`. `quantumMs` is the clock's step, 0
 * while it has not been measured.
 */
export type AutomationInput =
  | { readonly window: KeyboardWindow; readonly quantumMs: number }
  | { readonly trust: TrustCounts; readonly quantumMs: number };

/** A finding is near proof: it outweighs any habit that the input may imitate. */
const FINDING_NATS = 12;
/** Page scripts do dispatch an event now and then; a program types with them. */
const FEWEST_UNTRUSTED = 5;
/** Spread from the 10 % to the 90 % quantile that no hand keeps over a window, ms. */
const LEAST_SPREAD_MS = { pressPressMs: 12, holdMs: 4 } as const;
/** A coarse clock makes any hand look constant; beyond this step the timing rules are silent. */
const COARSEST_QUANTUM_MS = 2;
/** Half of the strokes following each other faster than this: beyond any typist, ms. */
const FASTEST_PRESS_PRESS_MS = 25;

/** What the rules find; nothing is found in most of what hands do. */
export function automationEvidence(input: AutomationInput): AutomationFinding[] {
  if ("trust" in input) return untrustedEvents(input.trust);
  // A step not yet measured may be a coarse one.
  if (!(input.quantumMs > 0 && input.quantumMs <= COARSEST_QUANTUM_MS)) return [];
  const strokes = timeStrokes(input.window.strokes);
  return [
    ...constancy("constantIntervals", "keys are pressed", strokes.map((s) => s.pressPressMs), {
      least: LEAST_SPREAD_MS.pressPressMs,
    }),
    ...constancy("constantHolds", "keys are held", strokes.map((s) => s.holdMs), {
      least: LEAST_SPREAD_MS.holdMs,
    }),
    ...impossibleRate(strokes.map((s) => s.pressPressMs)),
  ];
}

function untrustedEvents({ trusted, untrusted }: TrustCounts): AutomationFinding[] {
  if (untrusted < FEWEST_UNTRUSTED) return [];
  const share = Math.round(100 * untrusted / (trusted + untrusted));
  const words = `a script made ${untrusted} of the events, ${share} % of them`;
  return [{ rule: "untrustedEvents", words, nats: FINDING_NATS }];
}

function constancy(
  rule: "constantIntervals" | "constantHolds",
  what: string,
  values: readonly number[],
  { least }: { readonly least: number },
): AutomationFinding[] {
  const known = finite(values);
  const spreadMs = quantile(known, 0.9) - quantile(known, 0.1);
  if (!(spreadMs < least)) return [];
  const middleMs = Math.round(quantile(known, 0.5));
  const word = rule === "constantIntervals" ? "every" : "for";
  const words = `${what} ${word} ${middleMs} ms to within ${spreadMs.toFixed(1)} ms`;
  return [{ rule, words, nats: FINDING_NATS }];
}

function impossibleRate(pressPressMs: readonly number[]): AutomationFinding[] {
  const middleMs = quantile(finite(pressPressMs), 0.5);
  if (!(middleMs < FASTEST_PRESS_PRESS_MS)) return [];
  const words = `keys follow each other after ${middleMs.toFixed(0)} ms, faster than any hand`;
  return [{ rule: "impossibleRate", words, nats: FINDING_NATS }];
}
