/** Factors: what a subject can prove themselves with, sealed, below the subject. */
import { z } from "zod";
import { factorKey, factorsKey, subjectDataKeyKey } from "./keys.ts";
import { type DataKey, openValue, sealValue } from "./vault.ts";

export const Factor = z.object({
  version: z.literal(1),
  /** ULID. */
  id: z.string(),
  /** As its owner calls it. */
  name: z.string(),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().optional(),
  proof: z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("passkey"),
      /** Of the credential, base64url. */
      credential: z.string(),
      /** COSE key, base64url. */
      publicKey: z.string(),
      /** Signatures so far, where the authenticator counts them. */
      counter: z.number().int(),
      transports: z.array(z.string()),
    }),
    z.object({
      kind: z.literal("totp"),
      /** Base32. */
      secret: z.string(),
      /** The last 30 s step whose code was taken: each is good once (RFC 6238, section 5.2). */
      lastStep: z.number().int(),
    }),
  ]),
});
export type Factor = z.infer<typeof Factor>;
export type FactorKind = Factor["proof"]["kind"];

/** A factor with the versionstamp that its change must check. */
export interface StoredFactor {
  readonly factor: Factor;
  readonly versionstamp: string;
}

/** A subject may have so many. */
export const FACTORS_LIMIT = 10;

const kindOf = (id: string) => `factor ${id}`;

/** Oldest first. @throws {GaitkeeperError} `template_unreadable` */
export async function listFactors(kv: Deno.Kv, dataKey: DataKey): Promise<StoredFactor[]> {
  // What a deleted key sealed is gone with it.
  if (dataKey.versionstamp === null) return [];
  const factors: StoredFactor[] = [];
  const prefix = factorsKey(dataKey.tenant, dataKey.subject);
  for await (const { key, value, versionstamp } of kv.list({ prefix })) {
    const factor = Factor.parse(await openValue(dataKey, kindOf(String(key.at(-1))), value));
    factors.push({ factor, versionstamp });
  }
  return factors;
}

/** Adds to what is committed a factor that is new (`null`) or was read at `versionstamp`. */
export async function putFactor(
  atomic: Deno.AtomicOperation,
  dataKey: DataKey,
  factor: Factor,
  versionstamp: string | null,
): Promise<void> {
  const { tenant, subject } = dataKey;
  const key = factorKey(tenant, subject, factor.id);
  const dataKeyAt = subjectDataKeyKey(tenant, subject);
  atomic.check({ key, versionstamp }, { key: dataKeyAt, versionstamp: dataKey.versionstamp });
  if (dataKey.versionstamp === null) atomic.set(dataKeyAt, dataKey.row);
  atomic.set(key, await sealValue(dataKey, kindOf(factor.id), factor));
}
