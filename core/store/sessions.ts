/** Sessions as the dashboard and the API see them: written with every checkpoint, never raw events. */
import { z } from "zod";
import { Assurance } from "../assurance.ts";
import { TURNS } from "../belief.ts";
import { GaitkeeperError } from "../error.ts";
import { FEATURE_UNITS } from "../features/vector.ts";
import { DEVICE_CLASSES } from "../input_tally.ts";
import { MISSING_UNITS } from "../profile.ts";
import { DEFAULT_TENANT_SETTINGS, type Retention } from "../tenant.ts";
import { InputRecord } from "./input_record.ts";
import { alertKey, alertsKey, sessionKey, sessionsKey } from "./keys.ts";
import { getTenant } from "./tenants.ts";

const Nats = z.number();
/** A feature's value in the newest window that had it, beside the subject's usual quantiles. */
export const ReadingRecord = z.object({
  feature: z.string(),
  unit: z.enum(FEATURE_UNITS),
  value: z.number(),
  /** At 5, 25, 50, 75 and 95 %. */
  usual: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]).readonly(),
});
export const ReasonRecord = z.object({
  source: z.enum(["keyboard", "pointer", "automation"]),
  key: z.string(),
  words: z.string(),
  nats: Nats,
  /** Of the strongest features alone. */
  reading: ReadingRecord.optional(),
});

const HistoryRecord = z.array(z.tuple([z.number(), z.number()]).readonly()).readonly();
/** `[atMs, nats]` by source, oldest first. */
export const SourcesRecord = z.object({
  keyboard: HistoryRecord.optional(),
  pointer: HistoryRecord.optional(),
  automation: HistoryRecord.optional(),
});
/** What a detector said of the newest window: score (HIGH IS STRANGE) and nats. */
export const DetectorsRecord = z.record(z.string(), z.object({ score: z.number(), nats: Nats }));
/** What was asked of the person, and how it ended. */
export const TurnRecord = z.object({ atMs: z.number(), kind: z.enum(TURNS) });

export const LevelName = z.enum(["low", "elevated", "high", "critical", "unknown"]);
export const ActionName = z.enum(["allow", "step_up", "block"]);

export const StatusRecord = z.object({
  stage: z.enum(["cold", "learning", "ready"]),
  learned: z.number(),
  missing: z.object({ amount: z.number(), unit: z.enum(MISSING_UNITS) })
    .optional(),
  /** Windows of this session that were scored. */
  scored: z.number(),
  /** Share of the standing evidence, nats; positive says "someone else". */
  nats: Nats,
});

