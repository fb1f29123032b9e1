/**
 * A learned score for windows that no hand made, beside the rules and apart from identity: boosted
 * trees over a window's manner, trained on people against generators. HIGH IS STRANGE.
 */
import type { KeyboardWindow, PointerWindow } from "../../window.ts";
import { type AutomationFinding, HINT_NATS, isClockWithin } from "./finding.ts";
import { pointerManner } from "./pointer_manner.ts";
import { strokeManner } from "./stroke_manner.ts";

/**
 * One tree, as deep as its leaves say: node i asks whether its feature is below its cut, and goes on
 * to node 2i + 1 if so, else to 2i + 2. A feature that is missing is below every cut.
 */
export interface BoostedTree {
  readonly features: readonly number[];
  readonly cuts: readonly number[];
  /** Log-odds that it adds. */
  readonly leaves: readonly number[];
}

/** The trees of one modality; the vector's order is the manner's. */
export interface AutomationTrees {
  readonly trees: readonly BoostedTree[];
  readonly startLogOdds: number;
  /** Log-odds from which a window is flagged: what few windows of the site's own people reach. */
  readonly threshold: number;
}

export interface AutomationScore {
  readonly keyboard: AutomationTrees;
  readonly pointer: AutomationTrees;
}

/** Clocks coarser than these change a window's manner, ms. */
const COARSEST_QUANTUM_MS = { keyboard: 2, pointer: 20 } as const;
const FEWEST_STROKES = 40;

/** Log-odds that no hand made it, for as many programs as people. */
export function scoreManner(
  { trees, startLogOdds }: AutomationTrees,
  manner: ArrayLike<number>,
): number {
  let logOdds = startLogOdds;
  for (const { features, cuts, leaves } of trees) {
    let node = 0;
    while (node < cuts.length) {
      const value = manner[features[node]!]!;
      node = 2 * node + (value >= cuts[node]! ? 2 : 1);
    }
    logOdds += leaves[node - cuts.length]!;
  }
  return logOdds;
}

/** What the score says of a window; `undefined` where it may not speak. */
export function automationLogOdds(
  score: AutomationScore,
  window: KeyboardWindow | PointerWindow,
  quantumMs: number,
): number | undefined {
  if (!isClockWithin(quantumMs, COARSEST_QUANTUM_MS[window.modality])) return undefined;
  if (window.modality === "pointer") return scoreManner(score.pointer, pointerManner(window));
  if (window.strokes.length < FEWEST_STROKES) return undefined;
  return scoreManner(score.keyboard, strokeManner(window));
}

const WORDS = {
  keyboard: "keys are timed as generators time them",
  pointer: "the pointer moves as generators move it",
} as const;

/** The finding of a window whose score reaches the threshold, if it does. */
export function scoreFindings(
  score: AutomationScore,
  window: KeyboardWindow | PointerWindow,
  quantumMs: number,
): AutomationFinding[] {
  const logOdds = automationLogOdds(score, window, quantumMs);
  const { modality } = window;
  if (logOdds === undefined || logOdds < score[modality].threshold) return [];
  return [{ rule: `${modality}Score`, words: WORDS[modality], nats: HINT_NATS }];
}
