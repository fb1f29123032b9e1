/** A change of decision for the worse -> alert, once an incident. */
import { type Decision, type Level, LEVELS } from "./decision.ts";
import type { Reason, Risk } from "./risk.ts";

/** Someone should look at this session. */
export interface Alert {
  /** ULID; its time is the server's. */
  readonly id: string;
  readonly subject: string;
  readonly session: string;
  /** When the incident began, ms since the epoch, server's clock. */
  readonly atMs: number;
  /** The level before the incident, and the worst reached in it. */
  readonly from: Level;
  readonly level: Level;
  readonly action: Decision["action"];
  readonly risk: number;
  readonly confidence: number;
  /** In shadow mode: `action` is what would have been asked, and was not. */
  readonly shadow?: boolean;
  /** The strongest reasons towards "someone else" when it was raised. */
  readonly reasons: readonly Reason[];
}

/** Reasons an alert keeps. */
const REASONS_KEPT = 6;

/** How bad a level is; unknown counts as high, since it asks for a step-up as well. */
export function severity(level: Level): number {
  return level === "unknown" ? LEVELS.indexOf("high") : LEVELS.indexOf(level);
}

/** An incident opens when a step-up or more is asked, and ends when the level is low again. */
export function opensIncident(decision: Decision): boolean {
  return decision.action !== "allow";
}
export function endsIncident(decision: Decision): boolean {
  return decision.level === "low";
}

/** What is remembered of an open incident, so that its one alert can be made worse. */
export type Incident = Pick<Alert, "id" | "atMs" | "from" | "level">;

export function createAlert(
  identity: Pick<Alert, "subject" | "session">,
  incident: Incident,
  action: Decision["action"],
  { risk, confidence, reasons }: Risk,
): Alert {
  const towards = reasons.filter(({ nats }) => nats > 0).slice(0, REASONS_KEPT);
  return { ...identity, ...incident, action, risk, confidence, reasons: towards };
}
