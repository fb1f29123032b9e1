/** Finding subjects: who was seen lately, whose id begins so, and whether there is anything of one. */
import { consentKey, seenKey, seenOfAllKey, subjectKey } from "./keys.ts";
import { type Consent, getConsent } from "./consents.ts";
import { listSessions, type SessionRecord } from "./sessions.ts";

/** A subject in a list. */
export interface ListedSubject {
  readonly subject: string;
  /** When they last began a session, or were last seen in one, ms; `undefined` for who never was. */
  readonly seenAtMs: number | undefined;
  readonly consent: Consent | undefined;
  /** The latest session that was come across, which knows the stages of the profiles. */
  readonly session?: SessionRecord;
}

/** Sessions that are looked through for whoever was there. */
const SESSIONS_READ = 500;
/** Above all that an id may hold (visible ASCII). */
const AFTER_IDS = "\x7f";

/** Subjects of the tenant's latest sessions, the last one seen first. */
export async function listSubjectsSeen(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
  limit: number,
): Promise<ListedSubject[]> {
  const { items } = await listSessions(kv, tenant, nowMs, { limit: SESSIONS_READ });
  const latest = new Map<string, SessionRecord>();
  for (const record of items.toSorted((a, b) => b.updatedAtMs - a.updatedAtMs)) {
    if (!latest.has(record.subject)) latest.set(record.subject, record);
  }
  const shown = [...latest.values()].slice(0, limit);
  return await Promise.all(shown.map(async (session) => {
    const { subject, updatedAtMs } = session;
    const { consent } = await getConsent(kv, tenant, subject);
    return { subject, seenAtMs: updatedAtMs, consent, session };
  }));
}

/** Subjects whose id begins with `start`, in its order, and the one of this very id before them. */
export async function findSubjects(
  kv: Deno.Kv,
  tenant: string,
  start: string,
  limit: number,
): Promise<ListedSubject[]> {
  const prefix = seenOfAllKey(tenant);
  const range = { start: [...prefix, start], end: [...prefix, start + AFTER_IDS] };
  const found: string[] = [];
  for await (const { key } of kv.list(range, { limit })) found.push(String(key.at(-1)));
  // Who consented and never came has no row among those.
  if (!found.includes(start) && await isKnownSubject(kv, tenant, start)) found.unshift(start);
  return await Promise.all(
    found.slice(0, limit).map(async (subject) => {
      const [{ consent }, seen] = await Promise.all([
        getConsent(kv, tenant, subject),
        kv.get<number>(seenKey(tenant, subject)),
      ]);
      return { subject, seenAtMs: seen.value ?? undefined, consent };
    }),
  );
}

/** Whether there is anything of a subject. */
export async function isKnownSubject(
  kv: Deno.Kv,
  tenant: string,
  subject: string,
): Promise<boolean> {
  if ((await kv.get(consentKey(tenant, subject))).versionstamp !== null) return true;
  for await (const _ of kv.list({ prefix: subjectKey(tenant, subject) }, { limit: 1 })) return true;
  return false;
}
