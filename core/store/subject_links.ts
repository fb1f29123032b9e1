/**
 * Links to a subject's own page: made for their site, opened once within 15 minutes, and then a visit of
 * 30 minutes. Secrets are 256 random bits of which the hash alone is kept; tenant and subject stand in
 * the row, never in the link. Withdrawing a consent and erasing a subject end both.
 */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import type { Act, AuditLog } from "./audit.ts";
import { getConsent } from "./consents.ts";
import {
  consentKey,
  subjectLinkKey,
  subjectLinksKey,
  subjectVisitKey,
  subjectVisitsKey,
} from "./keys.ts";
import { hashOfSecret, newSecret } from "./secret.ts";

export const LINK_LIFE_MS = 15 * 60_000;
export const VISIT_LIFE_MS = 30 * 60_000;
/** Links of one subject that may wait to be opened. */
export const LINKS_OPEN = 10;

const Grant = z.object({
  version: z.literal(1),
  tenant: z.string(),
  subject: z.string(),
  grantedAtMs: z.number(),
  expiresAtMs: z.number(),
});

/** Whose page somebody holds a link to. */
export type SubjectLink = z.infer<typeof Grant>;

/** Somebody who opened such a link. */
export interface SubjectVisit extends SubjectLink {
  /** Names the visit, where its secret must not be named. */
  readonly secretHash: string;
}

/** A secret that is told once. */
export interface Granted {
  readonly secret: string;
  readonly expiresAtMs: number;
}

/** Times something is tried again when the subject changes meanwhile. */
const RACES = 100;

/**
 * Makes a link to the page of a subject of whom there is something.
 * @throws {GaitkeeperError} `not_found` for a subject who never consented; `rate_exceeded` while too
 *   many links wait; `store_conflict`.
 */
export async function createSubjectLink(
  audit: AuditLog,
  { tenant, subject }: { readonly tenant: string; readonly subject: string },
  by: Pick<Act, "actor" | "from">,
): Promise<Granted> {
  const { kv } = audit;
  for (let race = 0; race < RACES; race++) {
    const grantedAtMs = audit.nowMs();
    const { consent, versionstamp } = await getConsent(kv, tenant, subject);
    if (!consent) {
      throw new GaitkeeperError("not_found", "Cannot make link: there is nothing of this id");
    }
    if (await countOpen(kv, tenant, subject, grantedAtMs) >= LINKS_OPEN) {
      throw new GaitkeeperError(
        "rate_exceeded",
        `Cannot make link: at most ${LINKS_OPEN} of a subject may wait to be opened`,
        { retryAfterSeconds: LINK_LIFE_MS / 1000 },
      );
    }
    const secret = newSecret();
    const hash = await hashOfSecret(secret);
    const expiresAtMs = grantedAtMs + LINK_LIFE_MS;
    const link: SubjectLink = { version: 1, tenant, subject, grantedAtMs, expiresAtMs };
    const act = { ...by, action: "subject.link_made", target: { kind: "subject", id: subject } };
    const expireIn = LINK_LIFE_MS;
    const done = await audit.record(tenant, act, (atomic) =>
      // Who was erased or has withdrawn in between gets no link of before.
      atomic.check({ key: consentKey(tenant, subject), versionstamp })
        .set(subjectLinkKey(hash), link, { expireIn })
        .set(subjectLinksKey(tenant, subject, hash), 1, { expireIn }));
    if (done) return { secret, expiresAtMs };
  }
  throw new GaitkeeperError("store_conflict", "Cannot make link: the subject keeps changing");
}

/** A link that may still be opened, which this does not do; `undefined` for every other. */
export async function findSubjectLink(
  kv: Deno.Kv,
  secret: string,
  nowMs: number,
): Promise<SubjectLink | undefined> {
  return current((await kv.get(subjectLinkKey(await hashOfSecret(secret)))).value, nowMs);
}

