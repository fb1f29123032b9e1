/**
 * What other settings would have done: sessions that are over are decided about again, by the function
 * that decides about live ones, from how their evidence went.
 */
import { type CoursePoint, readCourse } from "./course.ts";
import { decide, type Decision, type DecisionPolicy, INITIAL_DECISION } from "./decision.ts";
import { DEFAULT_RISK_POLICY } from "./risk.ts";
import type { TenantPolicy } from "./tenant.ts";

/** Who a session's alerts turned out to be; nobody has said so of most. */
export type SessionVerdict = "impostor" | "genuine" | "unsure";

export interface SimulationInput {
  readonly sessions: readonly { readonly session: string; readonly points: Uint8Array }[];
  readonly verdictOf: (session: string) => SessionVerdict | undefined;
  /** What the evidence was gathered under. */
  readonly present: TenantPolicy;
  readonly proposed: TenantPolicy;
}

/** Sessions of one kind, and of how many of them something would have been asked at least once. */
export interface Asked {
  readonly sessions: number;
  /** Asked to step up, or blocked. */
  readonly steppedUp: number;
  readonly blocked: number;
}

export interface Outcome {
  /** Of these, nobody has said that they were an impostor's. */
  readonly genuine: Asked;
  /** Of these, somebody has. */
  readonly impostor: Asked;
}

/** What would come of entering the high level at another risk, all else as proposed. */
export interface CurvePoint {
  readonly enter: number;
  readonly genuine: number;
  readonly caught: number;
}

export interface PolicySimulation {
  readonly present: Outcome;
  readonly proposed: Outcome;
  /** By rising threshold: never more sessions than before. */
  readonly curve: readonly CurvePoint[];
  /** Sessions of which somebody said that they were genuine; the other genuine ones are presumed so. */
  readonly confirmedGenuine: number;
  /** Left out: nobody can tell who they were. */
  readonly unsure: number;
  /** The half-life differs: what would have been remembered is estimated. */
  readonly isEstimate: boolean;
}

const CURVE_STEP = 5;

export function simulatePolicy(input: SimulationInput): PolicySimulation {
  const { present, proposed, verdictOf } = input;
  const tally = { genuine: [] as Run[], impostor: [] as Run[] };
  let [confirmedGenuine, unsure] = [0, 0];
  for (const { session, points } of input.sessions) {
    const verdict = verdictOf(session);
    if (verdict === "unsure") unsure++;
    else tally[verdict ?? "genuine"].push(runOf(points, present, proposed));
    if (verdict === "genuine") confirmedGenuine++;
  }
  const outcome = (which: "present" | "proposed", policy: DecisionPolicy): Outcome => {
    return {
      genuine: askedOf(tally.genuine.map((run) => run[which]), policy),
      impostor: askedOf(tally.impostor.map((run) => run[which]), policy),
    };
  };
  return {
    present: outcome("present", present),
    proposed: outcome("proposed", proposed),
    curve: curveOf(tally, proposed),
    confirmedGenuine,
    unsure,
    isEstimate: present.halfLifeMs !== proposed.halfLifeMs,
  };
}

/** A session's moments as risks: what {@linkcode decide} reads. */
interface Moment {
  readonly risk: number;
  readonly confidence: number;
  readonly isFresh: boolean;
}
interface Run {
  readonly present: readonly Moment[];
  readonly proposed: readonly Moment[];
}

function runOf(bytes: Uint8Array, present: TenantPolicy, proposed: TenantPolicy): Run {
  const points = readCourse(bytes);
  const now = momentsOf(points, present.prior);
  const isSame = present.prior === proposed.prior && present.halfLifeMs === proposed.halfLifeMs;
  if (isSame) return { present: now, proposed: now };
  const remembered = refaded(points, present.halfLifeMs, proposed.halfLifeMs);
  return { present: now, proposed: momentsOf(remembered, proposed.prior) };
}

/** The prior and the evidence add up in log-odds, so any prior can be put in afterwards, exactly. */
function momentsOf(points: readonly CoursePoint[], prior: number): Moment[] {
  const priorNats = Math.log(prior / (1 - prior));
  return points.map(({ evidenceNats, confidence, isFresh }) => {
    return { risk: 100 / (1 + Math.exp(-priorNats - evidenceNats)), confidence, isFresh };
  });
}

