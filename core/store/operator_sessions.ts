/**
 * Operators' signed-in stays: a secret of 256 random bits, kept as a hash, with an idle and an absolute
 * limit that are checked on read. What its operator may do is read anew each time.
 */
import { ulid } from "@std/ulid";
import { z } from "zod";
import { SESSION_IDLE_MS, SESSION_LIFE_MS } from "../operator.ts";
import type { Role } from "../permission.ts";
import { operatorIndexKey, operatorKey } from "./keys.ts";
import { getOperator, type Operator } from "./operators.ts";
import { hashOfSecret, newSecret } from "./secret.ts";

/** How an operator signed in; `dev` did it for them. */
export const SIGN_IN_METHODS = ["passkey", "password", "recovery", "dev"] as const;
export type SignInMethod = typeof SIGN_IN_METHODS[number];

const Stay = z.object({
  version: z.literal(1),
  /** Stays when the secret is rotated; unlike that, it may be shown. */
  id: z.string(),
  operator: z.string(),
  tenant: z.string(),
  /** The operator's when it began. */
  epoch: z.number().int(),
  method: z.enum(SIGN_IN_METHODS),
  signedInAtMs: z.number(),
  /** When its operator last proved who they are. */
  steppedUpAtMs: z.number(),
  /** Known to the minute. */
  seenAtMs: z.number(),
  expiresAtMs: z.number(),
  address: z.string().optional(),
  /** As the browser calls itself. */
  browser: z.string().optional(),
});
type Stay = z.infer<typeof Stay>;

/** A signed-in operator, with what they are now. */
export interface OperatorSession {
  readonly id: string;
  /** Of its secret. */
  readonly hash: string;
  readonly operator: string;
  readonly name: string;
  readonly email: string;
  readonly tenant: string;
  readonly role: Role;
  readonly method: SignInMethod;
  readonly signedInAtMs: number;
  readonly steppedUpAtMs: number;
  readonly seenAtMs: number;
  readonly address?: string | undefined;
  readonly browser?: string | undefined;
}

/** A session about to begin. */
export interface NewSession {
  /** Told to the browser alone. */
  readonly secret: string;
  readonly write: (atomic: Deno.AtomicOperation, operator: Operator) => Deno.AtomicOperation;
}

/** A request is written down at most this often: it must not cost a commit. */
const SEEN_STEP_MS = 60_000;
const BROWSER_LENGTH = 200;
const LISTED = 100;

const stayKey = (hash: string) => operatorIndexKey("session", hash);
const ofOperatorKey = (operator: string, hash: string) => operatorKey(operator, "session", hash);

/** Where a session came from. */
export interface SignInPlace {
  readonly nowMs: number;
  readonly address?: string | undefined;
  readonly browser?: string | undefined;
}

/** A session with a secret of its own, to be written with what let its operator in. */
export async function newOperatorSession(
  tenant: string,
  method: SignInMethod,
  { nowMs, address, browser }: SignInPlace,
): Promise<NewSession> {
  const secret = newSecret();
  const hash = await hashOfSecret(secret);
  return {
    secret,
    write: (atomic, operator) =>
      put(atomic, hash, {
        version: 1,
        id: ulid(nowMs) as string,
        operator: operator.id,
        tenant,
        epoch: operator.epoch,
        method,
        signedInAtMs: nowMs,
        steppedUpAtMs: nowMs,
        seenAtMs: nowMs,
        expiresAtMs: nowMs + SESSION_LIFE_MS,
        ...address === undefined ? {} : { address },
        ...browser === undefined ? {} : { browser: browser.slice(0, BROWSER_LENGTH) },
      }, nowMs),
  };
}

/** What a session may become while it goes on. */
export interface SessionChange {
  /** Its operator has just proved again who they are. */
  readonly steppedUpAtMs?: number;
  /** Its operator turns to another tenant of theirs. */
  readonly tenant?: string;
}

/**
 * The same session under another secret, changed. The old secret is dead with the commit, which fails
 * where the session has changed meanwhile.
 */