/**
 * Opens a link; of parallel tries one succeeds.
 * @throws {GaitkeeperError} `link_invalid`, without saying whether it was used, late or never was.
 */
export async function openSubjectLink(audit: AuditLog, secret: string): Promise<Granted> {
  const { kv } = audit;
  const linkHash = await hashOfSecret(secret);
  const entry = await kv.get(subjectLinkKey(linkHash));
  const nowMs = audit.nowMs();
  const link = current(entry.value, nowMs);
  if (!link) throw linkInvalid();
  const { tenant, subject } = link;
  const visitSecret = newSecret();
  const hash = await hashOfSecret(visitSecret);
  const expiresAtMs = nowMs + VISIT_LIFE_MS;
  const visit: SubjectLink = { ...link, grantedAtMs: nowMs, expiresAtMs };
  const expireIn = VISIT_LIFE_MS;
  const done = await audit.record(
    tenant,
    { ...bySubject(link), action: "subject.link_opened", target: { kind: "subject", id: subject } },
    (atomic) =>
      atomic.check(entry).delete(entry.key)
        .delete(subjectLinksKey(tenant, subject, linkHash))
        .set(subjectVisitKey(hash), visit, { expireIn })
        .set(subjectVisitsKey(tenant, subject, hash), 1, { expireIn }),
  );
  if (!done) throw linkInvalid();
  return { secret: visitSecret, expiresAtMs };
}

/** The visit of a secret, while it lasts. */
export async function findSubjectVisit(
  kv: Deno.Kv,
  secret: string,
  nowMs: number,
): Promise<SubjectVisit | undefined> {
  const secretHash = await hashOfSecret(secret);
  const visit = current((await kv.get(subjectVisitKey(secretHash))).value, nowMs);
  return visit && { ...visit, secretHash };
}

/** Ends a visit that its visitor has finished. */
export async function endSubjectVisit(
  kv: Deno.Kv,
  { tenant, subject, secretHash }: SubjectVisit,
): Promise<void> {
  await kv.atomic()
    .delete(subjectVisitKey(secretHash))
    .delete(subjectVisitsKey(tenant, subject, secretHash))
    .commit();
}

/**
 * Ends the links and visits of a subject, but for the visit by which they ask for it themselves.
 * Links go first: while none is left none becomes a visit behind the list's back.
 */
export async function revokeSubjectAccess(
  kv: Deno.Kv,
  { tenant, subject }: { readonly tenant: string; readonly subject: string },
  keptVisit?: string,
): Promise<void> {
  const kinds = [[subjectLinksKey, subjectLinkKey], [subjectVisitsKey, subjectVisitKey]] as const;
  for (const [indexKey, rowKey] of kinds) {
    for await (const { key } of kv.list({ prefix: indexKey(tenant, subject) })) {
      const hash = String(key.at(-1));
      if (hash === keptVisit) continue;
      await kv.atomic().delete(rowKey(hash)).delete(key).commit();
    }
  }
}

/** The start of an entry in the audit log: the subject, by whom nobody's address is kept. */
export function bySubject({ subject }: { readonly subject: string }): Pick<Act, "actor"> {
  return { actor: { kind: "subject", id: subject } };
}

async function countOpen(kv: Deno.Kv, tenant: string, subject: string, nowMs: number) {
  let open = 0;
  for await (const { key } of kv.list({ prefix: subjectLinksKey(tenant, subject) })) {
    const { value } = await kv.get(subjectLinkKey(String(key.at(-1))));
    if (current(value, nowMs)) open++;
  }
  return open;
}

function current(value: unknown, nowMs: number): SubjectLink | undefined {
  const grant = value === null ? undefined : Grant.parse(value);
  return grant && grant.expiresAtMs > nowMs ? grant : undefined;
}

function linkInvalid(): GaitkeeperError {
  return new GaitkeeperError(
    "link_invalid",
    "Cannot open link: it must be at most 15 minutes old and not have been opened yet",
  );
}
