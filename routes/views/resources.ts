/** Resources of the HTTP interface, made from records field by field: a record is not a wire type. */
import { z } from "zod";
import { type Assurance, standing } from "../../core/assurance.ts";
import { type AlertHandling, AlertState, Verdict } from "../../core/store/alert_handlings.ts";
import { Actor } from "../../core/store/audit.ts";
import type { AlertRecord, SessionRecord } from "../../core/store/sessions.ts";

export const PageQuery = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function pageOf({ cursor, limit }: z.infer<typeof PageQuery>) {
  return { limit, cursor };
}

const Level = z.enum(["low", "elevated", "high", "critical", "unknown"]);
const Action = z.enum(["allow", "step_up", "block"]);
const Reason = z.object({
  source: z.enum(["keyboard", "pointer", "automation"]),
  feature: z.string(),
  words: z.string(),
  nats: z.number().meta({ description: "Positive says someone else" }),
});
const Modality = z.object({
  stage: z.enum(["cold", "learning", "ready"]),
  missing: z.object({ amount: z.number(), unit: z.string() }).optional(),
  windowsLearned: z.number(),
  windowsScored: z.number(),
  nats: z.number(),
});

export const SessionResponse = z.object({
  id: z.string(),
  subject: z.string(),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  risk: z.number().meta({ description: "0 to 100: 100 x P(someone else)" }),
  confidence: z.number().meta({ description: "0 to 1" }),
  level: Level,
  action: Action.meta({ description: "What the page is told" }),
  shadowed: Action.optional().meta({
    description: "In shadow mode: what the page would be told but for it",
  }),
  alert: z.string().optional(),
  assurance: z.object({
    acr: z.string(),
    amr: z.array(z.string()),
    at: z.iso.datetime(),
    until: z.iso.datetime(),
  }).optional().meta({ description: "By the last step-up that was passed, while it counts" }),
  evidenceNats: z.number().meta({ description: "Log-odds beyond the prior; the reasons' sum" }),
  reasons: z.array(Reason),
  keyboard: Modality,
  pointer: Modality,
  strokes: z.number(),
});

export const AlertResponse = z.object({
  id: z.string(),
  subject: z.string(),
  session: z.string(),
  raisedAt: z.iso.datetime(),
  from: Level,
  level: Level,
  action: Action,
  shadow: z.literal(true).optional().meta({
    description: "Raised in shadow mode: the action is what would have been asked, and was not",
  }),
  risk: z.number(),
  confidence: z.number(),
  reasons: z.array(Reason),
  handling: z.object({
    state: AlertState,
    verdict: Verdict.optional(),
    note: z.string().optional(),
    by: Actor,
    at: z.iso.datetime(),
  }).optional().meta({ description: "Absent while nobody has touched it: it is open" }),
});

export function sessionResponse(
  record: SessionRecord,
  nowMs: number,
): z.infer<typeof SessionResponse> {
  const assurance = standing(record.assurance, nowMs);
  return {
    id: record.session,
    subject: record.subject,
    startedAt: new Date(record.startedAtMs).toISOString(),
    updatedAt: new Date(record.updatedAtMs).toISOString(),
    risk: record.risk,
    confidence: record.confidence,
    level: record.level,
    action: record.action,
    ...record.shadowed ? { shadowed: record.shadowed } : {},
    ...record.alert === undefined ? {} : { alert: record.alert },
    ...assurance ? { assurance: assuranceResponse(assurance) } : {},
    evidenceNats: record.evidenceNats,
    reasons: record.reasons.map(reasonResponse),
    keyboard: modalityResponse(record.keyboard),
    pointer: modalityResponse(record.pointer),
    strokes: record.strokes,
  };
}

export function alertResponse(
  record: AlertRecord,
  handling?: AlertHandling,
): z.infer<typeof AlertResponse> {
  const { id, subject, session, atMs, from, level, action, risk, confidence, reasons } = record;
  const raisedAt = new Date(atMs).toISOString();
  const told = reasons.map(reasonResponse);
  return {
    ...{ id, subject, session, raisedAt, from, level, action, risk, confidence, reasons: told },
    ...record.shadow ? { shadow: true as const } : {},
    ...handling ? { handling: handlingResponse(handling) } : {},
  };
}

function handlingResponse({ state, verdict, note, by, atMs }: AlertHandling) {
  return {
    state,
    ...verdict ? { verdict } : {},
    ...note ? { note } : {},
    by,
    at: new Date(atMs).toISOString(),
  };
}

function assuranceResponse({ acr, amr, atMs, untilMs }: Assurance) {
  return {
    acr,
    amr,
    at: new Date(atMs).toISOString(),
    until: new Date(untilMs).toISOString(),
  };
}

function reasonResponse({ source, key, words, nats }: SessionRecord["reasons"][number]) {
  return { source, feature: key, words, nats };
}

function modalityResponse({ stage, missing, learned, scored, nats }: SessionRecord["keyboard"]) {
  const needs = missing ? { missing } : {};
  return { stage, ...needs, windowsLearned: learned, windowsScored: scored, nats };
}
