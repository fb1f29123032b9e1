/** Secret API keys of a tenant: shown once, kept as a hash, scoped, revocable, rotated with overlap. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { encodeHex } from "@std/encoding/hex";
import { ulid } from "@std/ulid";
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { KEY_SCOPES, type Permission, PERMISSIONS } from "../permission.ts";
import type { Act, AuditLog } from "./audit.ts";
import { apiKeyIndexKey, apiKeyKey, apiKeysKey } from "./keys.ts";

export const ApiKey = z.object({
  version: z.literal(1),
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(PERMISSIONS)),
  /** SHA-256 of the secret, hex: 256 random bits need no slow hash. */
  hash: z.string(),
  /** Of the secret, enough to tell keys apart in a list. */
  hint: z.string(),
  createdAtMs: z.number(),
  /** Known to the minute. */
  lastUsedAtMs: z.number().optional(),
  /** From then on the key opens nothing: revoked, or its overlap with a successor is over. */
  endsAtMs: z.number().optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;

const Index = z.object({ tenant: z.string(), id: z.string() });

/** A key that was just made; its secret is told here and never again. */
export interface MadeKey {
  readonly key: ApiKey;
  readonly secret: string;
}

/** What a new key is to be. */
export interface KeyRequest {
  readonly name: string;
  readonly scopes: readonly Permission[];
}

const PREFIX = "gk_sk_";
const SECRET_BYTES = 32;
const HINT_LENGTH = PREFIX.length + 4;
/** A use is written down at most this often: it must not cost a commit a call. */
const LAST_USE_STEP_MS = 60_000;
const KEYS_LIMIT = 100;

/**
 * Makes a key.
 * @throws {GaitkeeperError} `request_invalid` when the tenant has too many.
 */
export async function createApiKey(
  audit: AuditLog,
  tenant: string,
  request: KeyRequest,
  by: Pick<Act, "actor" | "from">,
): Promise<MadeKey> {
  const secret = `${PREFIX}${
    encodeBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
  }`;
  const key = await apiKeyOf(secret, request, audit.nowMs());
  await refuseTooMany(audit.kv, tenant);
  await audit.record(tenant, {
    ...by,
    action: "key.created",
    target: { kind: "api_key", id: key.id },
    after: request,
  }, (atomic) => insert(atomic, tenant, key));
  return { key, secret };
}

/** Registers a secret that was derived and not drawn, once: a key revoked since stays revoked. */
export async function registerApiKey(
  audit: AuditLog,
  tenant: string,
  secret: string,
  name: string,
): Promise<void> {
  const key = await apiKeyOf(secret, { name, scopes: KEY_SCOPES }, audit.nowMs());
  if ((await audit.kv.get(apiKeyIndexKey(key.hash))).value !== null) return;
  await audit.record(tenant, {
    actor: { kind: "service", id: "start" },
    action: "key.created",
    target: { kind: "api_key", id: key.id },
    after: { name, scopes: KEY_SCOPES },
  }, (atomic) => insert(atomic, tenant, key));
}

/**
 * Makes a successor with the same name and scopes; the old one goes on for `overlapMs`.
 * @throws {GaitkeeperError} `not_found` when there is no such key, or it has ended.
 */
export async function rotateApiKey(
  audit: AuditLog,
  tenant: string,
  id: string,
  overlapMs: number,
  by: Pick<Act, "actor" | "from">,
): Promise<MadeKey> {
  const { entry, key: old } = await currentKey(audit, tenant, id);
  const secret = `${PREFIX}${
    encodeBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)))
  }`;
  const key = await apiKeyOf(secret, old, audit.nowMs());
  const endsAtMs = Math.min(old.endsAtMs ?? Infinity, audit.nowMs() + overlapMs);
  await commit(audit, tenant, {
    ...by,
    action: "key.rotated",
    target: { kind: "api_key", id },
    after: { successor: key.id, endsAtMs },
  }, (atomic) => insert(atomic, tenant, key).check(entry).set(entry.key, { ...old, endsAtMs }));
  return { key, secret };
}

