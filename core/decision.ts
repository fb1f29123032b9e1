/** Risk -> level and action, with hysteresis. */

export const LEVELS = ["low", "elevated", "high", "critical"] as const;
/** `unknown`: the session could not be judged; it is never treated as low. */
export type Level = typeof LEVELS[number] | "unknown";
export type Action = "allow" | "step_up" | "block";

export interface Decision {
  readonly level: Level;
  readonly action: Action;
}

export interface DecisionPolicy {
  /** Risk at which a level is entered, and below which it is left again. */
  readonly levels: Readonly<
    Record<Exclude<Level, "low" | "unknown">, { readonly enter: number; readonly leave: number }>
  >;
  /** Confidence below which nothing stronger than `allow` is asked. */
  readonly stepUpConfidence: number;
  /**
   * Confidence from which a critical session is blocked; `null`, the default, never blocks on
   * behaviour alone: a risk signal asks for proof, it does not lock people out.
   */
  readonly blockConfidence: number | null;
}

export const DEFAULT_DECISION_POLICY: DecisionPolicy = {
  levels: {
    elevated: { enter: 20, leave: 12 },
    high: { enter: 50, leave: 30 },
    critical: { enter: 90, leave: 70 },
  },
  stepUpConfidence: 0.4,
  blockConfidence: null,
};

export const INITIAL_DECISION: Decision = { level: "low", action: "allow" };

/** Fail closed: a store that is down, a model that is missing, a NaN. */
export const UNKNOWN_DECISION: Decision = { level: "unknown", action: "step_up" };

/** Where another session's step-up is still to be passed. */
export const DEMANDED_DECISION: Decision = { level: "high", action: "step_up" };

/** After step-ups that were failed. */
export const BLOCKED_DECISION: Decision = { level: "critical", action: "block" };

/**
 * The decision that follows `previous`. A level rises as soon as its `enter` is reached and falls
 * only when the risk is under its `leave`, so that a risk near a threshold does not flicker.
 */
export function decide(
  previous: Decision,
  { risk, confidence }: { readonly risk: number; readonly confidence: number },
  policy: DecisionPolicy,
): Decision {
  if (!Number.isFinite(risk) || !Number.isFinite(confidence)) return UNKNOWN_DECISION;
  const held = LEVELS.indexOf(previous.level as typeof LEVELS[number]);
  let level: typeof LEVELS[number] = "low";
  for (const name of ["elevated", "high", "critical"] as const) {
    const { enter, leave } = policy.levels[name];
    if (risk >= (LEVELS.indexOf(name) <= held ? leave : enter)) level = name;
  }
  return { level, action: actionFor(level, confidence, policy) };
}

function actionFor(level: Level, confidence: number, policy: DecisionPolicy): Action {
  if (confidence < policy.stepUpConfidence) return "allow";
  if (level === "critical" && confidence >= (policy.blockConfidence ?? Infinity)) return "block";
  return level === "high" || level === "critical" ? "step_up" : "allow";
}
