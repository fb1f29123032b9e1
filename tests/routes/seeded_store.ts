/** A store with made-up sessions and alerts in it, as the core would have written them. */
import { DEFAULT_RISK_POLICY } from "../../core/risk.ts";
import { seededRandom } from "../../core/random.ts";
import { GLANCE_LIFE_MS, glanceOf } from "../../core/store/glances.ts";
import { alertKey, bellKey, DEFAULT_TENANT, glanceKey, sessionKey } from "../../core/store/keys.ts";
import { AlertRecord, SessionRecord } from "../../core/store/sessions.ts";

const DAY_MS = 24 * 3600_000;
const PRIOR_NATS = Math.log(DEFAULT_RISK_POLICY.prior / (1 - DEFAULT_RISK_POLICY.prior));

type Reasons = SessionRecord["reasons"];

export const STRANGE_REASONS: Reasons = [
  {
    source: "keyboard",
    key: "sequence",
    words: "typing rhythm as a whole 1.12 away from usual, strangers from 0.74",
    nats: 2.4,
  },
  {
    source: "keyboard",
    key: "holdMeanMs.letter",
    words: "holds on letters 38 ms shorter than usual, 2.1 deviations",
    nats: 1.2,
    reading: {
      feature: "holds on letters",
      unit: "ms",
      value: 62,
      usual: [84, 93, 100, 106, 118],
    },
  },
  {
    source: "keyboard",
    key: "usual",
    words: "what stays when every feature is as usual",
    nats: -1.1,
  },
  {
    source: "keyboard",
    key: "flightMedianMs.letter>space",
    words: "flights from letters to space 52 ms longer than usual, 1.8 deviations",
    nats: 0.4,
    reading: {
      feature: "flights from letters to the space bar",
      unit: "ms",
      value: 174,
      usual: [81, 104, 122, 139, 180],
    },
  },
  {
    source: "keyboard",
    key: "rolloverRatio",
    words: "rollover 22 points lower than usual, 1.6 deviations",
    nats: 0.3,
    reading: {
      feature: "share of keys pressed before the last was let go",
      unit: "ratio",
      value: 0.09,
      usual: [0.18, 0.26, 0.31, 0.35, 0.44],
    },
  },
  {
    source: "pointer",
    key: "straightness",
    words: "straightness 9 points higher than usual, 1.3 deviations",
    nats: 0.4,
  },
  { source: "keyboard", key: "rest", words: "all other features", nats: 0.31 },
  { source: "pointer", key: "rest", words: "all other features", nats: -0.18 },
];

export const USUAL_REASONS: Reasons = [
  {
    source: "keyboard",
    key: "sequence",
    words: "typing rhythm as a whole 0.31 away from usual, strangers from 0.74",
    nats: -1.3,
  },
  {
    source: "keyboard",
    key: "usual",
    words: "what stays when every feature is as usual",
    nats: -0.9,
  },
  {
    source: "keyboard",
    key: "pauseRatio",
    words: "pauses 4 points higher than usual, 1.1 deviations",
    nats: 0.24,
    reading: {
      feature: "share of short pauses",
      unit: "ratio",
      value: 0.11,
      usual: [0.03, 0.05, 0.07, 0.1, 0.14],
    },
  },
  { source: "keyboard", key: "rest", words: "all other features", nats: -0.2 },
];

/** A session whose risk is what its reasons say. */
export function createSession(
  session: string,
  nowMs: number,
  change: Partial<SessionRecord> = {},
): SessionRecord {
  const reasons = change.reasons ?? USUAL_REASONS;
  const evidenceNats = reasons.reduce((sum, { nats }) => sum + nats, 0);
  const risk = 100 / (1 + Math.exp(-PRIOR_NATS - evidenceNats));
  return SessionRecord.parse({
    version: 1,
    session,
    subject: `subject-${session}`,
    startedAtMs: nowMs - 10 * 60_000,
    updatedAtMs: nowMs,
    expiresAtMs: nowMs + DAY_MS,
    risk,
    confidence: reasons.length ? 0.82 : 0,
    level: risk >= 90 ? "critical" : risk >= 50 ? "high" : risk >= 20 ? "elevated" : "low",
    action: risk >= 50 ? "step_up" : "allow",
    keyboard: { stage: "ready", learned: 34, scored: 21, nats: evidenceNats },
    pointer: {
      stage: "learning",
      learned: 9,
      missing: { amount: 38, unit: "seconds of movement" },
      scored: 0,
      nats: 0,
    },
    reasons,
    evidenceNats,
    strokes: 260,
    clockQuantumMs: 0.1,
    history: walk(session, nowMs, risk),
    ...change,
  });
}

