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
import { type Course, extendCourse } from "./course.ts";
import type { WindowEvidence } from "./evidence.ts";
import { type History, remember } from "./history.ts";
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
  readonly history: History;
  /** Standing evidence of each source at its windows, nats: `[atMs, nats]` as above. */
  readonly sources?: SourceHistories | undefined;
  /** What was asked of the person and how it ended, oldest first. */
  readonly turns?: readonly Turn[] | undefined;
  /** What is asked whatever the evidence, until a step-up is passed. */
  readonly demanded?: Demand | undefined;
  /** How the evidence went, whatever it was held against. */
  readonly course?: Course | undefined;
}

export interface BeliefSubject {
  readonly subject: string;
  readonly session: string;
  /** A new id for an alert raised at this time. */
  readonly createAlertId: (atMs: number) => string;
}

export type SourceHistories = {
  readonly [Source in WindowEvidence["source"]]?: History | undefined;
};

/**
 * asked: a step-up; blocked: by the risk; passed: a step-up; failed: so many step-ups that the session
 * was blocked.
 */
export const TURNS = ["asked", "blocked", "passed", "failed"] as const;
export interface Turn {
  /** By the server's clock. */
  readonly atMs: number;
  readonly kind: typeof TURNS[number];
}

/** What a session may be asked whatever it gives. */
export type Demand = "step_up" | "block";

/** How evidence becomes risk, and risk a decision. */
export interface BeliefPolicy {
  readonly risk: RiskPolicy;
  readonly decision: DecisionPolicy;
  /** Decides and alerts as ever, but asks nothing of anybody. */
  readonly shadow?: boolean;
}

export const DEFAULT_BELIEF_POLICY: BeliefPolicy = {
  risk: DEFAULT_RISK_POLICY,
  decision: DEFAULT_DECISION_POLICY,
};

/** Points of history kept; beyond it every second point of the older half is given up. */
export const HISTORY_KEPT = 240;
const SOURCE_HISTORY_KEPT = 80;
const TURNS_KEPT = 24;

export class Belief {
  #risk: RiskState;
  #decision: Decision;
  #incident: Incident | undefined;
  #alert: Alert | undefined;
  #history: History;
  #sources: SourceHistories;
  #turns: readonly Turn[];
  #demanded: Demand | undefined;
  #course: Course | undefined;

  constructor(
    readonly subject: BeliefSubject,
    state?: BeliefState,
    readonly policy: BeliefPolicy = DEFAULT_BELIEF_POLICY,
  ) {
    this.#risk = state?.risk ?? {};
    this.#decision = state?.decision ?? INITIAL_DECISION;
    this.#incident = state?.incident;
    this.#history = state?.history ?? [];
    this.#sources = state?.sources ?? {};
    this.#turns = state?.turns ?? [];
    this.#demanded = state?.demanded;
    this.#course = state?.course;
  }

  /** What the evidence comes to; in shadow mode nobody acts on it. */
  get decision(): Decision {
    return this.#decision;
  }

  /** What the page is told. */
  get told(): Decision {
    return this.isShadow ? { ...this.#decision, action: "allow" } : this.#decision;
  }

  get isShadow(): boolean {
    return this.policy.shadow ?? false;
  }

  get state(): BeliefState {
    return {
      risk: this.#risk,
      decision: this.#decision,
      history: this.#history,
      sources: this.#sources,
      turns: this.#turns,
      ...this.#incident ? { incident: this.#incident } : {},
      ...this.#demanded ? { demanded: this.#demanded } : {},
      ...this.#course ? { course: this.#course } : {},
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
    this.#remember(nowMs, risk);
    this.#rememberSource(evidence.source, nowMs, risk);
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
    const risk = this.read(nowMs);
    this.#remember(nowMs, risk, true);
    for (const source of Object.keys(this.#sources)) {
      this.#rememberSource(source as WindowEvidence["source"], nowMs, risk);
    }
    this.#note("passed", nowMs);
  }

  /** Step-ups were failed: whoever it is is let do nothing more until one is passed. */
  block(atMs: number, nowMs: number): void {
    this.#demanded = undefined;
    this.#note("failed", nowMs);
    this.#turn(BLOCKED_DECISION, this.read(atMs), nowMs);
    this.#demanded = "block";
  }

  /** A step-up of another session is still to be passed; that one has raised the alert. */
  demandStepUp(nowMs: number): void {
    if (this.#demanded || this.#decision.action !== "allow") return;
    this.#note("asked", nowMs);
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
    if (next.action !== previous.action) this.#noteAction(next.action, nowMs);
    if (endsIncident(next)) this.#incident = undefined;
    else if (opensIncident(next) && severity(next.level) > this.#alertedSeverity()) {
      const { subject, session, createAlertId } = this.subject;
      const { id, from, atMs } = this.#incident ??
        { id: createAlertId(nowMs), from: previous.level, atMs: nowMs };
      this.#incident = { id, from, atMs, level: next.level };
      const alert = createAlert({ subject, session }, this.#incident, next.action, risk);
      this.#alert = this.isShadow ? { ...alert, shadow: true } : alert;
    }
  }

  /** The worst that the open incident was alerted at; below everything where none is open. */
  #alertedSeverity(): number {
    return this.#incident ? severity(this.#incident.level) : -1;
  }

  #noteAction(action: Decision["action"], nowMs: number): void {
    if (this.isShadow) return;
    if (action === "step_up") this.#note("asked", nowMs);
    // What was failed is noted as that.
    else if (action === "block" && this.#turns.at(-1)?.kind !== "failed") {
      this.#note("blocked", nowMs);
    }
  }

  #note(kind: Turn["kind"], atMs: number): void {
    this.#turns = [...this.#turns, { atMs, kind }].slice(-TURNS_KEPT);
  }

  #remember(nowMs: number, { risk, evidenceNats, confidence }: Risk, isFresh = false): void {
    this.#history = remember(this.#history, nowMs, risk, HISTORY_KEPT);
    const point = { atMs: nowMs, evidenceNats, confidence, isFresh };
    this.#course = extendCourse(this.#course, point);
  }

  #rememberSource(source: WindowEvidence["source"], nowMs: number, { reasons }: Risk): void {
    const nats = reasons.filter((reason) => reason.source === source)
      .reduce((sum, reason) => sum + reason.nats, 0);
    const rounded = Math.round(100 * nats) / 100;
    const before = this.#sources[source] ?? [];
    const after = remember(before, nowMs, rounded, SOURCE_HISTORY_KEPT);
    this.#sources = { ...this.#sources, [source]: after };
  }
}
