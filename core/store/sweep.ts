/**
 * Sweeping: deletes what is past a tenant's retention. Reading does not see it any more either way, so
 * nothing depends on when this runs.
 */
import type { Retention, Tenant } from "../tenant.ts";
import {
  alertHandlingKey,
  alertKey,
  alertsKey,
  checkpointKey,
  courseKey,
  glanceKey,
  sessionKey,
  sessionsKey,
  subjectAlertKey,
  subjectKey,
  subjectSessionKey,
} from "./keys.ts";
import { type Idle, listIdle } from "./seen.ts";
import { AlertRecord, endOf, SessionRecord } from "./sessions.ts";

/** How much of each was deleted. */
export type Swept = Readonly<Record<keyof Retention, number>>;

const DAY_MS = 24 * 3600_000;
/** What a subject's profiles are made of, below the subject's key. */
const TEMPLATES = ["profile", "version", "sketch"];

export async function sweepTenant(
  kv: Deno.Kv,
  { id: tenant, retention }: Pick<Tenant, "id" | "retention">,
  nowMs: number,
): Promise<Swept> {
  const swept = { sessions: 0, alerts: 0, idleProfiles: 0 };
  for await (const { value } of kv.list({ prefix: sessionsKey(tenant) })) {
    const record = SessionRecord.parse(value);
    if (endOf(record, retention.sessions) > nowMs) continue;
    await kv.atomic()
      .delete(sessionKey(tenant, record.session))
      .delete(checkpointKey(tenant, record.session))
      .delete(glanceKey(tenant, record.session))
      .delete(courseKey(tenant, record.session))
      .delete(subjectSessionKey(tenant, record.subject, record.session))
      .commit();
    swept.sessions++;
  }
  for await (const { value } of kv.list({ prefix: alertsKey(tenant) })) {
    const record = AlertRecord.parse(value);
    if (endOf(record, retention.alerts) > nowMs) continue;
    await kv.atomic()
      .delete(alertKey(tenant, record.id))
      .delete(alertHandlingKey(tenant, record.id))
      .delete(subjectAlertKey(tenant, record.subject, record.id))
      .commit();
    swept.alerts++;
  }
  for await (const idle of listIdle(kv, tenant, nowMs - DAY_MS * retention.idleProfiles)) {
    if (await sweepTemplates(kv, tenant, idle)) swept.idleProfiles++;
  }
  return swept;
}

/**
 * Deletes a subject's templates; consent and factors stay, and with them the key that opens those.
 * Nothing is deleted of who came back in between.
 */
async function sweepTemplates(
  kv: Deno.Kv,
  tenant: string,
  { subject, entry }: Idle,
): Promise<boolean> {
  const atomic = kv.atomic().check(entry).delete(entry.key);
  for (const kind of TEMPLATES) {
    for await (const { key } of kv.list({ prefix: subjectKey(tenant, subject, kind) })) {
      atomic.delete(key);
    }
  }
  return (await atomic.commit()).ok;
}
