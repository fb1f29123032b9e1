/**
 * Challenges: one question to one subject, to be answered once and soon. Each answer counts as a failure
 * before it is looked at, so that tries at the same time count too.
 */
import { encodeBase64Url } from "@std/encoding/base64url";
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { challengeKey, failuresKey, subjectChallengeKey } from "./keys.ts";
import { hashOfSecret } from "./secret.ts";

export const Challenge = z.object({
  version: z.literal(1),
  /** What is asked: a step-up, or the registration of a factor. */
  purpose: z.enum(["step_up", "passkey", "totp"]),
  tenant: z.string(),
  subject: z.string(),
  session: z.string(),
  /** The session's open alert, where it has one. */
  alert: z.string().optional(),
  /** Serialised origin of the page that may answer. */
  origin: z.string(),
  /** Of a TOTP that is being registered: its secret, sealed. */
  sealed: z.instanceof(Uint8Array).optional(),
  expiresAtMs: z.number(),
});
export type Challenge = z.infer<typeof Challenge>;

const Failures = z.object({
  version: z.literal(1),
  failures: z.number().int(),
  closedUntilMs: z.number(),
  expiresAtMs: z.number(),
});

const MINUTE_MS = 60_000;
/** Of an authenticator app the person has to find, or even get, the app first. */
export const CHALLENGE_LIFE_MS: Readonly<Record<Challenge["purpose"], number>> = {
  step_up: 2 * MINUTE_MS,
  passkey: 2 * MINUTE_MS,
  totp: 10 * MINUTE_MS,
};
const CHALLENGE_BYTES = 32;
/** Failures from which on each costs a delay, which doubles. */
export const FREE_FAILURES = 5;
const FIRST_DELAY_MS = 30_000;
const LONGEST_DELAY_MS = 3600_000;
/** Without another try so long, failures are forgotten. */
const MEMORY_MS = 24 * 3600_000;
const RACES = 100;

/** Asks: 256 random bits, base64url, which serve as WebAuthn's challenge too. */
export async function createChallenge(
  kv: Deno.Kv,
  of: Omit<Challenge, "version" | "expiresAtMs">,
  nowMs: number,
): Promise<{ readonly id: string; readonly expiresAtMs: number }> {
  const id: string = encodeBase64Url(crypto.getRandomValues(new Uint8Array(CHALLENGE_BYTES)));
  const hash = await hashOfSecret(id);
  const expireIn = CHALLENGE_LIFE_MS[of.purpose];
  const expiresAtMs = nowMs + expireIn;
  const challenge: Challenge = { version: 1, ...of, expiresAtMs };
  await kv.atomic()
    .set(challengeKey(hash), challenge, { expireIn })
    .set(subjectChallengeKey(of.tenant, of.subject, hash), 1, { expireIn })
    .commit();
  return { id, expiresAtMs };
}

/** The challenge as it stands, still to be used. @throws {GaitkeeperError} `challenge_invalid` */
export async function findChallenge(kv: Deno.Kv, id: string, nowMs: number): Promise<Challenge> {
  return valid((await kv.get(challengeKey(await hashOfSecret(id)))).value, nowMs);
}

/** A challenge that was used up, with the failures that stand now, this one among them. */
export interface Attempt {
  readonly challenge: Challenge;
  readonly failures: number;
}

/**
 * Uses a challenge up, of parallel uses one, and counts a failure: see {@linkcode forgiveFailures}.
 * @throws {GaitkeeperError} `challenge_invalid`; `step_up_delayed`, which leaves the challenge unused.
 */
export async function useChallenge(kv: Deno.Kv, id: string, nowMs: number): Promise<Attempt> {
  const hash = await hashOfSecret(id);
  for (let race = 0; race < RACES; race++) {
    const entry = await kv.get(challengeKey(hash));
    const challenge = valid(entry.value, nowMs);
    const { tenant, subject } = challenge;
    const counted = await kv.get(failuresKey(tenant, subject));
    const before = failuresOf(counted.value, nowMs);
    if (before.closedUntilMs > nowMs) throw delayed(before.closedUntilMs - nowMs);
    const failures = before.failures + 1;
    const closedUntilMs = nowMs + delayAfter(failures);
    const expiresAtMs = closedUntilMs + MEMORY_MS;
    const { ok } = await kv.atomic()
      .check(entry, counted)
      .delete(entry.key)
      .delete(subjectChallengeKey(tenant, subject, hash))
      .set(counted.key, { version: 1, failures, closedUntilMs, expiresAtMs }, {
        expireIn: expiresAtMs - nowMs,
      })
      .commit();
    if (ok) return { challenge, failures };
  }
  throw new GaitkeeperError("store_conflict", "Cannot use challenge: others keep coming first");
}

/** The proof was passed: earlier failures of the subject are forgotten. */
export function forgiveFailures(
  atomic: Deno.AtomicOperation,
  { tenant, subject }: Pick<Challenge, "tenant" | "subject">,
): Deno.AtomicOperation {
  return atomic.delete(failuresKey(tenant, subject));
}

/** @throws {GaitkeeperError} `step_up_delayed` while the subject has to wait. */
export async function refuseDelayed(
  kv: Deno.Kv,
  { tenant, subject }: Pick<Challenge, "tenant" | "subject">,
  nowMs: number,
): Promise<void> {
  const { closedUntilMs } = failuresOf((await kv.get(failuresKey(tenant, subject))).value, nowMs);
  if (closedUntilMs > nowMs) throw delayed(closedUntilMs - nowMs);
}

/** What has to be waited after so many failures, ms. */
export function delayAfter(failures: number): number {
  if (failures < FREE_FAILURES) return 0;
  return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES));
}

function failuresOf(value: unknown, nowMs: number) {
  const found = value === null ? undefined : Failures.parse(value);
  return found && found.expiresAtMs > nowMs ? found : { failures: 0, closedUntilMs: 0 };
}

function valid(value: unknown, nowMs: number): Challenge {
  const challenge = value === null ? undefined : Challenge.parse(value);
  if (challenge && challenge.expiresAtMs > nowMs) return challenge;
  throw new GaitkeeperError(
    "challenge_invalid",
    "Cannot take answer: its challenge must be unused and at most 2 minutes old (10 to register an app)",
  );
}

function delayed(waitMs: number): GaitkeeperError {
  const retryAfterSeconds = Math.ceil(waitMs / 1000);
  return new GaitkeeperError(
    "step_up_delayed",
    `Cannot step up yet: there were too many failures; wait ${retryAfterSeconds} s`,
    { retryAfterSeconds },
  );
}
