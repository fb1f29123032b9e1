/** Domain objects as the records that are stored of them. */
import type { Alert } from "../alert.ts";
import type { Assurance } from "../assurance.ts";
import type { BeliefState } from "../belief.ts";
import type { Decision } from "../decision.ts";
import { deviceClassOf, type InputTallyRecord } from "../input_tally.ts";
import type { ModalityStatus } from "../profile.ts";
import type { Reason, Risk } from "../risk.ts";
import type { Modality } from "../window.ts";
import type { AlertRecord, SessionRecord } from "./sessions.ts";

const DAY_MS = 24 * 3600_000;
const REASONS_NAMED = 12;

/** `keptDays` is how long the tenant keeps alerts. */
export function alertRecord(alert: Alert, keptDays: number): AlertRecord {
  const reasons = [...alert.reasons];
  return { version: 1, ...alert, reasons, expiresAtMs: alert.atMs + keptDays * DAY_MS };
}

/** What a session's record is made of. */
export interface SessionFacts {
  readonly session: string;
  readonly subject: string;
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** How long the tenant keeps sessions. */
  readonly keptDays: number;
  readonly risk: Risk;
  /** What the page is told, and what it would be told but for shadow mode. */
  readonly decision: Decision;
  readonly shadowed?: Decision["action"] | undefined;
  readonly alert: string | undefined;
  readonly assurance: Assurance | undefined;
  readonly statuses: Readonly<Record<Modality, ModalityStatus & { readonly scored: number }>>;
  readonly strokes: number;
  readonly clockQuantumMs: number;
  readonly belief: BeliefState;
  readonly input: InputTallyRecord | undefined;
}

export function sessionRecord(facts: SessionFacts): SessionRecord {
  const { session, subject, startedAtMs, nowMs, risk, decision, alert, statuses } = facts;
  const { belief, input } = facts;
  const device = input && deviceClassOf(input);
  const status = (modality: Modality) => {
    const { stage, learned, missing, scored } = statuses[modality];
    const nats = risk.reasons.filter(({ source }) => source === modality)
      .reduce((sum, reason) => sum + reason.nats, 0);
    return { stage, learned, scored, nats, ...missing ? { missing } : {} };
  };
  return {
    version: 1,
    session,
    subject,
    startedAtMs,
    updatedAtMs: nowMs,
    expiresAtMs: nowMs + facts.keptDays * DAY_MS,
    risk: risk.risk,
    confidence: risk.confidence,
    ...decision,
    ...facts.shadowed ? { shadowed: facts.shadowed } : {},
    ...alert ? { alert } : {},
    ...facts.assurance ? { assurance: facts.assurance } : {},
    keyboard: status("keyboard"),
    pointer: status("pointer"),
    reasons: gathered(risk.reasons),
    evidenceNats: risk.evidenceNats,
    strokes: facts.strokes,
    clockQuantumMs: facts.clockQuantumMs,
    history: belief.history.map(([atMs, value]) => [atMs, value]),
    sources: belief.sources ?? {},
    detectors: {
      ...saidBy(belief, "keyboard"),
      ...saidBy(belief, "pointer"),
    },
    turns: belief.turns ?? [],
    ...input ? { input } : {},
    ...device ? { device } : {},
  };
}

function saidBy({ risk }: BeliefState, modality: Modality) {
  const detectors = risk[modality]?.detectors;
  return detectors ? { [modality]: detectors } : {};
}

/** The strongest reasons by name and the others as one a source, so that the sum stays. */
function gathered(reasons: readonly Reason[]): SessionRecord["reasons"] {
  const named = reasons.filter(({ key }) => key !== "rest").slice(0, REASONS_NAMED);
  const rest = new Map<Reason["source"], number>();
  for (const reason of reasons) {
    if (named.includes(reason)) continue;
    rest.set(reason.source, (rest.get(reason.source) ?? 0) + reason.nats);
  }
  const others = [...rest].map(([source, nats]) => {
    return { source, key: "rest", words: "all other features", nats };
  });
  return [...named, ...others];
}
