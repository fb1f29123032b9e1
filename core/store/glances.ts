/**
 * Sessions at a glance: of each that was heard of lately, the little that a list of all of them shows.
 * Written in the commit that writes the session itself, and small, for a dashboard reads all of them
 * whenever one changes.
 */
import { z } from "zod";
import { DEVICE_CLASSES } from "../input_tally.ts";
import { glancesKey } from "./keys.ts";
import { ActionName, LevelName, type SessionRecord, StatusRecord } from "./sessions.ts";

/** A session silent for so long is in no list of sessions any more. */
export const GLANCE_LIFE_MS = 24 * 3600_000;
/** Points of its history that go along. */
const RECENT_KEPT = 24;

const Status = StatusRecord.pick({ stage: true, missing: true });

/** Times are ms since the epoch by the server's clock. */
export const SessionGlance = z.object({
  version: z.literal(1),
  session: z.string(),
  subject: z.string(),
  startedAtMs: z.number(),
  updatedAtMs: z.number(),
  risk: z.number(),
  confidence: z.number(),
  level: LevelName,
  action: ActionName,
  alert: z.string().optional(),
  keyboard: Status,
  pointer: Status,
  device: z.enum(DEVICE_CLASSES).optional(),
  strokes: z.number(),
  /** The last risks, whole, one byte each, oldest first. */
  recent: z.instanceof(Uint8Array),
});
export type SessionGlance = z.infer<typeof SessionGlance>;

export function glanceOf(record: SessionRecord): SessionGlance {
  const { session, subject, startedAtMs, updatedAtMs, risk, confidence, level, action } = record;
  const status = ({ stage, missing }: SessionRecord["keyboard"]) => {
    return { stage, ...missing ? { missing } : {} };
  };
  return {
    version: 1,
    session,
    subject,
    startedAtMs,
    updatedAtMs,
    risk,
    confidence,
    level,
    action,
    ...record.alert === undefined ? {} : { alert: record.alert },
    keyboard: status(record.keyboard),
    pointer: status(record.pointer),
    ...record.device ? { device: record.device } : {},
    strokes: record.strokes,
    recent: Uint8Array.from(record.history.slice(-RECENT_KEPT), ([, risk]) => Math.round(risk)),
  };
}

/** What is to be seen of a stored row; `undefined` where its time is over. */
export function visibleGlance(value: unknown, nowMs: number): SessionGlance | undefined {
  const glance = SessionGlance.parse(value);
  return glance.updatedAtMs + GLANCE_LIFE_MS > nowMs ? glance : undefined;
}

/** Newest id first. */
export async function listGlances(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
  limit: number,
): Promise<SessionGlance[]> {
  const entries = kv.list({ prefix: glancesKey(tenant) }, { reverse: true, limit, batchSize: 500 });
  const glances: SessionGlance[] = [];
  for await (const { value } of entries) {
    const glance = visibleGlance(value, nowMs);
    if (glance) glances.push(glance);
  }
  return glances;
}
