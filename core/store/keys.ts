/**
 * Every key of the store is spelled here. What belongs to a tenant begins with `["tenant", id]`, and
 * every id that gets there comes from a credential: this is the one place that keeps sites apart.
 */
import type { Modality } from "../window.ts";

/** The tenant of an installation that has no others. */
export const DEFAULT_TENANT = "default";

// What is found before its tenant is known: rows that say no more than where to look.

/** A ticket is found by the hash of its secret, before its tenant is known. */
export const ticketKey = (secretHash: string): Deno.KvKey => ["ticket", secretHash];

/** An API key is found by the hash of its secret, before its tenant is known. */
export const apiKeyIndexKey = (secretHash: string): Deno.KvKey => ["api_key", secretHash];

/** Prefix of the records of all tenants. */
export const TENANTS_KEY: Deno.KvKey = ["tenants"];
export const tenantRecordKey = (tenant: string): Deno.KvKey => [...TENANTS_KEY, tenant];

/** Operators are the installation's; what they may do in a tenant stands in their memberships. */
export const operatorKey = (operator: string, ...rest: string[]): Deno.KvKey => [
  "operator",
  operator,
  ...rest,
];
/** What is found of operators before they are known: `email`, `passkey`, `session`, `invitation`. */
export const operatorIndexKey = (kind: string, ...rest: string[]): Deno.KvKey => [
  "operator_index",
  kind,
  ...rest,
];

/** Attempts that are counted: `kind` says of what, `of` by whom. */
export const attemptsKey = (kind: string, of: string): Deno.KvKey => ["attempts", kind, of];

/** Whatever is there once an installation, by name. */
export const installationKey = (name: string): Deno.KvKey => ["installation", name];

/** Prefix of a tenant's rows. */
export const tenantKey = (tenant: string, ...rest: (string | number)[]): Deno.KvKey => [
  "tenant",
  tenant,
  ...rest,
];

/** The wrapped key that wraps the data keys of the tenant's subjects. */
export const tenantDataKeyKey = (tenant: string) => tenantKey(tenant, "data_key");

/** Prefix of a tenant's API keys, and one of them. */
export const apiKeysKey = (tenant: string) => tenantKey(tenant, "api_key");
export const apiKeyKey = (tenant: string, id: string) => tenantKey(tenant, "api_key", id);

/** Prefix of a tenant's audit entries, in their order; and where the chain ends. */
export const auditEntriesKey = (tenant: string) => tenantKey(tenant, "audit", "entry");
export const auditEntryKey = (tenant: string, sequence: number) =>
  tenantKey(tenant, "audit", "entry", sequence);
export const auditHeadKey = (tenant: string) => tenantKey(tenant, "audit", "head");

export const checkpointKey = (tenant: string, session: string) =>
  tenantKey(tenant, "checkpoint", session);

/** Prefix of all sessions of a tenant. */
export const sessionsKey = (tenant: string) => tenantKey(tenant, "session");
export const sessionKey = (tenant: string, session: string) =>
  tenantKey(tenant, "session", session);

/** Prefix of a tenant's sessions at a glance, and one of them. */
export const glancesKey = (tenant: string) => tenantKey(tenant, "glance");
export const glanceKey = (tenant: string, session: string) => tenantKey(tenant, "glance", session);

/** Prefix of how a tenant's sessions went, and one of them. */
export const coursesKey = (tenant: string) => tenantKey(tenant, "course");
export const courseKey = (tenant: string, session: string) => tenantKey(tenant, "course", session);

/** Prefix of a tenant's subjects, and one of them: all that is theirs lies below, or is named there. */
export const subjectsKey = (tenant: string) => tenantKey(tenant, "subject");
export const subjectKey = (tenant: string, subject: string, ...rest: string[]) =>
  tenantKey(tenant, "subject", subject, ...rest);

/** How many subjects the tenant has, and how many of them are new. */
export const subjectCountKey = (tenant: string) => tenantKey(tenant, "subject_count");

/** The wrapped data key under which the subject's templates are sealed. */
export const subjectDataKeyKey = (tenant: string, subject: string) =>
  subjectKey(tenant, subject, "data_key");

export const consentKey = (tenant: string, subject: string) =>
  subjectKey(tenant, subject, "consent");

