/** What operators' accounts keep under the master key: sealed TOTP secrets, signed challenges. */
import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import { decodeHex } from "@std/encoding/hex";

const SEAL_LABEL = "gaitkeeper operators' totp v1";
const SIGN_LABEL = "gaitkeeper operators' challenges v1";
const IV_BYTES = 12;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;

/** A challenge that was signed here. */
export interface Challenge {
  /** Random; what is used up is remembered by it. */
  readonly nonce: string;
  readonly expiresAtMs: number;
}

const encode = (text: string) => new TextEncoder().encode(text);

export class OperatorVault {
  private constructor(readonly sealing: CryptoKey, readonly signing: CryptoKey) {}

  /** @param masterKey 64 hex digits; each key is derived from it by HKDF-SHA-256 (RFC 5869). */
  static async open(masterKey: string): Promise<OperatorVault> {
    const bytes = decodeHex(masterKey);
    const main = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
    const derive = (label: string, to: AesKeyGenParams | HmacKeyGenParams, uses: KeyUsage[]) => {
      const salt = new Uint8Array();
      const by = { name: "HKDF", hash: "SHA-256", salt, info: encode(label) };
      return crypto.subtle.deriveKey(by, main, to, false, uses);
    };
    return new OperatorVault(
      await derive(SEAL_LABEL, { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
      await derive(SIGN_LABEL, { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign", "verify"]),
    );
  }

  /** AES-256-GCM, base64url; `context` says whose it is and must be the same to unseal. */
  async seal(text: string, context: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const by = { name: "AES-GCM", iv, additionalData: encode(context) };
    const sealed = await crypto.subtle.encrypt(by, this.sealing, encode(text));
    return encodeBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
  }

  /** The text, or `undefined` for what was not sealed here in this context. */
  async unseal(sealed: string, context: string): Promise<string | undefined> {
    try {
      const bytes = decodeBase64Url(sealed);
      const iv = bytes.slice(0, IV_BYTES);
      const by = { name: "AES-GCM", iv, additionalData: encode(context) };
      const text = await crypto.subtle.decrypt(by, this.sealing, bytes.slice(IV_BYTES));
      return new TextDecoder().decode(text);
    } catch {
      return undefined;
    }
  }

  /**
   * A challenge for `purpose`, good until `expiresAtMs`. It is stored nowhere before it is used: asking
   * for one costs the store nothing. 128 random bits, a time and their HMAC-SHA-256.
   */
  async challenge(purpose: string, expiresAtMs: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(NONCE_BYTES + TIME_BYTES);
    crypto.getRandomValues(bytes.subarray(0, NONCE_BYTES));
    new DataView(bytes.buffer).setUint16(NONCE_BYTES, Math.floor(expiresAtMs / 2 ** 32));
    new DataView(bytes.buffer).setUint32(NONCE_BYTES + 2, expiresAtMs % 2 ** 32);
    const mac = await crypto.subtle.sign("HMAC", this.signing, this.#signed(purpose, bytes));
    return new Uint8Array([...bytes, ...new Uint8Array(mac)]);
  }

  /** @param challenge base64url, as an authenticator signed it. */
  async checkChallenge(
    purpose: string,
    challenge: string,
    nowMs: number,
  ): Promise<Challenge | undefined> {
    let all: Uint8Array<ArrayBuffer>;
    try {
      all = decodeBase64Url(challenge);
    } catch {
      return undefined;
    }
    const bytes = all.slice(0, NONCE_BYTES + TIME_BYTES);
    if (bytes.length < NONCE_BYTES + TIME_BYTES) return undefined;
    const mac = all.slice(bytes.length);
    if (!await crypto.subtle.verify("HMAC", this.signing, mac, this.#signed(purpose, bytes))) {
      return undefined;
    }
    const view = new DataView(bytes.buffer);
    const expiresAtMs = view.getUint16(NONCE_BYTES) * 2 ** 32 + view.getUint32(NONCE_BYTES + 2);
    if (expiresAtMs <= nowMs) return undefined;
    return { nonce: encodeBase64Url(bytes.slice(0, NONCE_BYTES)), expiresAtMs };
  }

  #signed(purpose: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    return new Uint8Array([...bytes, ...encode(purpose)]);
  }
}
