/** Secrets that are handed out once and kept as a hash: 256 random bits need no slow one. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { encodeHex } from "@std/encoding/hex";

const SECRET_BYTES = 32;

/** 256 random bits, base64url. */
export function newSecret(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
}

/** SHA-256, hex. */
export async function hashOfSecret(secret: string): Promise<string> {
  return encodeHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
}
