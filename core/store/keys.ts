/** Spells every KV key. A tenant's rows all lie under the tenant, in this one place. */
import type { Modality } from "../window.ts";

/** The tenant of an installation that has no others. */
export const DEFAULT_TENANT = "default";

/** A ticket is found by the hash of its secret, before its tenant is known. */
export const ticketKey = (secretHash: string): Deno.KvKey => ["ticket", secretHash];

const tenantKey = (tenant: string, ...rest: string[]): Deno.KvKey => ["tenant", tenant, ...rest];

export const checkpointKey = (tenant: string, session: string) =>
  tenantKey(tenant, "checkpoint", session);

/** Prefix of all sessions of a tenant. */
export const sessionsKey = (tenant: string) => tenantKey(tenant, "session");
export const sessionKey = (tenant: string, session: string) =>
  tenantKey(tenant, "session", session);

export const profileKey = (tenant: string, subject: string, modality: Modality) =>
  tenantKey(tenant, "profile", subject, modality);

/** Prefix of all alerts of a tenant, oldest first: ids are ULIDs. */
export const alertsKey = (tenant: string) => tenantKey(tenant, "alert");
export const alertKey = (tenant: string, alert: string) => tenantKey(tenant, "alert", alert);

/** Rung whenever a session or an alert of the tenant changes. */
export const bellKey = (tenant: string) => tenantKey(tenant, "bell");
