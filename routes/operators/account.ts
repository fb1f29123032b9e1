/** What operators change of their own accounts. Each change is one commit with its audit entry. */
import { GaitkeeperError } from "../../core/error.ts";
import { OperatorName, PasskeyName, PASSKEYS_LIMIT } from "../../core/operator.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import {
  listOperatorSessions,
  newOperatorSession,
  type OperatorSession,
  type SignInPlace,
} from "../../core/store/operator_sessions.ts";
import { changeOperator, type Operator } from "../../core/store/operators.ts";
import type { OperatorDeps } from "./deps.ts";
import {
  parseCredential,
  registrationOptions,
  type RelyingParty,
  useChallenge,
  verifyRegistration,
} from "./passkeys.ts";
import { newRecoveryCodes } from "./recovery_codes.ts";
import { actOf, signOut } from "./sign_in.ts";
import { matchingStep } from "./totp.ts";

/** Who changes their account, and from where. */
export interface Own {
  readonly session: OperatorSession;
  readonly place: SignInPlace;
}

interface Change {
  readonly action: string;
  readonly change: (now: Operator) => Operator | undefined;
  readonly after?: unknown;
  readonly before?: unknown;
  readonly write?: (atomic: Deno.AtomicOperation, changed: Operator) => Deno.AtomicOperation;
}

