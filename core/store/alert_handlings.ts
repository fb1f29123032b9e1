/**
 * What people made of alerts: seen, settled, and what turned out to be true. It lies beside the alert,
 * for the live session writes that one anew when its incident gets worse.
 */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { type Act, Actor, type AuditLog } from "./audit.ts";
import { alertHandlingKey, alertKey, bellKey } from "./keys.ts";
import { type AlertRecord, getAlert } from "./sessions.ts";

/** open: nobody has looked; acknowledged: somebody does; resolved: there is nothing left to do. */
export const ALERT_STATES = ["open", "acknowledged", "resolved"] as const;
export const AlertState = z.enum(ALERT_STATES);
export type AlertState = z.infer<typeof AlertState>;

/** Who it turned out to be: someone else, the subject, or nobody can tell. */
export const VERDICTS = ["impostor", "genuine", "unsure"] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

export const NOTE_LENGTH = 500;

export const AlertHandling = z.object({
  version: z.literal(1),
  state: AlertState,
  verdict: Verdict.optional(),
  note: z.string().optional(),
  by: Actor,
  atMs: z.number(),
});
export type AlertHandling = z.infer<typeof AlertHandling>;

/** What is not named stays as it is; `null` takes it away. */
export interface AlertChange {
  readonly state?: AlertState | undefined;
  readonly verdict?: Verdict | null | undefined;
  readonly note?: string | null | undefined;
}

/** Keys read in one call. */
const BATCH = 10;
const RACES = 20;

/** Of several alerts, by their ids; an alert that nobody has touched is not among them. */
export async function getHandlings(
  kv: Deno.Kv,
  tenant: string,
  alerts: readonly string[],
): Promise<Map<string, AlertHandling>> {
  const handlings = new Map<string, AlertHandling>();
  for (let at = 0; at < alerts.length; at += BATCH) {
    const batch = alerts.slice(at, at + BATCH);
    const entries = await kv.getMany(batch.map((id) => alertHandlingKey(tenant, id)));
    for (const [i, { value }] of entries.entries()) {
      if (value !== null) handlings.set(batch[i]!, AlertHandling.parse(value));
    }
  }
  return handlings;
}

/**
 * Changes how an alert is handled, together with its entry in the audit log, which never holds the
 * note. The alert's row is written again as it is, so that whoever follows alerts hears of it.
 * @throws {GaitkeeperError} `alert_not_found`, `store_conflict`
 */
export async function handleAlert(
  audit: AuditLog,
  { tenant, alert: id }: { readonly tenant: string; readonly alert: string },
  change: AlertChange,
  by: Pick<Act, "actor" | "from">,
): Promise<{ readonly alert: AlertRecord; readonly handling: AlertHandling }> {
  const { kv } = audit;
  for (let race = 0; race < RACES; race++) {
    const [raw, entry] = await kv.getMany<unknown[]>([
      alertKey(tenant, id),
      alertHandlingKey(tenant, id),
    ]);
    const nowMs = audit.nowMs();
    const alert = await getAlert(kv, tenant, id, nowMs);
    if (!alert || raw!.value === null) throw notFound();
    const before = entry!.value === null ? undefined : AlertHandling.parse(entry!.value);
    const handling = handlingAfter(before, change, { by: by.actor, nowMs });
    const act = {
      ...by,
      action: "alert.handled",
      target: { kind: "alert", id },
      before: told(before),
      after: told(handling),
    };
    const expireIn = Math.max(1, alert.expiresAtMs - nowMs);
    const done = await audit.record(tenant, act, (atomic) =>
      atomic.check(raw!, entry!)
        .set(raw!.key, raw!.value, { expireIn })
        .set(entry!.key, handling, { expireIn })
        .set(bellKey(tenant), `${id} ${nowMs}`));
    if (done) return { alert, handling };
  }
  throw new GaitkeeperError("store_conflict", "Cannot handle alert: it keeps changing");
}

function handlingAfter(
  before: AlertHandling | undefined,
  change: AlertChange,
  { by, nowMs }: { readonly by: Actor; readonly nowMs: number },
): AlertHandling {
  const verdict = change.verdict === undefined ? before?.verdict : change.verdict;
  const note = change.note === undefined ? before?.note : change.note;
  return {
    version: 1,
    state: change.state ?? before?.state ?? "open",
    ...verdict ? { verdict } : {},
    ...note ? { note } : {},
    by,
    atMs: nowMs,
  };
}

function told(handling: AlertHandling | undefined) {
  const { state = "open", verdict, note } = handling ?? {};
  return { state, ...verdict ? { verdict } : {}, ...note ? { hasNote: true } : {} };
}

function notFound(): GaitkeeperError {
  return new GaitkeeperError("alert_not_found", "Cannot handle alert: there is none of this id");
}
