/** What the automation rules have in common: their names, and what one of them says. */

export const AUTOMATION_RULES = [
  "untrustedEvents",
  "hiddenInput",
  "constantIntervals",
  "constantFlights",
  "constantHolds",
  "quantisedIntervals",
  "impossibleRate",
  "neverOverlapping",
  "teleports",
  "clicksWithoutApproach",
  "clicksWithoutHover",
  "impossibleClicks",
  "straightLines",
  "evenSpeed",
  "keyboardScore",
  "pointerScore",
  "replayedStream",
  "replayedTyping",
  "replayedMovement",
] as const;
export type AutomationRule = typeof AUTOMATION_RULES[number];

/** What a rule found. */
export interface AutomationFinding {
  readonly rule: AutomationRule;
  /** In words and numbers, for a person. */
  readonly words: string;
  /** Positive: "no hand made it". */
  readonly nats: number;
}

/** No hand does it: a finding outweighs any habit that the input may imitate. */
export const PROOF_NATS = 12;
/** Hands hardly ever do it, but some device or disability may: one finding does not convict. */
export const HINT_NATS = 4;

/** A clock's step is worth something once it has been measured; 0 or NaN means that it has not. */
export function isClockWithin(quantumMs: number, coarsestMs: number): boolean {
  return quantumMs > 0 && quantumMs <= coarsestMs;
}
