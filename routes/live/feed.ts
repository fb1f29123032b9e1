/**
 * What the live feed sends to a dashboard. Not the stored records: a row for each session, the whole
 * of the one that is looked at, and alerts. Times are ms since the epoch by the server's clock.
 */
import { z } from "zod";
import { TURNS } from "../../core/belief.ts";
import { FEATURE_UNITS } from "../../core/features/vector.ts";
import { DEVICE_CLASSES } from "../../core/input_tally.ts";
import { MISSING_UNITS } from "../../core/profile.ts";
import { Assurance } from "../../core/assurance.ts";
import { AlertState, Verdict } from "../../core/store/alert_handlings.ts";
import type { SessionGlance } from "../../core/store/glances.ts";
import type { AlertRecord, SessionRecord } from "../../core/store/sessions.ts";

export const LevelName = z.enum(["low", "elevated", "high", "critical", "unknown"]);
export type LevelName = z.infer<typeof LevelName>;
export const ActionName = z.enum(["allow", "step_up", "block"]);
export type ActionName = z.infer<typeof ActionName>;
export const StageName = z.enum(["cold", "learning", "ready"]);
export type StageName = z.infer<typeof StageName>;

/** Absent where too little was heard to tell. */
export const DeviceName = z.enum(DEVICE_CLASSES);
export type DeviceName = z.infer<typeof DeviceName>;

/** A feature's value beside what is usual for the subject, in the feature's unit. */
export const ReadingView = z.object({
  feature: z.string(),
  unit: z.enum(FEATURE_UNITS),
  value: z.number(),
  /** Quantiles at 5, 25, 50, 75 and 95 %. */
  usual: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]).readonly(),
});
export type ReadingView = z.infer<typeof ReadingView>;

/** One part of the evidence; positive nats say "someone else". */
export const ReasonView = z.object({
  source: z.enum(["keyboard", "pointer", "automation"]),
  key: z.string(),
  words: z.string(),
  nats: z.number(),
  /** Of the strongest features alone. */
  reading: ReadingView.optional(),
});
export type ReasonView = z.infer<typeof ReasonView>;

const Missing = z.object({ amount: z.number(), unit: z.enum(MISSING_UNITS) });

/** A session in the list of all. */
export const SessionRow = z.object({
  session: z.string(),
  subject: z.string(),
  startedAtMs: z.number(),
  updatedAtMs: z.number(),
  /** 0 to 100. */
  risk: z.number(),
  /** 0 to 1. */
  confidence: z.number(),
  level: LevelName,
  action: ActionName,
  keyboard: StageName,
  pointer: StageName,
  /** What each modality's profile still needs. */
  missing: z.object({ keyboard: Missing.optional(), pointer: Missing.optional() }),
  device: DeviceName.optional(),
  /** The last risks, whole, oldest first. */
  recent: z.array(z.number()),
});
export type SessionRow = z.infer<typeof SessionRow>;

export const ModalityView = z.object({
  stage: StageName,
  /** Windows learned, ever. */
  learned: z.number(),
  /** Windows of this session that were scored. */
  scored: z.number(),
  /** Present until the stage is ready. */
  missing: Missing.optional(),
});
export type ModalityView = z.infer<typeof ModalityView>;

const Points = z.array(z.tuple([z.number(), z.number()]).readonly()).readonly();
const Detectors = z.record(z.string(), z.object({ score: z.number(), nats: z.number() }));
/** What was asked of the person and how it ended. */
export const Turn = z.object({ atMs: z.number(), kind: z.enum(TURNS) });
export type Turn = z.infer<typeof Turn>;

