/** Passkeys (WebAuthn, Level 3): discoverable credentials with user verification. */
import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { z } from "zod";
import { operatorIndexKey } from "../../core/store/keys.ts";
import type { Passkey } from "../../core/store/operators.ts";
import type { Challenge, OperatorVault } from "./vault.ts";

/** A person may look for their key for so long. */
const CHALLENGE_LIFE_MS = 5 * 60_000;
const RP_NAME = "Gaitkeeper";

/** Which page asks: a passkey is bound to the name of its host. */
export interface RelyingParty {
  readonly vault: OperatorVault;
  readonly nowMs: () => number;
  /** Origin of the page. */
  readonly origin: string;
}

/** Shapes are the library's to check; these are what is read before it does. */
const Credential = z.looseObject({ id: z.string().max(1400), response: z.looseObject({}) });

/** What an authenticator said, as a form carries it: JSON, or `undefined` for anything else. */
export function parseCredential(text: string): z.infer<typeof Credential> | undefined {
  try {
    return Credential.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Options for `navigator.credentials.get`: any passkey of this site, unless some are named. */
export async function signInOptions(
  { vault, nowMs, origin }: RelyingParty,
  purpose: string,
  passkeys: readonly Passkey[] = [],
) {
  return await generateAuthenticationOptions({
    rpID: new URL(origin).hostname,
    challenge: await vault.challenge(purpose, nowMs() + CHALLENGE_LIFE_MS),
    userVerification: "required",
    timeout: CHALLENGE_LIFE_MS,
    allowCredentials: passkeys.map(({ id }) => ({ id })),
  });
}

/** Options for `navigator.credentials.create`. */
export async function registrationOptions(
  { vault, nowMs, origin }: RelyingParty,
  purpose: string,
  { handle, email, name, passkeys }: {
    /** What the authenticator files the account under; says nothing of the person. */
    readonly handle: string;
    readonly email: string;
    readonly name: string;
    readonly passkeys: readonly Passkey[];
  },
) {
  return await generateRegistrationOptions({
    rpName: RP_NAME,
    rpID: new URL(origin).hostname,
    userID: new TextEncoder().encode(handle),
    userName: email,
    userDisplayName: name,
    challenge: await vault.challenge(purpose, nowMs() + CHALLENGE_LIFE_MS),
    timeout: CHALLENGE_LIFE_MS,
    attestationType: "none",
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials: passkeys.map(({ id }) => ({ id })),
  });
}

/** A proof that stands, with the challenge that its commit has to use up. */
export interface Proven<What> {
  readonly what: What;
  readonly challenge: Challenge;
}

/** The new passkey, without its name, or `undefined` when anything about it is wrong. */
export async function verifyRegistration(
  { vault, nowMs, origin }: RelyingParty,
  purpose: string,
  response: unknown,
): Promise<Proven<Omit<Passkey, "name">> | undefined> {
  let challenge: Challenge | undefined;
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: async (given) =>
        (challenge = await vault.checkChallenge(purpose, given, nowMs())) !== undefined,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
    });
    if (!registrationInfo || !challenge) return undefined;
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    const key = { id, publicKey: encodeBase64Url(publicKey), counter, transports: [...transports] };
    return { what: { ...key, createdAtMs: nowMs() }, challenge };
  } catch {
    return undefined;
  }
}

/** The passkey with its new counter, or `undefined` when anything about the signature is wrong. */
export async function verifySignIn(
  { vault, nowMs, origin }: RelyingParty,
  purpose: string,
  response: unknown,
  passkey: Passkey,
): Promise<Proven<Passkey> | undefined> {
  let challenge: Challenge | undefined;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: async (given) =>
        (challenge = await vault.checkChallenge(purpose, given, nowMs())) !== undefined,
      expectedOrigin: origin,
      expectedRPID: new URL(origin).hostname,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: decodeBase64Url(passkey.publicKey),
        counter: passkey.counter,
        transports: passkey.transports,
      },
    });
    if (!verified || !challenge) return undefined;
    const counter = authenticationInfo.newCounter;
    return { what: { ...passkey, counter, lastUsedAtMs: nowMs() }, challenge };
  } catch {
    return undefined;
  }
}

/** Uses a challenge up in the commit that it lets pass: of several uses one commits. */
export function useChallenge(
  atomic: Deno.AtomicOperation,
  { nonce, expiresAtMs }: Challenge,
  nowMs: number,
) {
  const key = operatorIndexKey("challenge", nonce);
  // Past its life the signature refuses it by itself.
  const expireIn = Math.max(1, expiresAtMs - nowMs);
  return atomic.check({ key, versionstamp: null }).set(key, { version: 1 }, { expireIn });
}
