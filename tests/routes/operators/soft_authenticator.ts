/** An authenticator in memory (WebAuthn, Level 3, section 6), which can also be made to misbehave. */
import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import { Buffer } from "node:buffer";
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const CREDENTIAL_INCLUDED = 0x40;

/** What a test may get wrong on purpose. */
export interface Misbehaviour {
  readonly origin?: string;
  readonly rpId?: string;
  /** Leaves the person's finger or PIN out. */
  readonly unverified?: boolean;
  readonly challenge?: string;
}

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest();

export class SoftAuthenticator {
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly id = encodeBase64Url(randomBytes(32));
  counter = 0;

  constructor(readonly origin: string) {}

  /** What `navigator.credentials.create` would send on. */
  create({ challenge, rp }: { challenge: string; rp: { id?: string } }, wrong: Misbehaviour = {}) {
    const { x, y } = this.#keys.publicKey.export({ format: "jwk" });
    const id = decodeBase64Url(this.id);
    const credential = Buffer.concat([
      Buffer.alloc(16),
      Buffer.from([0, id.length]),
      id,
      // COSE_Key: kty EC2, alg ES256, crv P-256, x, y (RFC 9053, section 7.1.1).
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
      Buffer.from(x!, "base64url"),
      Buffer.from([0x22, 0x58, 0x20]),
      Buffer.from(y!, "base64url"),
    ]);
    const authData = Buffer.concat([
      this.#head(wrong.rpId ?? rp.id!, CREDENTIAL_INCLUDED, wrong),
      credential,
    ]);
    const attestation = Buffer.concat([
      // {"fmt": "none", "attStmt": {}, "authData": bytes}
      Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
      Buffer.from([authData.length]),
      authData,
    ]);
    return this.#credential({
      clientDataJSON: this.#clientData("webauthn.create", challenge, wrong),
      attestationObject: encodeBase64Url(attestation),
      transports: ["internal"],
    });
  }

  /** What `navigator.credentials.get` would send on. */
  get({ challenge, rpId }: { challenge: string; rpId?: string }, wrong: Misbehaviour = {}) {
    this.counter++;
    const authData = this.#head(wrong.rpId ?? rpId!, 0, wrong);
    const clientDataJSON = this.#clientData("webauthn.get", challenge, wrong);
    const signature = createSign("SHA256")
      .update(Buffer.concat([authData, sha256(decodeBase64Url(clientDataJSON))]))
      .sign(this.#keys.privateKey);
    return this.#credential({
      clientDataJSON,
      authenticatorData: encodeBase64Url(authData),
      signature: encodeBase64Url(signature),
    });
  }

  #head(rpId: string, flags: number, { unverified = false }: Misbehaviour): Buffer {
    const all = flags | USER_PRESENT | (unverified ? 0 : USER_VERIFIED);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(rpId), Buffer.from([all]), counter]);
  }

  #clientData(type: string, challenge: string, wrong: Misbehaviour): string {
    const said = {
      type,
      challenge: wrong.challenge ?? challenge,
      origin: wrong.origin ?? this.origin,
    };
    return encodeBase64Url(JSON.stringify(said));
  }

  #credential(response: unknown): string {
    const { id } = this;
    const credential = { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
    return JSON.stringify(credential);
  }
}

/** The options that a page's form carries for its script. */
export function optionsOf(page: string, action: string) {
  const form = new RegExp(`<form[^>]*action="${action}"[^>]*data-options="([^"]*)"`).exec(page);
  return JSON.parse(form![1]!.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
}