export function createAlert(session: SessionRecord, id: string, atMs: number): AlertRecord {
  const { subject, level, action, risk, confidence } = session;
  return AlertRecord.parse({
    version: 1,
    id,
    subject,
    session: session.session,
    atMs,
    expiresAtMs: atMs + DAY_MS,
    from: "low",
    level,
    action,
    risk,
    confidence,
    reasons: session.reasons.filter(({ nats }) => nats > 0),
  });
}

/**
 * What a session's record knows of how it went, for pictures of it: one that somebody took over and
 * that failed a step-up, or one of its subject with what it did not give.
 */
export function createCourse(nowMs: number, how: "taken" | "calm"): Partial<SessionRecord> {
  const random = seededRandom(how.length);
  const line = (step: number, of: (share: number) => number) =>
    Array.from({ length: Math.floor(59 / step) }, (_, i) => {
      const share = Math.max(0, (i * step - 40) / 19);
      return [nowMs - (59 - i * step) * 10_000, of(share) + 0.4 * random()] as const;
    });
  const taken = how === "taken";
  return {
    device: taken ? "mouse" : "touch",
    clockQuantumMs: taken ? 0.1 : 16.7,
    input: {
      strokes: 260,
      pointerSamples: taken ? 4120 : 0,
      presses: 31,
      wheelSteps: 12,
      marks: taken ? { paste: 1 } : { paste: 3, autofill: 2, composition: 1, lost: 1 },
    },
    sources: {
      keyboard: line(1, (share) => taken ? -1 + 6 * share : -1),
      ...taken ? { pointer: line(3, (share) => -0.6 + 1.2 * share) } : {},
    },
    detectors: {
      keyboard: {
        sequence: { score: taken ? 1.12 : 0.31, nats: taken ? 1 : -0.54 },
        verifier: { score: taken ? 0.83 : 0.07, nats: taken ? 0.7 : -0.4 },
        isolationForest: { score: 0.51, nats: taken ? 0.2 : -0.1 },
        steadiness: { score: 0.9, nats: 0.05 },
      },
      ...taken ? { pointer: { sequence: { score: 0.84, nats: 0.3 } } } : {},
    },
    turns: taken
      ? [
        { atMs: nowMs - 400_000, kind: "asked" },
        { atMs: nowMs - 380_000, kind: "passed" },
        { atMs: nowMs - 70_000, kind: "asked" },
        { atMs: nowMs - 20_000, kind: "failed" },
      ]
      : [],
    ...taken
      ? {
        assurance: {
          acr: "phr",
          amr: ["pop", "mfa"],
          atMs: nowMs - 380_000,
          untilMs: nowMs + 500_000,
        },
      }
      : {},
  };
}

/** Writes a session and what was raised on it, and rings the bell, in one commit. */
export async function putSession(kv: Deno.Kv, record: SessionRecord, alert?: AlertRecord) {
  const commit = kv.atomic()
    .set(sessionKey(DEFAULT_TENANT, record.session), record)
    .set(glanceKey(DEFAULT_TENANT, record.session), glanceOf(record), { expireIn: GLANCE_LIFE_MS })
    .set(bellKey(DEFAULT_TENANT), `${record.session} ${record.updatedAtMs} ${alert?.id ?? ""}`);
  if (alert) commit.set(alertKey(DEFAULT_TENANT, alert.id), alert);
  await commit.commit();
}

/** Low for eight minutes, then towards where it is now. */
function walk(seed: string, nowMs: number, risk: number): [number, number][] {
  const random = seededRandom([...seed].reduce((sum, c) => 31 * sum + c.charCodeAt(0), 7));
  return Array.from({ length: 60 }, (_, i) => {
    const share = Math.max(0, (i - 44) / 15) ** 1.5;
    const noise = 3 * random() + (i % 17 === 0 ? 6 * random() : 0);
    const value = share * risk + (1 - share) * (0.8 + noise);
    return [nowMs - (59 - i) * 10_000, i === 59 ? risk : Math.min(99.5, value)];
  });
}

/** Names of people that the tenant made up. */
export function subjectName(i: number): string {
  return `u-${(100_003 * (i + 7) % 99_991).toString(36).padStart(4, "0")}`;
}