/** An account is the installation's, whichever tenants it belongs to; so is its log. */
async function changeOwn(
  { audit }: OperatorDeps,
  { session, place }: Own,
  { action, change, before, after, write }: Change,
): Promise<void> {
  const id = session.operator;
  const act = {
    ...actOf(session, place),
    action,
    target: { kind: "operator", id },
    ...before === undefined ? {} : { before },
    ...after === undefined ? {} : { after },
  };
  const changed = await changeOperator(audit, id, {
    tenant: DEFAULT_TENANT,
    act,
    change,
    ...write ? { write } : {},
  });
  if (!changed) throw new GaitkeeperError("not_found", "Cannot change account: it has changed");
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot change account: ${what}`);
}

/** @throws {GaitkeeperError} `request_invalid` */
export async function changeName(deps: OperatorDeps, own: Own, given: string): Promise<void> {
  const name = OperatorName.safeParse(given);
  if (!name.success) throw invalid("the name must have 1 to 80 characters");
  await changeOwn(deps, own, {
    action: "operator.renamed",
    change: (now) => ({ ...now, name: name.data }),
    before: own.session.name,
    after: name.data,
  });
}

const addPurpose = ({ session }: Own) => `add passkey ${session.id}`;

/** Options for making another passkey of the account. */
export function addPasskeyOptions(party: RelyingParty, own: Own, account: Operator) {
  const { id, email, name, passkeys } = account;
  return registrationOptions(party, addPurpose(own), { handle: id, email, name, passkeys });
}

/** @throws {GaitkeeperError} `request_invalid` */
export async function addPasskey(
  deps: OperatorDeps,
  party: RelyingParty,
  own: Own,
  { response, name: given }: { readonly response: string; readonly name: string },
): Promise<void> {
  const name = PasskeyName.safeParse(given);
  if (!name.success) throw invalid("the passkey's name must have 1 to 60 characters");
  const proven = await verifyRegistration(party, addPurpose(own), parseCredential(response));
  if (!proven) throw invalid("the passkey must be made on this page, within 5 minutes; try again");
  const passkey = { ...proven.what, name: name.data };
  await changeOwn(deps, own, {
    action: "passkey.added",
    change: (now) => {
      if (now.passkeys.length >= PASSKEYS_LIMIT) {
        throw invalid(`it must have at most ${PASSKEYS_LIMIT} passkeys`);
      }
      return { ...now, passkeys: [...now.passkeys, passkey] };
    },
    after: name.data,
    write: (atomic) => useChallenge(atomic, proven.challenge, own.place.nowMs),
  });
}

/** @throws {GaitkeeperError} `request_invalid`, `not_found` */
export async function renamePasskey(
  deps: OperatorDeps,
  own: Own,
  id: string,
  given: string,
): Promise<void> {
  const name = PasskeyName.safeParse(given);
  if (!name.success) throw invalid("the passkey's name must have 1 to 60 characters");
  await changeOwn(deps, own, {
    action: "passkey.renamed",
    change: (now) =>
      now.passkeys.some((key) => key.id === id)
        ? {
          ...now,
          passkeys: now.passkeys.map((key) => key.id === id ? { ...key, name: name.data } : key),
        }
        : undefined,
    after: name.data,
  });
}

/** Whether somebody could still sign in, short of a recovery code. */
function hasWayIn({ passkeys, password, totp }: Operator): boolean {
  return passkeys.length > 0 || (password !== undefined && totp !== undefined);
}

/** @throws {GaitkeeperError} `request_invalid` for the last way in, `not_found` */
export async function removePasskey(deps: OperatorDeps, own: Own, id: string): Promise<void> {
  await changeOwn(deps, own, {
    action: "passkey.removed",
    change: (now) => {
      const passkeys = now.passkeys.filter((key) => key.id !== id);
      if (passkeys.length === now.passkeys.length) return undefined;
      const changed = { ...now, passkeys };
      if (!hasWayIn(changed)) throw invalid("one passkey, or a password with codes, must be left");
      return changed;
    },
  });
}

/** What a new password, and a new authenticator app, are set with. */
export interface NewPassword {
  readonly password: string;
  /** Of the app. */
  readonly sealedTotp: string;
  readonly code: string;
}

/** Binds the secret that a page shows to the account; nothing is kept before a code proves it. */
export const totpPurpose = ({ operator }: OperatorSession) => `totp of ${operator}`;

/**
 * Sets password and authenticator app together, neither being of use without the other. All other
 * sessions end; this one goes on under another secret.
 * @returns the secret for the cookie.
 * @throws {GaitkeeperError} `request_invalid`
 */
export async function setPassword(
  deps: OperatorDeps,
  own: Own,
  { password, sealedTotp, code }: NewPassword,
): Promise<string> {
  const { session, place } = own;
  const secret = await deps.operatorVault.unseal(sealedTotp, totpPurpose(session));
  if (!secret) throw invalid("the page must be this service's own; open it again");
  const lastStep = matchingStep(secret, code, place.nowMs);
  if (lastStep === undefined) {
    throw invalid("the code must be the one that the authenticator app shows now");
  }
  const encoded = await deps.passwords.hash(password);
  const sealed = await deps.operatorVault.seal(secret, session.operator);
  const next = await newOperatorSession(session.tenant, session.method, place);
  await changeOwn(deps, own, {
    action: "password.changed",
    change: (now) => ({
      ...now,
      password: encoded,
      totp: { sealed, lastStep },
      epoch: now.epoch + 1,
    }),
    write: next.write,
  });
  return next.secret;
}

/** @throws {GaitkeeperError} `request_invalid` for the last way in. */
export async function removePassword(deps: OperatorDeps, own: Own): Promise<void> {
  await changeOwn(deps, own, {
    action: "password.removed",
    change: ({ password: _, totp: __, ...now }) => {
      if (!hasWayIn(now)) throw invalid("one passkey, or a password with codes, must be left");
      return now;
    },
  });
}

/** Makes new recovery codes, the old ones being dead. @returns the codes, to be shown this once. */
export async function renewRecoveryCodes(
  deps: OperatorDeps,
  own: Own,
): Promise<readonly string[]> {
  const { codes, hashes } = await newRecoveryCodes();
  await changeOwn(deps, own, {
    action: "recovery_codes.renewed",
    change: (now) => ({ ...now, recoveryCodes: hashes }),
  });
  return codes;
}

/** Ends one of the operator's sessions. @throws {GaitkeeperError} `not_found` */
export async function endSession(
  deps: OperatorDeps,
  { session, place }: Own,
  account: Operator,
  id: string,
): Promise<void> {
  const sessions = await listOperatorSessions(deps.kv, account, place.nowMs);
  const ended = sessions.find((each) => each.id === id);
  if (!ended) {
    throw new GaitkeeperError("not_found", "Cannot end session: there is none of this id");
  }
  await signOut(deps, session, place, ended);
}
