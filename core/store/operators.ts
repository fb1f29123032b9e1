/** Operators' records, found by id, e-mail address or passkey. Every change is checked and audited. */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { ROLES } from "../permission.ts";
import type { Act, AuditLog } from "./audit.ts";
import { operatorIndexKey, operatorKey } from "./keys.ts";

const Passkey = z.object({
  /** Credential id, base64url. */
  id: z.string(),
  /** COSE key, base64url. */
  publicKey: z.string(),
  /** Signatures so far as the authenticator counts them; 0 where it doesn't. */
  counter: z.number().int(),
  transports: z.array(z.string()),
  name: z.string(),
  createdAtMs: z.number(),
  lastUsedAtMs: z.number().optional(),
});
export type Passkey = z.infer<typeof Passkey>;

const Totp = z.object({
  /** The shared secret, sealed under a key that the store does not hold. */
  sealed: z.string(),
  /** The last 30 s step of which a code was used: none up to it is taken again. */
  lastStep: z.number().int(),
});

export const Operator = z.object({
  version: z.literal(1),
  id: z.string(),
  email: z.string(),
  name: z.string(),
  createdAtMs: z.number(),
  /** Tenant -> role. */
  memberships: z.record(z.string(), z.enum(ROLES)),
  /** Encoded with its salt and parameters; absent for whoever has passkeys alone. */
  password: z.string().optional(),
  totp: Totp.optional(),
  /** Hashes of the codes that are left. */
  recoveryCodes: z.array(z.string()),
  passkeys: z.array(Passkey),
  /** Sessions of an earlier epoch have ended: "sign out everywhere" raises it. */
  epoch: z.number().int(),
});
export type Operator = z.infer<typeof Operator>;

const Index = z.object({ operator: z.string() });

/** Hands the atomic operation back with what else is written. */
export type Write = (atomic: Deno.AtomicOperation) => Deno.AtomicOperation;

/** Times a change is worked out again when another one of the same operator came first. */
const RACES = 100;

const emailKey = (email: string) => operatorIndexKey("email", email);
const passkeyKey = (credential: string) => operatorIndexKey("passkey", credential);

export async function getOperator(kv: Deno.Kv, id: string): Promise<Operator | undefined> {
  const { value } = await kv.get(operatorKey(id));
  return value === null ? undefined : Operator.parse(value);
}

/** @param email as `Email` parses it. */
export function findOperatorByEmail(kv: Deno.Kv, email: string): Promise<Operator | undefined> {
  return findBy(kv, emailKey(email));
}

export function findOperatorByPasskey(
  kv: Deno.Kv,
  credential: string,
): Promise<Operator | undefined> {
  return findBy(kv, passkeyKey(credential));
}

async function findBy(kv: Deno.Kv, key: Deno.KvKey): Promise<Operator | undefined> {
  const { value } = await kv.get(key);
  // Read in either case, so that an unknown one costs what a known one costs.
  return await getOperator(kv, value === null ? "" : Index.parse(value).operator);
}

/** Writes a new operator with all indexes; its checks fail where one of them is taken. */
export function insertOperator(atomic: Deno.AtomicOperation, operator: Operator) {
  const { id, email, passkeys } = operator;
  const keys = [emailKey(email), ...passkeys.map((passkey) => passkeyKey(passkey.id))];
  for (const key of keys) atomic.check({ key, versionstamp: null }).set(key, { operator: id });
  const key = operatorKey(id);
  return atomic.check({ key, versionstamp: null }).set(key, operator);
}

/** Takes an operator and every index out; what else lies below them is dead without them. */
export function deleteOperator(atomic: Deno.AtomicOperation, operator: Operator) {
  atomic.delete(emailKey(operator.email)).delete(operatorKey(operator.id));
  for (const { id } of operator.passkeys) atomic.delete(passkeyKey(id));
  return atomic;
}

/** A change of one operator. */
export interface OperatorChange {
  /** Whose audit log it goes to. */
  readonly tenant: string;
  readonly act: Act;
  /** The operator as they are to be, `undefined` to leave all as it is; asked again after a race. */
  readonly change: (operator: Operator) => Operator | undefined | Promise<Operator | undefined>;
  /** What is written with it, given the changed operator. */
  readonly write?: (atomic: Deno.AtomicOperation, changed: Operator) => Deno.AtomicOperation;
}

/**
 * Changes an operator as they are now; of changes that exclude each other, such as two uses of one
 * code, the second sees what the first did.
 * @returns the changed operator, or `undefined` where there is none or `change` refused.
 * @throws {GaitkeeperError} `store_conflict` when a check of `write`'s own fails.
 */
export async function changeOperator(
  audit: AuditLog,
  id: string,
  { tenant, act, change, write = (atomic) => atomic }: OperatorChange,
): Promise<Operator | undefined> {
  let entry = await audit.kv.get(operatorKey(id));
  for (let race = 0; race < RACES; race++) {
    if (entry.value === null) return undefined;
    const before = Operator.parse(entry.value);
    const after = await change(before);
    if (!after) return undefined;
    const done = await audit.record(tenant, act, (atomic) => {
      indexPasskeys(atomic.check(entry).set(entry.key, after), before, after);
      return write(atomic, after);
    });
    if (done) return after;
    const now = await audit.kv.get(operatorKey(id));
    if (now.versionstamp === entry.versionstamp) break;
    entry = now;
  }
  throw new GaitkeeperError("store_conflict", "Cannot change operator: it was changed just now");
}

function indexPasskeys(atomic: Deno.AtomicOperation, before: Operator, after: Operator): void {
  const [had, has] = [before, after].map(({ passkeys }) => new Set(passkeys.map(({ id }) => id)));
  for (const id of had!) if (!has!.has(id)) atomic.delete(passkeyKey(id));
  for (const id of has!) {
    if (had!.has(id)) continue;
    const key = passkeyKey(id);
    atomic.check({ key, versionstamp: null }).set(key, { operator: after.id });
  }
}
