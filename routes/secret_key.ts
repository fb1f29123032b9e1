/** The tenant's secret API key, derived from the master key so that nothing else has to be kept. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { decodeHex, encodeHex } from "@std/encoding/hex";
import { DEFAULT_TENANT } from "../core/store/keys.ts";

/** Where dev keeps the master key it made, under the data folder. */
const MASTER_KEY_FILE = "master.key";
const LABEL = `gaitkeeper secret api key v1 ${DEFAULT_TENANT}`;
const AUDIT_LABEL = "gaitkeeper audit log v1";
const PSEUDONYM_LABEL = `gaitkeeper trace pseudonyms v1 ${DEFAULT_TENANT}`;

/** `gk_sk_` and the HMAC-SHA-256 of a label under the master key (RFC 2104), base64url. */
export async function deriveSecretKey(masterKey: string): Promise<string> {
  return `gk_sk_${encodeBase64Url(await derive(masterKey, LABEL))}`;
}

/** The tenant's key for the pseudonyms of recorded people, to sign with. */
export async function derivePseudonymKey(masterKey: string): Promise<CryptoKey> {
  return await hmacKey(await derive(masterKey, PSEUDONYM_LABEL));
}

/** The key of the audit log's hashes, to sign with. */
export async function deriveAuditKey(masterKey: string): Promise<CryptoKey> {
  return await hmacKey(await derive(masterKey, AUDIT_LABEL));
}

async function derive(masterKey: string, label: string): Promise<ArrayBuffer> {
  const key = await hmacKey(decodeHex(masterKey));
  return await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(label));
}

function hmacKey(bytes: BufferSource): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
}

/** The dev master key under `data`, or `undefined` where dev has not run yet. */
export async function readDevMasterKey(data: string): Promise<string | undefined> {
  try {
    return (await Deno.readTextFile(`${data}/${MASTER_KEY_FILE}`)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** The dev master key, made on first use and readable by its owner alone. */
export async function ensureDevMasterKey(data: string): Promise<string> {
  const found = await readDevMasterKey(data);
  if (found) return found;
  const made: string = encodeHex(crypto.getRandomValues(new Uint8Array(32)));
  await Deno.mkdir(data, { recursive: true });
  await Deno.writeTextFile(`${data}/${MASTER_KEY_FILE}`, `${made}\n`, { mode: 0o600 });
  console.warn(
    `Made a master key in ${data}/${MASTER_KEY_FILE}, beside what it seals: good for dev alone.`,
  );
  return made;
}
