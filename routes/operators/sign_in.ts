/** From a proof to a session: signing in, proving again, signing out. */
import { GaitkeeperError } from "../../core/error.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import {
  findOperatorSession,
  newOperatorSession,
  type OperatorSession,
  removeSession,
  renewedSession,
  type SignInPlace,
  sweepSessions,
} from "../../core/store/operator_sessions.ts";
import { changeOperator, type Operator } from "../../core/store/operators.ts";
import type { OperatorDeps } from "./deps.ts";
import { lost, type Proof } from "./proofs.ts";

/** The tenant that an operator lands in. */
export function homeTenant({ memberships }: Operator): string {
  return DEFAULT_TENANT in memberships ? DEFAULT_TENANT : Object.keys(memberships).sort()[0]!;
}

/**
 * Signs in, in one commit with what the proof uses up. The browser gets a secret of its own making
 * never: a session that it had before ends.
 * @returns the secret for the cookie.
 * @throws {GaitkeeperError} `credential_invalid` when the proof was used meanwhile.
 */
export async function signIn(
  { kv, audit, nowMs }: OperatorDeps,
  { operator, method, change, write, forgive }: Proof,
  place: SignInPlace,
  previousSecret: string | undefined,
): Promise<string> {
  const tenant = homeTenant(operator);
  const session = await newOperatorSession(tenant, method, place);
  const previous = previousSecret && await findOperatorSession(kv, previousSecret, nowMs());
  const { id } = operator;
  const act = {
    actor: { kind: "operator" as const, id },
    action: "operator.signed_in",
    target: { kind: "operator", id },
    from: place.address,
    after: { method },
  };
  const changed = await changeOperator(audit, id, {
    tenant,
    act,
    change,
    write: (atomic, now) => {
      if (previous) removeSession(atomic, previous);
      return session.write(write(atomic), now);
    },
  }).catch(lost);
  if (!changed) lost();
  await forgive();
  return session.secret;
}

/**
 * Lets the operator of a session prove again who they are; the session goes on under another secret.
 * @returns the secret for the cookie.
 * @throws {GaitkeeperError} `credential_invalid` when the proof is another operator's, or was used.
 */
export async function stepUp(
  { kv, audit }: OperatorDeps,
  { operator, method, change, write, forgive }: Proof,
  session: OperatorSession,
  place: SignInPlace,
): Promise<string> {
  const renewed = operator.id === session.operator &&
    await renewedSession(kv, session, place.nowMs, { steppedUpAtMs: place.nowMs });
  if (!renewed) lost();
  const act = {
    ...actOf(session, place),
    action: "operator.stepped_up",
    target: { kind: "operator", id: operator.id },
    after: { method },
  };
  const changed = await changeOperator(audit, operator.id, {
    tenant: session.tenant,
    act,
    change,
    write: (atomic, now) => renewed.write(write(atomic), now),
  }).catch(lost);
  if (!changed) lost();
  await forgive();
  return renewed.secret;
}

/**
 * Turns a session to another tenant of its operator's.
 * @returns the secret for the cookie.
 * @throws {GaitkeeperError} `not_found` for a tenant that they don't belong to.
 */
export async function switchTenant(
  { kv, audit }: OperatorDeps,
  session: OperatorSession,
  tenant: string,
  place: SignInPlace,
): Promise<string> {
  const renewed = await renewedSession(kv, session, place.nowMs, { tenant });
  const act = {
    ...actOf(session, place),
    action: "operator.signed_in",
    target: { kind: "operator", id: session.operator },
    after: { method: session.method, from: session.tenant },
  };
  const changed = renewed && await changeOperator(audit, session.operator, {
    tenant,
    act,
    change: (now) => Object.hasOwn(now.memberships, tenant) ? now : undefined,
    write: renewed.write,
  });
  if (changed) return renewed.secret;
  throw new GaitkeeperError("not_found", "Cannot switch: you do not belong to this tenant");
}

/** Ends one session of the operator, their own or another of theirs. */
export async function signOut(
  { audit }: OperatorDeps,
  session: OperatorSession,
  place: SignInPlace,
  ended: OperatorSession = session,
): Promise<void> {
  const act = {
    ...actOf(session, place),
    action: "operator.signed_out",
    target: { kind: "operator_session", id: ended.id },
  };
  await audit.record(session.tenant, act, (atomic) => removeSession(atomic, ended));
}

/** Ends every session of the operator, at once and with one commit; their rows are swept after it. */
export async function signOutEverywhere(
  { kv, audit }: OperatorDeps,
  session: OperatorSession,
  place: SignInPlace,
): Promise<void> {
  const id = session.operator;
  const act = {
    ...actOf(session, place),
    action: "operator.signed_out_everywhere",
    target: { kind: "operator", id },
  };
  const change = (now: Operator) => ({ ...now, epoch: now.epoch + 1 });
  const changed = await changeOperator(audit, id, { tenant: session.tenant, act, change });
  if (!changed) {
    throw new GaitkeeperError("not_found", "Cannot sign out: there is no such operator");
  }
  await sweepSessions(kv, id);
}

/** The start of an entry in the audit log. */
export function actOf({ operator }: OperatorSession, { address }: SignInPlace) {
  return { actor: { kind: "operator" as const, id: operator }, from: address };
}