/** One session. Times are ms since the epoch by the server's clock. */
export const SessionRecord = z.object({
  version: z.literal(1),
  session: z.string(),
  subject: z.string(),
  startedAtMs: z.number(),
  updatedAtMs: z.number(),
  expiresAtMs: z.number(),
  risk: z.number(),
  confidence: z.number(),
  level: LevelName,
  /** What the page is told. */
  action: ActionName,
  /** What it would be told but for shadow mode. */
  shadowed: ActionName.optional(),
  /** Open incident's alert. */
  alert: z.string().optional(),
  /** By the last step-up that was passed; whether it still counts is for the reader to see. */
  assurance: Assurance.optional(),
  keyboard: StatusRecord,
  pointer: StatusRecord,
  /** Strongest first; what is too weak to name is gathered, so the nats add up to `evidenceNats`. */
  reasons: z.array(ReasonRecord),
  evidenceNats: Nats,
  strokes: z.number(),
  clockQuantumMs: z.number(),
  /** `[atMs, risk]`, oldest first, thinned as it grows. */
  history: z.array(z.tuple([z.number(), z.number()])),
  /** Standing evidence of each source over time. */
  sources: SourcesRecord.optional(),
  detectors: z.object({
    keyboard: DetectorsRecord.optional(),
    pointer: DetectorsRecord.optional(),
  }).optional(),
  turns: z.array(TurnRecord).readonly().optional(),
  /** What it was given to judge by. */
  input: InputRecord.optional(),
  /** Absent while too little was heard to tell. */
  device: z.enum(DEVICE_CLASSES).optional(),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

export const AlertRecord = z.object({
  version: z.literal(1),
  id: z.string(),
  subject: z.string(),
  session: z.string(),
  atMs: z.number(),
  expiresAtMs: z.number(),
  from: LevelName,
  level: LevelName,
  action: ActionName,
  /** In shadow mode: `action` is what would have been asked, and was not. */
  shadow: z.boolean().optional(),
  risk: z.number(),
  confidence: z.number(),
  reasons: z.array(ReasonRecord),
});
export type AlertRecord = z.infer<typeof AlertRecord>;

/** Where a page of a list begins and how long it is. */
export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}
export interface Page<Item> {
  readonly items: Item[];
  /** Absent on the last page. */
  readonly cursor?: string;
}

/** The session, or `undefined` where there is none or its time is over. */
export async function getSession(
  kv: Deno.Kv,
  tenant: string,
  session: string,
  nowMs: number,
): Promise<SessionRecord | undefined> {
  const [entry, kept] = await Promise.all([
    kv.get(sessionKey(tenant, session)),
    retentionOf(kv, tenant),
  ]);
  return current(SessionRecord, entry, nowMs, kept.sessions);
}

export async function getAlert(
  kv: Deno.Kv,
  tenant: string,
  alert: string,
  nowMs: number,
): Promise<AlertRecord | undefined> {
  const [entry, kept] = await Promise.all([
    kv.get(alertKey(tenant, alert)),
    retentionOf(kv, tenant),
  ]);
  return current(AlertRecord, entry, nowMs, kept.alerts);
}

/** Newest first, as session ids are ULIDs unless the tenant names its own. */
export async function listSessions(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
  page: PageRequest,
): Promise<Page<SessionRecord>> {
  const { sessions } = await retentionOf(kv, tenant);
  const visible = (entry: Deno.KvEntry<unknown>) => current(SessionRecord, entry, nowMs, sessions);
  return await listNewest(kv, sessionsKey(tenant), visible, page);
}

/** Newest first. */
export async function listAlerts(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
  page: PageRequest,
): Promise<Page<AlertRecord>> {
  const { alerts } = await retentionOf(kv, tenant);
  const visible = (entry: Deno.KvEntry<unknown>) => current(AlertRecord, entry, nowMs, alerts);
  return await listNewest(kv, alertsKey(tenant), visible, page);
}

async function listNewest<Item>(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
  visible: (entry: Deno.KvEntry<unknown>) => Item | undefined,
  { cursor, limit }: PageRequest,
): Promise<Page<Item>> {
  const entries = kv.list({ prefix }, { reverse: true, limit, ...cursor ? { cursor } : {} });
  const items: Item[] = [];
  let read = 0;
  try {
    for await (const entry of entries) {
      read++;
      const item = visible(entry);
      if (item) items.push(item);
    }
  } catch (cause) {
    if (!cursor || !(cause instanceof TypeError)) throw cause;
    throw new GaitkeeperError("request_invalid", "Cannot list: cursor must be a list's own", {
      cause,
    });
  }
  return read === limit ? { items, cursor: entries.cursor } : { items };
}

/** What is to be seen of a stored alert; `undefined` where its time is over. */
export function visibleAlert(
  value: unknown,
  nowMs: number,
  keptDays: number,
): AlertRecord | undefined {
  const alert = AlertRecord.parse(value);
  return endOf(alert, keptDays) > nowMs ? alert : undefined;
}

async function retentionOf(kv: Deno.Kv, tenant: string): Promise<Retention> {
  return (await getTenant(kv, tenant) ?? DEFAULT_TENANT_SETTINGS).retention;
}

/**
 * Parses what was stored; what is past its time is invisible even if the row is still there, and so
 * is what the tenant has since decided to keep for fewer days.
 */
function current<Item extends SessionRecord | AlertRecord>(
  schema: z.ZodType<Item>,
  entry: Deno.KvEntryMaybe<unknown>,
  nowMs: number,
  keptDays: number,
): Item | undefined {
  if (entry.value === null) return undefined;
  const item = schema.parse(entry.value);
  return endOf(item, keptDays) > nowMs ? item : undefined;
}

const DAY_MS = 24 * 3600_000;

/** When a record is to be read no more, ms. */
export function endOf(item: SessionRecord | AlertRecord, keptDays: number): number {
  const atMs = "updatedAtMs" in item ? item.updatedAtMs : item.atMs;
  return Math.min(item.expiresAtMs, atMs + keptDays * DAY_MS);
}
