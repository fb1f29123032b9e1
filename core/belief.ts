/** What a session believes: evidence in; risk, decision and alert out. Plain state, so it can be stored. */
import { type Alert, createAlert, endsIncident, opensIncident, severity } from "./alert.ts";
import {
  decide,
  type Decision,
  DEFAULT_DECISION_POLICY,
  INITIAL_DECISION,
  UNKNOWN_DECISION,
} from "./decision.ts";
import type { WindowEvidence } from "./evidence.ts";
import { addEvidence, DEFAULT_RISK_POLICY, readRisk, type Risk, type RiskState } from "./risk.ts";

export interface BeliefState {
  readonly risk: RiskState;
  readonly decision: Decision;
  /** The open incident's alert. */
  readonly alert?: string | undefined;
  /** `[atMs, risk]` by the server's clock, oldest first. */
  readonly history: readonly (readonly [number, number])[];
}

export interface BeliefSubject {
  readonly subject: string;
  readonly session: string;
  /** A new id for an alert raised at this time. */
  readonly createAlertId: (atMs: number) => string;
}

/** Points of history kept; beyond it every second point of the older half is given up. */
export const HISTORY_KEPT = 240;
const HISTORY_STEP_MS = 1000;

export class Belief {
  #risk: RiskState;
  #decision: Decision;
  #alertId: string | undefined;
  #alert: Alert | undefined;
  #history: [number, number][];

  constructor(readonly subject: BeliefSubject, state?: BeliefState) {
    this.#risk = state?.risk ?? {};
    this.#decision = state?.decision ?? INITIAL_DECISION;
    this.#alertId = state?.alert;
    this.#history = (state?.history ?? []).map(([atMs, risk]) => [atMs, risk]);
  }

  get decision(): Decision {
    return this.#decision;
  }

  get state(): BeliefState {
    const { alert, ...state } = {
      risk: this.#risk,
      decision: this.#decision,
      alert: this.#alertId,
      history: this.#history,
    };
    return alert === undefined ? state : { ...state, alert };
  }

  /** May what is typed now be learned? */
  get trusted(): boolean {
    return this.#decision.level === "low";
  }

  /** The belief at `atMs` by the events' clock. */
  read(atMs: number): Risk {
    return readRisk(this.#risk, atMs, DEFAULT_RISK_POLICY);
  }

  /** Weighs evidence in. `readiness` 0 to 1 is the profile's; `nowMs` the server's clock. */
  add(evidence: WindowEvidence, readiness: number, nowMs: number): void {
    this.#risk = addEvidence(this.#risk, evidence, readiness, DEFAULT_RISK_POLICY);
    const risk = this.read(evidence.endMs);
    this.#turn(decide(this.#decision, risk, DEFAULT_DECISION_POLICY), risk, nowMs);
    this.#remember(nowMs, risk.risk);
  }

  /** Fails closed: what could not be judged is unknown until something can be judged again. */
  markUnknown(atMs: number, nowMs: number): void {
    this.#turn(UNKNOWN_DECISION, this.read(atMs), nowMs);
  }

  /**
   * The subject proved who they are by other means: what was believed is void, the incident is over.
   * `nowMs` is the server's clock.
   */
  reset(nowMs: number): void {
    this.#risk = {};
    this.#decision = INITIAL_DECISION;
    this.#alertId = undefined;
    this.#alert = undefined;
    this.#remember(nowMs, this.read(nowMs).risk);
  }

  /** The alert raised or made worse since it was last taken. */
  takeAlert(): Alert | undefined {
    const alert = this.#alert;
    this.#alert = undefined;
    return alert;
  }

  #turn(next: Decision, risk: Risk, nowMs: number): void {
    const previous = this.#decision;
    if (next.level === previous.level && next.action === previous.action) return;
    this.#decision = next;
    if (endsIncident(next)) this.#alertId = undefined;
    else if (opensIncident(next) && severity(next.level) > this.#alertedSeverity(previous)) {
      this.#alertId ??= this.subject.createAlertId(nowMs);
      const { subject, session } = this.subject;
      const identity = { id: this.#alertId, subject, session };
      this.#alert = createAlert(identity, nowMs, previous, next, risk);
    }
  }

  /** How bad the open incident already is; below everything where none is open. */
  #alertedSeverity(previous: Decision): number {
    return this.#alertId === undefined ? -1 : severity(previous.level);
  }

  #remember(nowMs: number, risk: number): void {
    const last = this.#history.at(-1);
    if (last && nowMs - last[0] < HISTORY_STEP_MS) last[1] = risk;
    else this.#history.push([nowMs, risk]);
    if (this.#history.length > HISTORY_KEPT) {
      this.#history = this.#history.filter((_, i) => i >= HISTORY_KEPT / 2 || i % 2 === 0);
    }
  }
}
