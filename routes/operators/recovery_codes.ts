/** Recovery codes: for whoever lost their device. 80 random bits each, so a fast hash keeps them. */
import { RECOVERY_CODES } from "../../core/operator.ts";
import { hashOfSecret } from "../../core/store/secret.ts";

/** Crockford's base32: no letter that is read as a digit. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH = 16;
const GROUP = /.{4}(?=.)/g;

/** Codes to be shown once, such as `k3x9-0vqe-7tbn-m2hd`, and the hashes to keep of them. */
export async function newRecoveryCodes() {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
    // 256 is a multiple of 32, so every character is as likely.
    return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join("")
      .replace(GROUP, "$&-");
  });
  return { codes, hashes: await Promise.all(codes.map(recoveryHash)) };
}

/** The hash of a code as somebody typed it. */
export function recoveryHash(code: string): Promise<string> {
  const letters = code.toLowerCase().replace(/[\s-]/g, "").replace(/o/g, "0").replace(/[il]/g, "1");
  return hashOfSecret(`recovery code ${letters}`);
}