/** Ends a key at once. @throws {GaitkeeperError} `not_found` */
export async function revokeApiKey(
  audit: AuditLog,
  tenant: string,
  id: string,
  by: Pick<Act, "actor" | "from">,
): Promise<void> {
  const { entry, key } = await currentKey(audit, tenant, id);
  const revoked: ApiKey = { ...key, endsAtMs: audit.nowMs() };
  const act = { ...by, action: "key.revoked", target: { kind: "api_key", id } };
  await commit(audit, tenant, act, (atomic) => atomic.check(entry).set(entry.key, revoked));
}

/** The key of this id, ended or not. */
export async function getApiKey(
  kv: Deno.Kv,
  tenant: string,
  id: string,
): Promise<ApiKey | undefined> {
  const { value } = await kv.get(apiKeyKey(tenant, id));
  return value === null ? undefined : ApiKey.parse(value);
}

/** All keys of a tenant, ended ones too, newest first. */
export async function listApiKeys(kv: Deno.Kv, tenant: string): Promise<ApiKey[]> {
  const keys: ApiKey[] = [];
  for await (const { value } of kv.list({ prefix: apiKeysKey(tenant) }, { reverse: true })) {
    keys.push(ApiKey.parse(value));
  }
  return keys;
}

/**
 * The key that a secret opens, with its tenant; `undefined` for one that never was, was revoked or has
 * had its successor. Found by hash, so there is nothing to compare in constant time.
 */
export async function findApiKey(
  kv: Deno.Kv,
  secret: string,
  nowMs: number,
): Promise<{ readonly tenant: string; readonly key: ApiKey } | undefined> {
  if (!secret.startsWith(PREFIX)) return undefined;
  const index = await kv.get(apiKeyIndexKey(await hashOf(secret)));
  if (index.value === null) return undefined;
  const { tenant, id } = Index.parse(index.value);
  const entry = await kv.get(apiKeyKey(tenant, id));
  if (entry.value === null) return undefined;
  const key = ApiKey.parse(entry.value);
  if (hasEnded(key, nowMs)) return undefined;
  if (nowMs - (key.lastUsedAtMs ?? 0) >= LAST_USE_STEP_MS) {
    // Where it was changed meanwhile, that is what counts.
    await kv.atomic().check(entry).set(entry.key, { ...key, lastUsedAtMs: nowMs }).commit();
  }
  return { tenant, key };
}

export function hasEnded({ endsAtMs }: ApiKey, nowMs: number): boolean {
  return endsAtMs !== undefined && endsAtMs <= nowMs;
}

async function currentKey(audit: AuditLog, tenant: string, id: string) {
  const entry = await audit.kv.get(apiKeyKey(tenant, id));
  const key = entry.value === null ? undefined : ApiKey.parse(entry.value);
  if (!key || hasEnded(key, audit.nowMs())) {
    throw new GaitkeeperError("not_found", "Cannot change key: there is none of this id in use");
  }
  return { entry, key };
}

async function commit(...[audit, ...act]: [AuditLog, ...Parameters<AuditLog["record"]>]) {
  if (await audit.record(...act)) return;
  throw new GaitkeeperError("store_conflict", "Cannot change key: it was changed just now");
}

async function refuseTooMany(kv: Deno.Kv, tenant: string): Promise<void> {
  let count = 0;
  for await (const _ of kv.list({ prefix: apiKeysKey(tenant) }, { limit: KEYS_LIMIT })) count++;
  if (count < KEYS_LIMIT) return;
  throw new GaitkeeperError(
    "request_invalid",
    `Cannot create key: a tenant must have fewer than ${KEYS_LIMIT}`,
  );
}

function insert(atomic: Deno.AtomicOperation, tenant: string, key: ApiKey) {
  const at = apiKeyKey(tenant, key.id);
  const index = apiKeyIndexKey(key.hash);
  return atomic
    .check({ key: at, versionstamp: null }, { key: index, versionstamp: null })
    .set(at, key)
    .set(index, { tenant, id: key.id });
}

async function apiKeyOf(secret: string, of: KeyRequest, nowMs: number): Promise<ApiKey> {
  return {
    version: 1,
    id: ulid(nowMs) as string,
    name: of.name,
    scopes: [...of.scopes],
    hash: await hashOf(secret),
    hint: secret.slice(0, HINT_LENGTH),
    createdAtMs: nowMs,
  };
}

async function hashOf(secret: string): Promise<string> {
  return encodeHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
}
