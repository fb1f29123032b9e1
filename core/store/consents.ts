/**
 * Consents: what a subject agreed to, when and how. The record is also what says that a subject is
 * there at all, so the tenant's quota is counted here.
 */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import type { Tenant } from "../tenant.ts";
import type { Act, AuditLog } from "./audit.ts";
import { consentKey, subjectCountKey } from "./keys.ts";

export const Consent = z.object({
  version: z.literal(1),
  /** Of the text that was agreed to, as the tenant calls it. */
  policyVersion: z.string(),
  /** How it was given, in the tenant's words: `settings page`, `paper form 12`. */
  how: z.string(),
  givenAtMs: z.number(),
  withdrawnAtMs: z.number().optional(),
});
export type Consent = z.infer<typeof Consent>;

/** A consent with the versionstamp that what rests on it must check. */
export interface StoredConsent {
  readonly consent: Consent | undefined;
  readonly versionstamp: string | null;
}

const Count = z.object({ subjects: z.number(), day: z.number(), newToday: z.number() });
const NO_SUBJECTS = { subjects: 0, day: 0, newToday: 0 };
const DAY_MS = 24 * 3600_000;
/** Times a consent is tried again when another subject's came first. */
const RACES = 100;

export async function getConsent(
  kv: Deno.Kv,
  tenant: string,
  subject: string,
): Promise<StoredConsent> {
  const { value, versionstamp } = await kv.get(consentKey(tenant, subject));
  return { consent: value === null ? undefined : Consent.parse(value), versionstamp };
}

export function isStanding(consent: Consent | undefined): consent is Consent {
  return consent !== undefined && consent.withdrawnAtMs === undefined;
}

/** @throws {GaitkeeperError} `consent_missing` when there is none, or it was withdrawn. */
export function requireConsent({ consent }: StoredConsent): void {
  if (isStanding(consent)) return;
  throw new GaitkeeperError(
    "consent_missing",
    "Cannot watch subject: their consent must be on record (PUT /v1/subjects/{id}/consent, or `consent` of the ticket)",
  );
}

/**
 * Puts a consent on record; one to the same policy that stands already is left as it was.
 * @throws {GaitkeeperError} `quota_exceeded` when the tenant has too many subjects, or too many new
 *   ones today; `store_conflict`.
 */
export async function giveConsent(
  audit: AuditLog,
  tenant: Tenant,
  subject: string,
  { policyVersion, how }: Pick<Consent, "policyVersion" | "how">,
  by: Pick<Act, "actor" | "from">,
): Promise<Consent> {
  const { kv } = audit;
  const key = consentKey(tenant.id, subject);
  for (let race = 0; race < RACES; race++) {
    const { consent, versionstamp } = await getConsent(kv, tenant.id, subject);
    if (isStanding(consent) && consent.policyVersion === policyVersion) return consent;
    const given: Consent = { version: 1, policyVersion, how, givenAtMs: audit.nowMs() };
    const count = versionstamp === null ? await countOneMore(kv, tenant, given.givenAtMs) : null;
    const act = { ...by, action: "consent.given", target: { kind: "subject", id: subject } };
    const done = await audit.record(
      tenant.id,
      { ...act, after: { policyVersion, how } },
      (atomic) => {
        atomic.check({ key, versionstamp }).set(key, given);
        return count ? atomic.check(count.entry).set(count.entry.key, count.after) : atomic;
      },
    );
    if (done) return given;
  }
  throw new GaitkeeperError("store_conflict", "Cannot record consent: others keep coming first");
}

/** Withdraws a consent; `false` where none stands. What was learned stays until it is erased. */
export async function withdrawConsent(
  audit: AuditLog,
  tenant: string,
  subject: string,
  by: Pick<Act, "actor" | "from">,
): Promise<boolean> {
  const key = consentKey(tenant, subject);
  for (let race = 0; race < RACES; race++) {
    const { consent, versionstamp } = await getConsent(audit.kv, tenant, subject);
    if (!isStanding(consent)) return false;
    const withdrawn: Consent = { ...consent, withdrawnAtMs: audit.nowMs() };
    const act = { ...by, action: "consent.withdrawn", target: { kind: "subject", id: subject } };
    const done = await audit.record(
      tenant,
      act,
      (atomic) => atomic.check({ key, versionstamp }).set(key, withdrawn),
    );
    if (done) return true;
  }
  throw new GaitkeeperError("store_conflict", "Cannot withdraw consent: it keeps changing");
}

/** The tenant's count with one more subject, to be committed with them. */
async function countOneMore(kv: Deno.Kv, tenant: Tenant, nowMs: number) {
  const entry = await kv.get(subjectCountKey(tenant.id));
  const before = entry.value === null ? NO_SUBJECTS : Count.parse(entry.value);
  const day = Math.floor(nowMs / DAY_MS);
  const newToday = 1 + (before.day === day ? before.newToday : 0);
  const after = { subjects: before.subjects + 1, day, newToday };
  const { subjects, newSubjectsADay } = tenant.quota;
  if (after.subjects > subjects || newToday > newSubjectsADay) {
    throw new GaitkeeperError(
      "quota_exceeded",
      `Cannot take a new subject: the tenant must have at most ${subjects}, and ${newSubjectsADay} new ones a day`,
    );
  }
  return { entry, after };
}

/** What the tenant's count becomes when a subject is erased; to be committed with that. */
export async function countOneLess(kv: Deno.Kv, tenant: string) {
  const entry = await kv.get(subjectCountKey(tenant));
  const before = entry.value === null ? NO_SUBJECTS : Count.parse(entry.value);
  return { entry, after: { ...before, subjects: Math.max(0, before.subjects - 1) } };
}
