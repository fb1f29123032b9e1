/**
 * What the live feed sends to a dashboard. Not the stored records: a row for each session, the whole
 * of the one that is looked at, and alerts. Times are ms since the epoch by the server's clock.
 */
import { z } from "zod";
import { MISSING_UNITS } from "../../core/profile.ts";
import type { AlertRecord, SessionRecord } from "../../core/store/sessions.ts";

export const LevelName = z.enum(["low", "elevated", "high", "critical", "unknown"]);
export type LevelName = z.infer<typeof LevelName>;
export const ActionName = z.enum(["allow", "step_up", "block"]);
export type ActionName = z.infer<typeof ActionName>;
export const StageName = z.enum(["cold", "learning", "ready"]);
export type StageName = z.infer<typeof StageName>;

/** One part of the evidence; positive nats say "someone else". */
export const ReasonView = z.object({
  source: z.enum(["keyboard", "pointer", "automation"]),
  key: z.string(),
  words: z.string(),
  nats: z.number(),
});
export type ReasonView = z.infer<typeof ReasonView>;

/** A session in the list of all. */
export const SessionRow = z.object({
  session: z.string(),
  subject: z.string(),
  updatedAtMs: z.number(),
  /** 0 to 100. */
  risk: z.number(),
  /** 0 to 1. */
  confidence: z.number(),
  level: LevelName,
  action: ActionName,
  keyboard: StageName,
  pointer: StageName,
});
export type SessionRow = z.infer<typeof SessionRow>;

export const ModalityView = z.object({
  stage: StageName,
  /** Windows learned, ever. */
  learned: z.number(),
  /** Windows of this session that were scored. */
  scored: z.number(),
  /** Present until the stage is ready. */
  missing: z.object({ amount: z.number(), unit: z.enum(MISSING_UNITS) })
    .optional(),
});
export type ModalityView = z.infer<typeof ModalityView>;

/** The session that is looked at. `priorNats` and the reasons add up to the log-odds of `risk`. */
export const SessionDetail = z.object({
  session: z.string(),
  subject: z.string(),
  startedAtMs: z.number(),
  updatedAtMs: z.number(),
  risk: z.number(),
  confidence: z.number(),
  level: LevelName,
  action: ActionName,
  keyboard: ModalityView,
  pointer: ModalityView,
  priorNats: z.number(),
  reasons: z.array(ReasonView),
  strokes: z.number(),
  /** `[atMs, risk]`, oldest first. */
  history: z.array(z.tuple([z.number(), z.number()])),
});
export type SessionDetail = z.infer<typeof SessionDetail>;

export const AlertView = z.object({
  id: z.string(),
  session: z.string(),
  subject: z.string(),
  atMs: z.number(),
  from: LevelName,
  level: LevelName,
  action: ActionName,
  risk: z.number(),
  reasons: z.array(ReasonView),
});
export type AlertView = z.infer<typeof AlertView>;

/**
 * Data of a `snapshot` event, which replaces all that was known, and of a `changes` event, which
 * replaces what it names. `detail` is absent while the session looked at has not changed.
 */
export const FeedMessage = z.object({
  nowMs: z.number(),
  sessions: z.array(SessionRow),
  alerts: z.array(AlertView),
  detail: SessionDetail.optional(),
});
export type FeedMessage = z.infer<typeof FeedMessage>;

export function sessionRow(record: SessionRecord): SessionRow {
  const { session, subject, updatedAtMs, risk, confidence, level, action } = record;
  const [keyboard, pointer] = [record.keyboard.stage, record.pointer.stage];
  return { session, subject, updatedAtMs, risk, confidence, level, action, keyboard, pointer };
}

export function sessionDetail(record: SessionRecord): SessionDetail {
  const { session, subject, startedAtMs, updatedAtMs, risk, confidence, level, action } = record;
  return {
    session,
    subject,
    startedAtMs,
    updatedAtMs,
    risk,
    confidence,
    level,
    action,
    keyboard: modalityView(record.keyboard),
    pointer: modalityView(record.pointer),
    priorNats: Math.log(risk / (100 - risk)) - record.evidenceNats,
    reasons: record.reasons,
    strokes: record.strokes,
    history: record.history,
  };
}

export function alertView(record: AlertRecord): AlertView {
  const { id, session, subject, atMs, from, level, action, risk, reasons } = record;
  return { id, session, subject, atMs, from, level, action, risk, reasons };
}

function modalityView({ stage, learned, scored, missing }: SessionRecord["keyboard"]) {
  return { stage, learned, scored, ...missing ? { missing } : {} } satisfies ModalityView;
}
