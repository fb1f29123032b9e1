/** Alerts with what people made of them, newest first, of those that are asked for. */
import {
  type AlertHandling,
  type AlertState,
  getHandlings,
  type Verdict,
} from "./alert_handlings.ts";
import { type AlertRecord, listAlerts, type Page, type PageRequest } from "./sessions.ts";

export interface QueuedAlert {
  readonly alert: AlertRecord;
  readonly handling?: AlertHandling;
}

/** What is named must be so. */
export interface AlertFilter {
  readonly state?: AlertState | undefined;
  readonly verdict?: Verdict | undefined;
  readonly level?: AlertRecord["level"] | undefined;
  readonly subject?: string | undefined;
}

/** Alerts read for one page at most: what is rare among many is found by asking on. */
const READ_AT_MOST = 2000;
const READ_AT_ONCE = 200;
const READINGS_AT_MOST = 40;

export function stateOf({ handling }: QueuedAlert): AlertState {
  return handling?.state ?? "open";
}

/** A page may hold fewer than its limit, or none, and still have a cursor to go on from. */
export async function listQueue(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
  { limit, cursor, ...filter }: PageRequest & AlertFilter,
): Promise<Page<QueuedAlert>> {
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  if (!isFiltered) return await pageOf(kv, tenant, nowMs, { limit, cursor });
  const items: QueuedAlert[] = [];
  let next = cursor;
  for (let read = 0, readings = 0; read < READ_AT_MOST && readings < READINGS_AT_MOST; readings++) {
    // Never more than are wanted, so that the cursor is right after the last one that is told.
    const wanted = Math.min(READ_AT_ONCE, limit - items.length);
    const page = await pageOf(kv, tenant, nowMs, { limit: wanted, cursor: next });
    read += wanted;
    items.push(...page.items.filter((item) => fits(item, filter)));
    next = page.cursor;
    if (next === undefined || items.length === limit) break;
  }
  return { items, ...next === undefined ? {} : { cursor: next } };
}

async function pageOf(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
  request: PageRequest,
): Promise<Page<QueuedAlert>> {
  const { items, cursor } = await listAlerts(kv, tenant, nowMs, request);
  const queued = await withHandlings(kv, tenant, items);
  return { items: queued, ...cursor === undefined ? {} : { cursor } };
}

export async function withHandlings(
  kv: Deno.Kv,
  tenant: string,
  alerts: readonly AlertRecord[],
): Promise<QueuedAlert[]> {
  const handlings = await getHandlings(kv, tenant, alerts.map(({ id }) => id));
  return alerts.map((alert) => {
    const handling = handlings.get(alert.id);
    return { alert, ...handling ? { handling } : {} };
  });
}

function fits(queued: QueuedAlert, { state, verdict, level, subject }: AlertFilter): boolean {
  const { alert, handling } = queued;
  return (state === undefined || stateOf(queued) === state) &&
    (verdict === undefined || handling?.verdict === verdict) &&
    (level === undefined || alert.level === level) &&
    (subject === undefined || alert.subject === subject);
}
