/** Sessions and alerts of one subject, found by the index rows that lie below them. */
import { subjectKey } from "./keys.ts";
import { type AlertRecord, getAlert, getSession, type SessionRecord } from "./sessions.ts";

/** Index rows looked at: ids that the tenant made up need not be in the order of time. */
const INDEX_READ = 200;

export interface SubjectActivity {
  /** The last one seen first. */
  readonly sessions: readonly SessionRecord[];
  /** Newest first. */
  readonly alerts: readonly AlertRecord[];
}

/** What the tenant still keeps of both. */
export async function getSubjectActivity(
  kv: Deno.Kv,
  tenant: string,
  subject: string,
  nowMs: number,
): Promise<SubjectActivity> {
  const idsOf = async (kind: string) => {
    const prefix = subjectKey(tenant, subject, kind);
    const rows = kv.list({ prefix }, { reverse: true, limit: INDEX_READ });
    return (await Array.fromAsync(rows)).map(({ key }) => String(key.at(-1)));
  };
  const [sessionIds, alertIds] = await Promise.all([idsOf("session"), idsOf("alert")]);
  const [sessions, alerts] = await Promise.all([
    Promise.all(sessionIds.map((id) => getSession(kv, tenant, id, nowMs))),
    Promise.all(alertIds.map((id) => getAlert(kv, tenant, id, nowMs))),
  ]);
  return {
    sessions: sessions.filter((session) => session !== undefined)
      .sort((a, b) => b.updatedAtMs - a.updatedAtMs),
    alerts: alerts.filter((alert) => alert !== undefined).sort((a, b) => b.atMs - a.atMs),
  };
}
