/** Passkeys of subjects (WebAuthn, Level 3): bound to their site's pages, with user verification. */
import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import type { Factor } from "../../core/store/factors.ts";
import { CHALLENGE_LIFE_MS } from "../../core/store/challenges.ts";

export type Passkey = Extract<Factor["proof"], { kind: "passkey" }>;

/** Which page is asked, and by what challenge. */
export interface Ceremony {
  /** Of the challenge, base64url. */
  readonly challenge: string;
  /** Serialised origin of the page. */
  readonly origin: string;
  /** What passkeys are bound to. */
  readonly rpId: string;
}

/** The tenant's RP ID, where the page may use it, else the page's own host (WebAuthn, section 5.1.3). */
export function rpIdOf(origin: string, ofTenant: string | null): string {
  const { hostname } = new URL(origin);
  const isSuffix = ofTenant !== null &&
    (hostname === ofTenant || hostname.endsWith(`.${ofTenant}`));
  return isSuffix ? ofTenant : hostname;
}

/** Options for `navigator.credentials.get`. */
export function requestOptions({ challenge, rpId }: Ceremony, passkeys: readonly Passkey[]) {
  return generateAuthenticationOptions({
    rpID: rpId,
    challenge: decodeBase64Url(challenge),
    userVerification: "required",
    timeout: CHALLENGE_LIFE_MS.passkey,
    allowCredentials: passkeys.map(({ credential, transports }) => {
      return { id: credential, transports: [...transports] as never };
    }),
  });
}

/** Options for `navigator.credentials.create`; `handle` files the account and says nothing of it. */
export function creationOptions(
  { challenge, rpId }: Ceremony,
  { handle, site, passkeys }: {
    readonly handle: string;
    /** What the site is called. */
    readonly site: string;
    readonly passkeys: readonly Passkey[];
  },
) {
  return generateRegistrationOptions({
    rpName: site,
    rpID: rpId,
    userID: new TextEncoder().encode(handle),
    userName: site,
    challenge: decodeBase64Url(challenge),
    timeout: CHALLENGE_LIFE_MS.passkey,
    attestationType: "none",
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
    excludeCredentials: passkeys.map(({ credential }) => ({ id: credential })),
  });
}

/** The new passkey, or `undefined` when anything about it is wrong. */
export async function registered(
  { challenge, origin, rpId }: Ceremony,
  response: unknown,
): Promise<Passkey | undefined> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
    });
    if (!verified || !registrationInfo) return undefined;
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    return {
      kind: "passkey",
      credential: id,
      publicKey: encodeBase64Url(publicKey),
      counter,
      transports: [...transports],
    };
  } catch {
    return undefined;
  }
}

/** The passkey with its new counter, or `undefined` when anything about the signature is wrong. */
export async function signed(
  { challenge, origin, rpId }: Ceremony,
  response: unknown,
  passkey: Passkey,
): Promise<Passkey | undefined> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credential,
        publicKey: decodeBase64Url(passkey.publicKey),
        counter: passkey.counter,
        transports: [...passkey.transports] as never,
      },
    });
    return verified ? { ...passkey, counter: authenticationInfo.newCounter } : undefined;
  } catch {
    return undefined;
  }
}