/** What the session was given to judge by, counted. */
export const InputView = z.object({
  strokes: z.number(),
  pointerSamples: z.number(),
  presses: z.number(),
  wheelSteps: z.number(),
  marks: z.object({
    paste: z.number().optional(),
    drop: z.number().optional(),
    autofill: z.number().optional(),
    composition: z.number().optional(),
    lost: z.number().optional(),
  }),
});
export type InputView = z.infer<typeof InputView>;

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
  /** In shadow mode: what would be asked but for it. */
  shadowed: ActionName.optional(),
  keyboard: ModalityView,
  pointer: ModalityView,
  priorNats: z.number(),
  reasons: z.array(ReasonView),
  strokes: z.number(),
  /** `[atMs, risk]`, oldest first. */
  history: z.array(z.tuple([z.number(), z.number()])),
  clockQuantumMs: z.number().optional(),
  /** Open incident's alert. */
  alert: z.string().optional(),
  /** By the last step-up that was passed. */
  assurance: Assurance.optional(),
  device: DeviceName.optional(),
  /** Standing evidence of each source, `[atMs, nats]`, oldest first. */
  sources: z.object({ keyboard: Points, pointer: Points, automation: Points }).partial().optional(),
  /** What each detector said of the newest window. */
  detectors: z.object({ keyboard: Detectors, pointer: Detectors }).partial().optional(),
  turns: z.array(Turn).readonly().optional(),
  input: InputView.optional(),
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
  /** Nobody was asked anything: it was raised in shadow mode. */
  shadow: z.literal(true).optional(),
  risk: z.number(),
  reasons: z.array(ReasonView),
  /** What people made of it; absent while nobody has touched it. */
  handling: z.object({
    state: AlertState,
    verdict: Verdict.optional(),
    note: z.string().optional(),
    atMs: z.number().optional(),
  }).optional(),
});
export type AlertView = z.infer<typeof AlertView>;

/**
 * Data of a `snapshot` event, which replaces all that was known, and of a `changes` event, which
 * replaces what it names. `detail` is absent while the session looked at has not changed; of who looks
 * at one session, `sessions` is empty. `gone` names sessions that are there no more.
 */
export const FeedMessage = z.object({
  nowMs: z.number(),
  sessions: z.array(SessionRow),
  alerts: z.array(AlertView),
  detail: SessionDetail.optional(),
  gone: z.array(z.string()).optional(),
  /** Sessions there are, more than a snapshot may name. */
  total: z.number().optional(),
});
export type FeedMessage = z.infer<typeof FeedMessage>;

/** Numbers are cut to what is shown of them: a thousand rows go out at a time. */
export function sessionRow(glance: SessionGlance): SessionRow {
  const { session, subject, startedAtMs, updatedAtMs, level, action, keyboard, pointer } = glance;
  return {
    session,
    subject,
    startedAtMs,
    updatedAtMs,
    risk: Math.round(100 * glance.risk) / 100,
    confidence: Math.round(100 * glance.confidence) / 100,
    level,
    action,
    keyboard: keyboard.stage,
    pointer: pointer.stage,
    missing: {
      ...keyboard.missing ? { keyboard: keyboard.missing } : {},
      ...pointer.missing ? { pointer: pointer.missing } : {},
    },
    ...glance.device ? { device: glance.device } : {},
    recent: [...glance.recent],
  };
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
    ...record.shadowed ? { shadowed: record.shadowed } : {},
    keyboard: modalityView(record.keyboard),
    pointer: modalityView(record.pointer),
    priorNats: Math.log(risk / (100 - risk)) - record.evidenceNats,
    reasons: record.reasons,
    strokes: record.strokes,
    history: record.history,
    clockQuantumMs: record.clockQuantumMs,
    ...record.alert === undefined ? {} : { alert: record.alert },
    ...record.assurance ? { assurance: record.assurance } : {},
    ...record.device ? { device: record.device } : {},
    sources: record.sources ?? {},
    detectors: record.detectors ?? {},
    turns: record.turns ?? [],
    ...record.input ? { input: record.input } : {},
  };
}

export function alertView(record: AlertRecord): AlertView {
  const { id, session, subject, atMs, from, level, action, risk, reasons } = record;
  const shadow = record.shadow ? { shadow: true as const } : {};
  return { id, session, subject, atMs, from, level, action, ...shadow, risk, reasons };
}

function modalityView({ stage, learned, scored, missing }: SessionRecord["keyboard"]) {
  return { stage, learned, scored, ...missing ? { missing } : {} } satisfies ModalityView;
}
