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
  /** The subject's own: for a while, or until they end it, nobody watches them. */
  pause: z.object({ atMs: z.number(), untilMs: z.number().optional() }).optional(),
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

/** The pause of a consent that stands, while it lasts; what is past is none. */
export function standingPause(consent: Consent | undefined, nowMs: number): Consent["pause"] {
  const pause = isStanding(consent) ? consent.pause : undefined;
  return (pause?.untilMs ?? Infinity) > nowMs ? pause : undefined;
}

/**
 * @throws {GaitkeeperError} `consent_missing` when there is none, or it was withdrawn; `paused` while
 *   the subject does not want to be watched.
 */
export function requireConsent({ consent }: StoredConsent, nowMs: number): void {
  if (!isStanding(consent)) {
    throw new GaitkeeperError(
      "consent_missing",
      "Cannot watch subject: their consent must be on record (PUT /v1/subjects/{id}/consent, or `consent` of the ticket)",
    );
  }
  if (standingPause(consent, nowMs)) throw paused();
}

/** What a stream of somebody is told who has paused. */
export function paused(): GaitkeeperError {
  return new GaitkeeperError(
    "paused",
    "Cannot watch subject: they must not have paused it on their own page",
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
    // To agree to another text is not to end a pause.
    const pause = standingPause(consent, audit.nowMs());
    const given: Consent = {
      ...{ version: 1, policyVersion, how, givenAtMs: audit.nowMs() },
      ...pause ? { pause } : {},
    };
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
  return await changeConsent(audit, { tenant, subject }, {
    act: { ...by, action: "consent.withdrawn" },
    change: ({ pause: _, ...consent }) => ({ ...consent, withdrawnAtMs: audit.nowMs() }),
  });
}

/** Something that is done to a consent that stands. */
interface ConsentAct {
  readonly act: Omit<Act, "target">;
  /** `undefined` where there is nothing to do. */
  readonly change: (standing: Consent) => Consent | undefined;
}

/**
 * Changes a consent that stands. Every commit of a live session rests on the row as it was read, so
 * whoever watches elsewhere reads it again before another word is written.
 * @returns `false` where none stands, or nothing was to be done.
 * @throws {GaitkeeperError} `store_conflict`
 */
export async function changeConsent(
  audit: AuditLog,
  { tenant, subject }: { readonly tenant: string; readonly subject: string },
  { act, change }: ConsentAct,
): Promise<boolean> {
  const key = consentKey(tenant, subject);
  for (let race = 0; race < RACES; race++) {
    const { consent, versionstamp } = await getConsent(audit.kv, tenant, subject);
    const changed = isStanding(consent) ? change(consent) : undefined;
    if (!changed) return false;
    const done = await audit.record(
      tenant,
      { ...act, target: { kind: "subject", id: subject } },
      (atomic) => atomic.check({ key, versionstamp }).set(key, changed),
    );
    if (done) return true;
  }
  throw new GaitkeeperError("store_conflict", "Cannot change consent: it keeps changing");
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