export async function renewedSession(
  kv: Deno.Kv,
  { hash: old }: Pick<OperatorSession, "hash">,
  nowMs: number,
  change: SessionChange,
): Promise<NewSession | undefined> {
  const entry = await kv.get(stayKey(old));
  if (entry.value === null) return undefined;
  const stay = Stay.parse(entry.value);
  const secret = newSecret();
  const hash = await hashOfSecret(secret);
  return {
    secret,
    write: (atomic, { epoch }) => {
      removeSession(atomic.check(entry), { operator: stay.operator, hash: old });
      return put(atomic, hash, { ...stay, ...change, epoch, seenAtMs: nowMs }, nowMs);
    },
  };
}

/**
 * The session that a secret opens; `undefined` for one that never was, has idled or lived too long, was
 * ended, or whose operator belongs to its tenant no longer. Found by hash, so there is nothing to compare
 * in constant time.
 */
export async function findOperatorSession(
  kv: Deno.Kv,
  secret: string,
  nowMs: number,
): Promise<OperatorSession | undefined> {
  const hash = await hashOfSecret(secret);
  const entry = await kv.get(stayKey(hash));
  if (entry.value === null) return undefined;
  const stay = Stay.parse(entry.value);
  const operator = await getOperator(kv, stay.operator);
  const session = operator && sessionOf(hash, stay, operator, nowMs);
  if (session && nowMs - stay.seenAtMs >= SEEN_STEP_MS) {
    // Where it was ended meanwhile, it must not come back.
    await put(kv.atomic().check(entry), hash, { ...stay, seenAtMs: nowMs }, nowMs).commit();
  }
  return session;
}

/** Whether a session that was open still is; asking counts as no request of its operator's. */
export async function isStillOpen(
  kv: Deno.Kv,
  { hash, tenant }: Pick<OperatorSession, "hash" | "tenant">,
  nowMs: number,
): Promise<boolean> {
  const { value } = await kv.get(stayKey(hash));
  if (value === null) return false;
  const stay = Stay.parse(value);
  const operator = await getOperator(kv, stay.operator);
  return operator !== undefined && sessionOf(hash, stay, operator, nowMs)?.tenant === tenant;
}

/** The sessions of an operator that still open something, newest first. */
export async function listOperatorSessions(
  kv: Deno.Kv,
  operator: Operator,
  nowMs: number,
): Promise<OperatorSession[]> {
  const sessions: OperatorSession[] = [];
  const prefix = operatorKey(operator.id, "session");
  for await (const { key } of kv.list({ prefix }, { limit: LISTED })) {
    const hash = String(key.at(-1));
    const { value } = await kv.get(stayKey(hash));
    const session = value === null
      ? undefined
      : sessionOf(hash, Stay.parse(value), operator, nowMs);
    if (session) sessions.push(session);
  }
  return sessions.sort((a, b) => b.signedInAtMs - a.signedInAtMs);
}

/** Takes a session out. */
export function removeSession(
  atomic: Deno.AtomicOperation,
  { operator, hash }: Pick<OperatorSession, "operator" | "hash">,
): Deno.AtomicOperation {
  return atomic.delete(stayKey(hash)).delete(ofOperatorKey(operator, hash));
}

/** Sweeps the rows of an operator's sessions, which something else has ended already. */
export async function sweepSessions(kv: Deno.Kv, operator: string): Promise<void> {
  for await (const { key } of kv.list({ prefix: operatorKey(operator, "session") })) {
    await removeSession(kv.atomic(), { operator, hash: String(key.at(-1)) }).commit();
  }
}

function put(atomic: Deno.AtomicOperation, hash: string, stay: Stay, nowMs: number) {
  const expireIn = Math.max(1, stay.expiresAtMs - nowMs);
  return atomic
    .set(stayKey(hash), stay, { expireIn })
    .set(ofOperatorKey(stay.operator, hash), { version: 1 }, { expireIn });
}

function sessionOf(
  hash: string,
  stay: Stay,
  { name, email, memberships, epoch }: Operator,
  nowMs: number,
): OperatorSession | undefined {
  const role = memberships[stay.tenant];
  const isOver = stay.expiresAtMs <= nowMs || stay.seenAtMs + SESSION_IDLE_MS <= nowMs;
  if (!role || isOver || stay.epoch !== epoch) return undefined;
  const { id, operator, tenant, method, signedInAtMs, steppedUpAtMs, seenAtMs } = stay;
  return {
    ...{ id, hash, operator, name, email, tenant, role, method },
    ...{ signedInAtMs, steppedUpAtMs, seenAtMs, address: stay.address, browser: stay.browser },
  };
}
