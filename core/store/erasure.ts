/**
 * Erasing a subject: no row of theirs stays, whatever kind it is. The first commit takes consent and
 * data key away, on both of which every commit of a live session rests, so nothing comes after it.
 */
import { ulid } from "@std/ulid";
import { GaitkeeperError } from "../error.ts";
import type { Act, AuditLog } from "./audit.ts";
import { countOneLess } from "./consents.ts";
import { bellKey, consentKey, outboxKey, seenKey, subjectDataKeyKey, subjectKey } from "./keys.ts";
import { namedRows } from "./subject_rows.ts";

/** What the subject's site is given as proof. */
export interface ErasureReceipt {
  /** ULID. */
  readonly id: string;
  /** The subject as the audit log calls them. */
  readonly pseudonym: string;
  readonly erasedAtMs: number;
  /** Rows that were deleted. */
  readonly rows: number;
}

/** Times the first commit is tried again when the subject changes meanwhile. */
const RACES = 100;
/** Well below what one commit may carry. */
const DELETES_A_COMMIT = 100;

/**
 * Erases a subject; run again after a crash, it goes on.
 * @throws {GaitkeeperError} `not_found` when there is nothing of the subject, `store_conflict`.
 */
export async function eraseSubject(
  audit: AuditLog,
  tenant: string,
  subject: string,
  by: Pick<Act, "actor" | "from">,
): Promise<ErasureReceipt> {
  const { kv } = audit;
  const erasedAtMs = audit.nowMs();
  const id: string = ulid(erasedAtMs);
  let rows = await closeDoor(audit, tenant, subject, { ...by, id });
  // A commit that was already on its way may have landed behind the list's back.
  for (let found = await rowsOf(kv, tenant, subject); found.length;) {
    for (let at = 0; at < found.length; at += DELETES_A_COMMIT) {
      const atomic = kv.atomic().set(bellKey(tenant), `${id} ${at}`);
      for (const key of found.slice(at, at + DELETES_A_COMMIT)) atomic.delete(key);
      await atomic.commit();
    }
    rows += found.length;
    found = await rowsOf(kv, tenant, subject);
  }
  return { id, pseudonym: await audit.pseudonymOf(tenant, subject), erasedAtMs, rows };
}

/**
 * Takes away what everything else rests on, and writes down that it was done.
 * @returns how many rows that were.
 */
async function closeDoor(
  audit: AuditLog,
  tenant: string,
  subject: string,
  { id, ...by }: Pick<Act, "actor" | "from"> & { readonly id: string },
): Promise<number> {
  const { kv } = audit;
  const dataKey = subjectDataKeyKey(tenant, subject);
  const act = { ...by, action: "subject.erased", target: { kind: "subject", id: subject } };
  for (let race = 0; race < RACES; race++) {
    const consent = await kv.get(consentKey(tenant, subject));
    if (consent.versionstamp === null && !(await rowsOf(kv, tenant, subject)).length) {
      throw new GaitkeeperError("not_found", "Cannot erase subject: there is nothing of this id");
    }
    const { versionstamp } = await kv.get(dataKey);
    const count = consent.versionstamp === null ? undefined : await countOneLess(kv, tenant);
    const done = await audit.record(tenant, { ...act, after: { receipt: id } }, (atomic) => {
      atomic.check(consent, { key: dataKey, versionstamp });
      atomic.delete(consent.key).delete(dataKey);
      return count ? atomic.check(count.entry).set(count.entry.key, count.after) : atomic;
    });
    if (done) return Number(consent.versionstamp !== null) + Number(versionstamp !== null);
  }
  throw new GaitkeeperError("store_conflict", "Cannot erase subject: their consent keeps changing");
}

/** Every key under which something of the subject lies. */
async function rowsOf(kv: Deno.Kv, tenant: string, subject: string): Promise<Deno.KvKey[]> {
  const found: Deno.KvKey[] = [];
  const prefix = subjectKey(tenant, subject);
  for await (const { key } of kv.list({ prefix })) {
    const [kind, id] = key.slice(prefix.length).map(String);
    // What an index row names goes before it does: where this is cut short, it is found again.
    found.push(...id === undefined ? [] : namedRows(tenant, kind!, id), key);
  }
  const seen = await kv.get(seenKey(tenant, subject));
  if (seen.versionstamp !== null) found.push(seen.key);
  for await (const { key, value } of kv.list<{ subject?: string }>({ prefix: outboxKey(tenant) })) {
    if (value?.subject === subject) found.push(key);
  }
  return found;
}