export const profileKey = (tenant: string, subject: string, modality: Modality) =>
  subjectKey(tenant, subject, "profile", modality);

/** Prefix of the versions of a profile, in their order; and one of them. */
export const versionsKey = (tenant: string, subject: string, modality: Modality) =>
  subjectKey(tenant, subject, "version", modality);
export const versionKey = (tenant: string, subject: string, modality: Modality, number: number) =>
  subjectKey(tenant, subject, "version", modality, String(number).padStart(10, "0"));

/** Prefix of the subject's sketches; one slot of a modality's ring; the streams of a session. */
export const sketchKey = (tenant: string, subject: string, modality?: Modality, slot?: number) =>
  subjectKey(
    tenant,
    subject,
    "sketch",
    ...modality === undefined ? [] : [modality, String(slot)],
  );
export const sketchStreamsKey = (tenant: string, subject: string, session: string) =>
  subjectKey(tenant, subject, "sketch", "streams", session);

/** When the subject last began a session, ms. */
export const seenKey = (tenant: string, subject: string) => tenantKey(tenant, "seen", subject);

/** Prefix of when all subjects of a tenant were seen: small rows, apart from what is large. */
export const seenOfAllKey = (tenant: string) => tenantKey(tenant, "seen");

/** Index rows: which sessions and alerts are the subject's. */
export const subjectSessionKey = (tenant: string, subject: string, session: string) =>
  subjectKey(tenant, subject, "session", session);
export const subjectAlertKey = (tenant: string, subject: string, alert: string) =>
  subjectKey(tenant, subject, "alert", alert);

/** An index row, as long as the ticket lives. */
export const subjectTicketKey = (tenant: string, subject: string, secretHash: string) =>
  subjectKey(tenant, subject, "ticket", secretHash);

/** A challenge is found by the hash of its id, and named below its subject. */
export const challengeKey = (idHash: string): Deno.KvKey => ["challenge", idHash];
export const subjectChallengeKey = (tenant: string, subject: string, idHash: string) =>
  subjectKey(tenant, subject, "challenge", idHash);

/** A link to the subject's own page, and the visit that it became: found by the hash of a secret. */
export const subjectLinkKey = (secretHash: string): Deno.KvKey => ["subject_link", secretHash];
export const subjectVisitKey = (secretHash: string): Deno.KvKey => ["subject_visit", secretHash];

/** Index rows, as long as the link or the visit lives; prefix of them, or one. */
export const subjectLinksKey = (tenant: string, subject: string, ...secretHash: string[]) =>
  subjectKey(tenant, subject, "link", ...secretHash);
export const subjectVisitsKey = (tenant: string, subject: string, ...secretHash: string[]) =>
  subjectKey(tenant, subject, "visit", ...secretHash);

/** A step-up that was asked of the subject and not passed yet. */
export const unansweredKey = (tenant: string, subject: string) =>
  subjectKey(tenant, subject, "unanswered");

/** Step-ups that the subject failed. */
export const failuresKey = (tenant: string, subject: string) =>
  subjectKey(tenant, subject, "failures");

/** Prefix of the subject's factors, and one of them. */
export const factorsKey = (tenant: string, subject: string) =>
  subjectKey(tenant, subject, "factor");
export const factorKey = (tenant: string, subject: string, factor: string) =>
  subjectKey(tenant, subject, "factor", factor);

/** Prefix of all alerts of a tenant, oldest first: ids are ULIDs. */
export const alertsKey = (tenant: string) => tenantKey(tenant, "alert");
export const alertKey = (tenant: string, alert: string) => tenantKey(tenant, "alert", alert);

/** Prefix of what people made of alerts, and of one of them. */
export const alertHandlingsKey = (tenant: string) => tenantKey(tenant, "handling");
export const alertHandlingKey = (tenant: string, alert: string) =>
  tenantKey(tenant, "handling", alert);

/** Notices that wait to be told outside, oldest first: ids are ULIDs. */
export const outboxKey = (tenant: string) => tenantKey(tenant, "outbox");
export const outboxNoticeKey = (tenant: string, notice: string) =>
  tenantKey(tenant, "outbox", notice);

/** Rung whenever a session or an alert of the tenant changes. */
export const bellKey = (tenant: string) => tenantKey(tenant, "bell");
