/**
 * Proofs of who an operator is: a passkey, or a password with a one-time code, or a recovery code. A
 * proof that fails says the same, after the same work, whether the account exists or not.
 */
import { GaitkeeperError } from "../../core/error.ts";
import { Email } from "../../core/operator.ts";
import {
  ACCOUNT_LIMIT,
  admitAttempt,
  type AttemptBy,
  forgiveAttempt,
  fromAddress,
} from "../../core/store/attempts.ts";
import type { SignInMethod, SignInPlace } from "../../core/store/operator_sessions.ts";
import {
  findOperatorByEmail,
  findOperatorByPasskey,
  type Operator,
  type Write,
} from "../../core/store/operators.ts";
import type { OperatorDeps } from "./deps.ts";
import { parseCredential, type RelyingParty, useChallenge, verifySignIn } from "./passkeys.ts";
import { recoveryHash } from "./recovery_codes.ts";
import { matchingStep } from "./totp.ts";

/** What stands; it counts only with the commit that uses up what it rests on. */
export interface Proof {
  readonly operator: Operator;
  readonly method: SignInMethod;
  /** What it changes of the operator, `undefined` where it was used meanwhile. */
  readonly change: (now: Operator) => Operator | undefined;
  readonly write: Write;
  /** Takes the attempts back that were counted for it. */
  readonly forgive: () => Promise<void>;
}

/** Compared with where no account has one, so that the work is the same. */
const NO_TOTP_SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const EMAIL_LENGTH = 254;

/** One sentence for all that may be wrong: it must not tell which. */
function refused(): GaitkeeperError {
  return new GaitkeeperError(
    "credential_invalid",
    "Cannot sign in: the details do not match an account, or the code was used before",
  );
}

/** Counts the attempt first. An address that is no address is an account that nobody has. */
async function admitted(deps: OperatorDeps, place: SignInPlace, typed?: string) {
  const parsed = Email.safeParse(typed ?? "");
  const email = parsed.success ? parsed.data : typed?.trim().toLowerCase().slice(0, EMAIL_LENGTH);
  const by: AttemptBy[] = [fromAddress(place.address)];
  if (email !== undefined) by.push({ limit: ACCOUNT_LIMIT, of: email });
  await admitAttempt(deps.kv, by, place.nowMs);
  return {
    operator: email === undefined ? undefined : await findOperatorByEmail(deps.kv, email),
    forgive: () => forgiveAttempt(deps.kv, by, place.nowMs),
  };
}

/**
 * Password and one-time code; the password is hashed anew where the parameters have grown.
 * @throws {GaitkeeperError} `credential_invalid`, `attempts_exceeded`, `queue_full`
 */
export async function proveByPassword(
  deps: OperatorDeps,
  { email, password, code }: {
    readonly email: string;
    readonly password: string;
    readonly code: string;
  },
  place: SignInPlace,
): Promise<Proof> {
  const { operator, forgive } = await admitted(deps, place, email);
  const isPassword = await deps.passwords.verify(password, operator?.password);
  const sealed = operator?.totp?.sealed;
  const secret = sealed && await deps.operatorVault.unseal(sealed, operator.id);
  const step = matchingStep(secret || NO_TOTP_SECRET, code, place.nowMs);
  if (!operator?.password || !isPassword || !secret || step === undefined) throw refused();
  const { password: encoded } = operator;
  const renewed = deps.passwords.isOutdated(encoded)
    ? await deps.passwords.hash(password)
    : encoded;
  const change = (now: Operator): Operator | undefined => {
    if (now.password !== encoded || now.totp?.sealed !== sealed || step <= now.totp!.lastStep) {
      return undefined;
    }
    return { ...now, password: renewed, totp: { ...now.totp!, lastStep: step } };
  };
  return { operator, method: "password", change, write: (atomic) => atomic, forgive };
}

/**
 * A recovery code in place of the device that was lost: with the password, where the account has one.
 * @throws {GaitkeeperError} `credential_invalid`, `attempts_exceeded`, `queue_full`
 */
export async function proveByRecovery(
  deps: OperatorDeps,
  { email, password, code }: {
    readonly email: string;
    readonly password: string;
    readonly code: string;
  },
  place: SignInPlace,
): Promise<Proof> {
  const { operator, forgive } = await admitted(deps, place, email);
  const isPassword = await deps.passwords.verify(password, operator?.password);
  const hash = await recoveryHash(code);
  const isKnown = operator?.recoveryCodes.includes(hash) ?? false;
  if (!operator || !isKnown || (operator.password !== undefined && !isPassword)) throw refused();
  const change = (now: Operator): Operator | undefined => {
    if (!now.recoveryCodes.includes(hash) || now.password !== operator.password) return undefined;
    return { ...now, recoveryCodes: now.recoveryCodes.filter((kept) => kept !== hash) };
  };
  return { operator, method: "recovery", change, write: (atomic) => atomic, forgive };
}

/**
 * A passkey's signature over a challenge of ours.
 * @param response JSON of what the authenticator said.
 * @throws {GaitkeeperError} `credential_invalid`, `attempts_exceeded`
 */
export async function proveByPasskey(
  deps: OperatorDeps,
  party: RelyingParty,
  { purpose, response }: { readonly purpose: string; readonly response: string },
  place: SignInPlace,
): Promise<Proof> {
  const { forgive } = await admitted(deps, place);
  const credential = parseCredential(response);
  const operator = credential && await findOperatorByPasskey(deps.kv, credential.id);
  const passkey = operator?.passkeys.find(({ id }) => id === credential?.id);
  const proven = passkey && await verifySignIn(party, purpose, credential, passkey);
  if (!operator || !proven) throw refused();
  const { what, challenge } = proven;
  const change = (now: Operator): Operator | undefined => {
    const known = now.passkeys.find(({ id }) => id === what.id);
    if (!known || known.counter > what.counter) return undefined;
    const used = { ...known, counter: what.counter, lastUsedAtMs: place.nowMs };
    return { ...now, passkeys: now.passkeys.map((key) => key.id === what.id ? used : key) };
  };
  return {
    operator,
    method: "passkey",
    change,
    write: (atomic) => useChallenge(atomic, challenge, place.nowMs),
    forgive,
  };
}

/** How a proof that lost a race is answered: like any other that does not stand. */
export function lost(error?: unknown): never {
  if (error && !(error instanceof GaitkeeperError && error.code === "store_conflict")) throw error;
  throw refused();
}
