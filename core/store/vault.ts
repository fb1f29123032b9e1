/**
 * The vault: seals what is kept of a subject. AES-256-GCM (NIST SP 800-38D) under a data key of the
 * subject's own, which a tenant key wraps, which the master key wraps. Whose row it is and of which
 * kind is authenticated with it, so that no row opens in another's place; and without the data key
 * nothing opens at all, so to delete that one row is to erase the rest.
 *
 * Whoever can write the store can still put an older row of the same place back.
 */
import { decodeHex } from "@std/encoding/hex";
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { installationKey, subjectDataKeyKey, tenantDataKeyKey } from "./keys.ts";
import { fromBytes, toBytes } from "./serialized.ts";

const VERSION = 1;
/**
 * 96 random bits: good for 2^32 rows under one key (NIST SP 800-38D, section 8.3). A data key is one
 * subject's and seals a handful of rows a commit, so that at a commit a second it takes decades.
 */
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const LABEL = "gaitkeeper tenant keys v1";

const WrappedKey = z.object({ version: z.literal(VERSION), wrapped: z.instanceof(Uint8Array) });
type WrappedKey = z.infer<typeof WrappedKey>;
type Bytes = Uint8Array<ArrayBuffer>;

/** The key under which a subject's rows are sealed. */
export interface DataKey {
  readonly tenant: string;
  readonly subject: string;
  readonly key: CryptoKey;
  /** Of its row, to be checked by whatever commits what it sealed; `null` before it has one. */
  readonly versionstamp: string | null;
  /** What the row is to hold. */
  readonly row: WrappedKey;
}

export class Vault {
  readonly #tenantKeys = new Map<string, CryptoKey>();

  private constructor(readonly master: CryptoKey) {}

  /** @param masterKey 64 hex digits; the wrapping key is derived from it by HKDF-SHA-256 (RFC 5869). */
  static async open(masterKey: string): Promise<Vault> {
    const bytes = decodeHex(masterKey);
    const main = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
    const info = new TextEncoder().encode(LABEL);
    const by = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
    const to = { name: "AES-GCM", length: 8 * KEY_BYTES };
    return new Vault(
      await crypto.subtle.deriveKey(by, main, to, false, ["encrypt", "decrypt"]),
    );
  }

  /**
   * Makes sure that the store was made under this master key.
   * @throws {GaitkeeperError} `settings_invalid` when it was another.
   */
  async check(kv: Deno.Kv): Promise<void> {
    const key = installationKey("master_key_check");
    const context = ["master key"];
    const made = await seal(this.master, context, new Uint8Array(KEY_BYTES));
    await kv.atomic().check({ key, versionstamp: null }).set(key, made).commit();
    try {
      await open(this.master, context, z.instanceof(Uint8Array).parse((await kv.get(key)).value));
    } catch (cause) {
      throw new GaitkeeperError(
        "settings_invalid",
        "Cannot start: GAITKEEPER_MASTER_KEY must be the one that this store was made with",
        { cause },
      );
    }
  }

  /** The subject's data key; a new one, which the caller has to commit, where there is none. */
  async dataKey(kv: Deno.Kv, tenant: string, subject: string): Promise<DataKey> {
    const tenantKey = await this.#tenantKey(kv, tenant);
    const context = ["data key", tenant, subject];
    const { value, versionstamp } = await kv.get(subjectDataKeyKey(tenant, subject));
    const row = value === null ? await newKey(tenantKey, context) : WrappedKey.parse(value);
    const key = await importKey(await open(tenantKey, context, row.wrapped));
    return { tenant, subject, key, versionstamp, row };
  }

  async #tenantKey(kv: Deno.Kv, tenant: string): Promise<CryptoKey> {
    const known = this.#tenantKeys.get(tenant);
    if (known) return known;
    const at = tenantDataKeyKey(tenant);
    const context = ["tenant key", tenant];
    let { value } = await kv.get(at);
    if (value === null) {
      const made = await newKey(this.master, context);
      await kv.atomic().check({ key: at, versionstamp: null }).set(at, made).commit();
      // Whoever came first has made it.
      value = (await kv.get(at)).value;
    }
    const key = await importKey(await open(this.master, context, WrappedKey.parse(value).wrapped));
    this.#tenantKeys.set(tenant, key);
    return key;
  }
}

/** Seals a value as bytes; `kind` says what it is and which one, such as `profile keyboard`. */
export function sealValue(of: DataKey, kind: string, value: unknown): Promise<Bytes> {
  return seal(of.key, rowContext(of, kind), toBytes(value));
}

/**
 * The value that was sealed, still to be parsed.
 * @throws {GaitkeeperError} `template_unreadable` for what was altered, moved, or sealed under
 *   another key: never read as if nothing were there.
 */
export async function openValue(of: DataKey, kind: string, sealed: unknown): Promise<unknown> {
  if (!(sealed instanceof Uint8Array)) throw unreadable(`${kind} is no sealed row`);
  return fromBytes(await open(of.key, rowContext(of, kind), sealed));
}

function rowContext({ tenant, subject }: DataKey, kind: string): string[] {
  return ["row", tenant, subject, kind];
}

/** Version, nonce, and what AES-GCM makes of the bytes; `context` is authenticated with them. */
async function seal(key: CryptoKey, context: readonly string[], bytes: Bytes): Promise<Bytes> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const by = { name: "AES-GCM", iv, additionalData: contextBytes(context) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(by, key, bytes));
  const whole = new Uint8Array(1 + NONCE_BYTES + sealed.length);
  whole[0] = VERSION;
  whole.set(iv, 1);
  whole.set(sealed, 1 + NONCE_BYTES);
  return whole;
}

async function open(
  key: CryptoKey,
  context: readonly string[],
  sealed: Uint8Array,
): Promise<Bytes> {
  if (sealed[0] !== VERSION) throw unreadable(`version must be ${VERSION}, got ${sealed[0]}`);
  const iv = sealed.slice(1, 1 + NONCE_BYTES);
  const by = { name: "AES-GCM", iv, additionalData: contextBytes(context) };
  try {
    return new Uint8Array(
      await crypto.subtle.decrypt(by, key, sealed.slice(1 + NONCE_BYTES)),
    );
  } catch (cause) {
    throw unreadable(`${context[0]} must be as it was sealed here`, cause);
  }
}

/** Versioned, and unambiguous whatever the ids hold. */
function contextBytes(context: readonly string[]): Bytes {
  return new TextEncoder().encode(JSON.stringify(["gaitkeeper", VERSION, ...context]));
}

async function newKey(by: CryptoKey, context: readonly string[]): Promise<WrappedKey> {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return { version: VERSION, wrapped: await seal(by, context, bytes) };
}

function importKey(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function unreadable(what: string, cause?: unknown): GaitkeeperError {
  return new GaitkeeperError("template_unreadable", `Cannot open sealed row: ${what}`, { cause });
}
