/** What people's verdicts on alerts say of the sessions that raised them. */
import { AlertHandling, type Verdict } from "./alert_handlings.ts";
import { alertHandlingsKey, alertKey } from "./keys.ts";
import { AlertRecord } from "./sessions.ts";

/** Rows read at most, newest first, and keys read in one call. */
const READ_AT_MOST = 5000;
const BATCH = 10;

/** What weighs more where the alerts of a session were judged differently. */
const WEIGHT: Readonly<Record<Verdict, number>> = { unsure: 0, genuine: 1, impostor: 2 };

/** By session: an impostor's, if any of its alerts was. */
export async function listSessionVerdicts(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
): Promise<Map<string, Verdict>> {
  const judged: { readonly alert: string; readonly verdict: Verdict }[] = [];
  const options = { reverse: true, limit: READ_AT_MOST, batchSize: 500 };
  for await (const { key, value } of kv.list({ prefix: alertHandlingsKey(tenant) }, options)) {
    const { verdict } = AlertHandling.parse(value);
    if (verdict) judged.push({ alert: String(key.at(-1)), verdict });
  }
  const verdicts = new Map<string, Verdict>();
  for (let at = 0; at < judged.length; at += BATCH) {
    const batch = judged.slice(at, at + BATCH);
    const entries = await kv.getMany(batch.map(({ alert }) => alertKey(tenant, alert)));
    for (const [i, { value }] of entries.entries()) {
      const alert = value === null ? undefined : AlertRecord.parse(value);
      if (!alert || alert.expiresAtMs <= nowMs) continue;
      const { verdict } = batch[i]!;
      const known = verdicts.get(alert.session);
      if (!known || WEIGHT[verdict] > WEIGHT[known]) verdicts.set(alert.session, verdict);
    }
  }
  return verdicts;
}