/** Share of standing evidence that outlives a window, whatever the time. */
const RETENTION = DEFAULT_RISK_POLICY.sources.keyboard.retention;

/**
 * An estimate: what stood a point earlier would have faded otherwise until this one. How much of it a
 * window replaced is taken to be what the keyboard's does, and confidence to be what it was.
 */
function refaded(points: readonly CoursePoint[], fromMs: number, toMs: number): CoursePoint[] {
  if (fromMs === toMs) return [...points];
  let more = 0;
  return points.map((point, i) => {
    const before = points[i - 1];
    if (!before || point.isFresh) more = 0;
    else {
      const gapMs = 1000 * (point.atS - before.atS);
      const [was, would] = [0.5 ** (gapMs / fromMs), 0.5 ** (gapMs / toMs)];
      more = RETENTION * (would * (before.evidenceNats + more) - was * before.evidenceNats);
    }
    return { ...point, evidenceNats: point.evidenceNats + more };
  });
}

function askedOf(runs: readonly (readonly Moment[])[], policy: DecisionPolicy): Asked {
  let [steppedUp, blocked] = [0, 0];
  for (const moments of runs) {
    const worst = worstOf(moments, policy);
    if (worst !== "allow") steppedUp++;
    if (worst === "block") blocked++;
  }
  return { sessions: runs.length, steppedUp, blocked };
}

/** The most that would have been asked, as the live session decides: level by level, with hysteresis. */
function worstOf(moments: readonly Moment[], policy: DecisionPolicy): Decision["action"] {
  let worst: Decision["action"] = "allow";
  let decision = INITIAL_DECISION;
  for (const moment of moments) {
    decision = decide(moment.isFresh ? INITIAL_DECISION : decision, moment, policy);
    if (decision.action === "block") return "block";
    if (decision.action === "step_up") {
      worst = "step_up";
      if (policy.blockConfidence === null) return worst;
    }
  }
  return worst;
}

function curveOf(
  tally: Readonly<Record<"genuine" | "impostor", readonly Run[]>>,
  proposed: TenantPolicy,
): CurvePoint[] {
  const enters = Array.from({ length: 100 / CURVE_STEP - 1 }, (_, i) => CURVE_STEP * (i + 1));
  const policies = enters.map((enter) => withHigh(proposed, enter));
  const counts = (runs: readonly Run[]) => {
    const asked = new Array<number>(enters.length).fill(0);
    for (const { proposed: moments } of runs) {
      const peak = moments.reduce((most, { risk }) => Math.max(most, risk), 0);
      for (let i = 0, most = lastAsked(moments, peak, policies); i <= most; i++) asked[i]!++;
    }
    return asked;
  };
  const [genuine, caught] = [counts(tally.genuine), counts(tally.impostor)];
  return enters.map((enter, i) => ({ enter, genuine: genuine[i]!, caught: caught[i]! }));
}

/**
 * The last of `policies`, by rising threshold, under which something would have been asked; -1 under
 * none. A higher threshold never asks more, so it is found by halving.
 */
function lastAsked(
  moments: readonly Moment[],
  peak: number,
  policies: readonly TenantPolicy[],
): number {
  let [asked, not] = [-1, policies.length];
  while (not - asked > 1) {
    const middle = (asked + not) >> 1;
    const policy = policies[middle]!;
    // Nothing is entered below its threshold.
    const isAsked = peak >= policy.levels.high.enter && worstOf(moments, policy) !== "allow";
    if (isAsked) asked = middle;
    else not = middle;
  }
  return asked;
}

/** The other levels make way, so that the levels still rise. */
export function withHigh(policy: TenantPolicy, enter: number): TenantPolicy {
  const { elevated, high, critical } = policy.levels;
  return {
    ...policy,
    blockConfidence: null,
    levels: {
      elevated: { enter: Math.min(elevated.enter, enter), leave: Math.min(elevated.leave, enter) },
      high: { enter, leave: Math.min(high.leave, enter) },
      critical: { enter: Math.max(critical.enter, enter), leave: Math.max(critical.leave, enter) },
    },
  };
}
