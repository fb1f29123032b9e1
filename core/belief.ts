/** What a session believes: evidence in; risk, decision and alert out. Plain state, so it can be stored. */
import {
  type Alert,
  createAlert,
  endsIncident,
  type Incident,
  opensIncident,
  severity,
} from "./alert.ts";
import {
  BLOCKED_DECISION,
  decide,
  type Decision,
  type DecisionPolicy,
  DEFAULT_DECISION_POLICY,
  DEMANDED_DECISION,
  INITIAL_DECISION,
  UNKNOWN_DECISION,
} from "./decision.ts";
import type { WindowEvidence } from "./evidence.ts";
import {
  addEvidence,
  DEFAULT_RISK_POLICY,
  readRisk,
  type Risk,
  type RiskPolicy,
  type RiskState,
} from "./risk.ts";

export interface BeliefState {
  readonly risk: RiskState;
  readonly decision: Decision;
  readonly incident?: Incident | undefined;
  /** `[atMs, risk]` by the server's clock, oldest first. */
  readonly history: readonly (readonly [number, number])[];
  /** What is asked whatever the evidence, until a step-up is passed. */
  readonly demanded?: Demand | undefined;
}

export interface BeliefSubject {
  readonly subject: string;
  readonly session: string;
  /** A new id for an alert raised at this time. */
  readonly createAlertId: (atMs: number) => string;
}

/** What a session may be asked whatever it gives. */
export type Demand = "step_up" | "block";

/** How evidence becomes risk, and risk a decision. */
export interface BeliefPolicy {
  readonly risk: RiskPolicy;
  readonly decision: DecisionPolicy;
}

export const DEFAULT_BELIEF_POLICY: BeliefPolicy = {
  risk: DEFAULT_RISK_POLICY,
  decision: DEFAULT_DECISION_POLICY,
};

/** Points of history kept; beyond it every second point of the older half is given up. */
export const HISTORY_KEPT = 240;
const HISTORY_STEP_MS = 1000;

export class Belief {
  #risk: RiskState;
  #decision: Decision;
  #incident: Incident | undefined;
  #alert: Alert | undefined;
  #history: [number, number][];
  #demanded: Demand | undefined;

  constructor(
    readonly subject: BeliefSubject,
    state?: BeliefState,
    readonly policy: BeliefPolicy = DEFAULT_BELIEF_POLICY,
  ) {
    this.#risk = state?.risk ?? {};
    this.#decision = state?.decision ?? INITIAL_DECISION;
    this.#incident = state?.incident;
    this.#history = (state?.history ?? []).map(([atMs, risk]) => [atMs, risk]);
    this.#demanded = state?.demanded;
  }

  get decision(): Decision {
    return this.#decision;
  }

  get state(): BeliefState {
    return {
      risk: this.#risk,
      decision: this.#decision,
      history: this.#history,
      ...this.#incident ? { incident: this.#incident } : {},
      ...this.#demanded ? { demanded: this.#demanded } : {},
    };
  }

  /** May what is typed now be learned? */
  get trusted(): boolean {
    return this.#decision.level === "low";
  }

  /** The belief at `atMs` by the events' clock. */
  read(atMs: number): Risk {
    return readRisk(this.#risk, atMs, this.policy.risk);
  }

  /** Weighs evidence in. `readiness` 0 to 1 is the profile's; `nowMs` the server's clock. */
  add(evidence: WindowEvidence, readiness: number, nowMs: number): void {
    this.#risk = addEvidence(this.#risk, evidence, readiness, this.policy.risk);
    const risk = this.read(evidence.endMs);
    this.#turn(decide(this.#decision, risk, this.policy.decision), risk, nowMs);
    this.#remember(nowMs, risk.risk);
  }

  /** Fails closed: what could not be judged is unknown until something can be judged again. */
  markUnknown(atMs: number, nowMs: number): void {
    this.#turn(UNKNOWN_DECISION, this.read(atMs), nowMs);
  }

  /**
   * Ends unknown where the models answer again but the profile cannot speak yet: without this an
   * unfinished profile would stay unknown for good, for nothing is learned meanwhile.
   */
  endUnknown(atMs: number, nowMs: number): void {
    if (this.#decision.level !== "unknown") return;
    const risk = this.read(atMs);
    this.#turn(decide(this.#decision, risk, this.policy.decision), risk, nowMs);
  }

  /**
   * The subject proved who they are by other means: what was believed is void, the incident is over.
   * `nowMs` is the server's clock.
   */
  reset(nowMs: number): void {
    this.#risk = {};
    this.#demanded = undefined;
    this.#decision = INITIAL_DECISION;
    this.#incident = undefined;
    this.#alert = undefined;
    this.#remember(nowMs, this.read(nowMs).risk);
  }

  /** Step-ups were failed: whoever it is is let do nothing more until one is passed. */
  block(atMs: number, nowMs: number): void {
    this.#demanded = undefined;
    this.#turn(BLOCKED_DECISION, this.read(atMs), nowMs);
    this.#demanded = "block";
  }

  /** A step-up of another session is still to be passed; that one has raised the alert. */
  demandStepUp(): void {
    if (this.#demanded || this.#decision.action !== "allow") return;
    this.#decision = DEMANDED_DECISION;
    this.#demanded = "step_up";
  }

  /** That step-up was passed elsewhere, or is carried on no more. */
  releaseStepUp(): void {
    if (this.#demanded !== "step_up") return;
    this.#demanded = undefined;
    this.#decision = INITIAL_DECISION;
  }

  /** The alert raised or made worse since it was last taken. */
  takeAlert(): Alert | undefined {
    const alert = this.#alert;
    this.#alert = undefined;
    return alert;
  }

  #turn(next: Decision, risk: Risk, nowMs: number): void {
    const previous = this.#decision;
    if (this.#demanded) return;
    if (next.level === previous.level && next.action === previous.action) return;
    this.#decision = next;
    if (endsIncident(next)) this.#incident = undefined;
    else if (opensIncident(next) && severity(next.level) > this.#alertedSeverity()) {
      const { subject, session, createAlertId } = this.subject;
      const { id, from, atMs } = this.#incident ??
        { id: createAlertId(nowMs), from: previous.level, atMs: nowMs };
      this.#incident = { id, from, atMs, level: next.level };
      this.#alert = createAlert({ subject, session }, this.#incident, next.action, risk);
    }
  }

  /** The worst that the open incident was alerted at; below everything where none is open. */
  #alertedSeverity(): number {
    return this.#incident ? severity(this.#incident.level) : -1;
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
