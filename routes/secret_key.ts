/** The tenant's secret API key, derived from the master key so that nothing else has to be kept. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { decodeHex, encodeHex } from "@std/encoding/hex";
import { DEFAULT_TENANT } from "../core/store/keys.ts";

/** Where dev keeps the master key it made, under the data folder. */
const MASTER_KEY_FILE = "master.key";
const LABEL = `gaitkeeper secret api key v1 ${DEFAULT_TENANT}`;

/** `gk_sk_` and the HMAC-SHA-256 of a label under the master key (RFC 2104), base64url. */
export async function deriveSecretKey(masterKey: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", decodeHex(masterKey), algorithm, false, [
    "sign",
  ]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(LABEL));
  return `gk_sk_${encodeBase64Url(mac)}`;
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
  return made;
}
