/**
 * Attempts at secrets, counted before they are checked, so that tries at the same time count too. After
 * a few free ones each costs a delay that doubles.
 */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { attemptsKey } from "./keys.ts";
import { hashOfSecret } from "./secret.ts";

const Attempts = z.object({
  version: z.literal(1),
  failures: z.number().int(),
  /** Until then no attempt is admitted. */
  closedUntilMs: z.number(),
  /** Forgotten then. */
  expiresAtMs: z.number(),
});

/** How many attempts are free, and how the delay grows after them, ms. */
export interface AttemptLimit {
  readonly kind: string;
  readonly free: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** Where an attempt counts. */
export interface AttemptBy {
  readonly limit: AttemptLimit;
  /** An account or an address, as a stranger may have spelled it; kept as a hash. */
  readonly of: string;
}

const HOUR_MS = 3600_000;
/** After so long without an attempt the earlier ones are forgotten. */
const MEMORY_MS = 24 * HOUR_MS;
const RACES = 100;

/** Of an account: the owner mistypes, and cannot be shut out for long by somebody else. */
export const ACCOUNT_LIMIT: AttemptLimit = {
  kind: "account",
  free: 5,
  firstDelayMs: 30_000,
  longestDelayMs: HOUR_MS,
};
/** Of an address, behind which many may sit. */
const ADDRESS_LIMIT: AttemptLimit = {
  kind: "address",
  free: 30,
  firstDelayMs: 30_000,
  longestDelayMs: HOUR_MS,
};

/** Where attempts from an address count: an IPv6 network of 64 bits is one customer's. */
export function fromAddress(address = ""): AttemptBy {
  return { limit: ADDRESS_LIMIT, of: address.includes(":") ? networkOf(address) : address };
}

/** The first four groups of an IPv6 address (RFC 4291, section 2.2). */
function networkOf(address: string): string {
  const [before = "", after = ""] = address.split("::");
  const groups = [before, after].map((part) => part.split(":").filter(Boolean));
  const zeros = Array(Math.max(0, 8 - groups.flat().length)).fill("0");
  const all = [...groups[0]!, ...zeros, ...groups[1]!];
  return all.slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":");
}

/**
 * Counts an attempt at each place, as if it had failed; {@linkcode forgiveAttempt} takes it back.
 * @throws {GaitkeeperError} `attempts_exceeded` when one of them must wait, and then none is counted
 *   there; `store_conflict`.
 */
export async function admitAttempt(
  kv: Deno.Kv,
  by: readonly AttemptBy[],
  nowMs: number,
): Promise<void> {
  const places = await Promise.all(by.map(async ({ limit, of }) => {
    return { limit, key: attemptsKey(limit.kind, await hashOfSecret(of)) };
  }));
  for (let race = 0; race < RACES; race++) {
    const entries = await Promise.all(places.map(({ key }) => kv.get(key)));
    const atomic = kv.atomic();
    for (const [i, entry] of entries.entries()) {
      const { limit } = places[i]!;
      const { failures, closedUntilMs } = attemptsOf(entry.value, nowMs);
      if (closedUntilMs > nowMs) throw exceeded(closedUntilMs - nowMs);
      const count = failures + 1;
      const closed = count < limit.free
        ? 0
        : nowMs + Math.min(limit.longestDelayMs, limit.firstDelayMs * 2 ** (count - limit.free));
      put(atomic.check(entry), entry.key, { failures: count, closedUntilMs: closed }, nowMs);
    }
    if ((await atomic.commit()).ok) return;
  }
  throw new GaitkeeperError("store_conflict", "Cannot count attempt: others keep coming first");
}

/**
 * What an attempt that succeeded is worth: the account begins anew; of an address that one attempt is
 * taken back, so that one's own account does not buy tries at those of others.
 */
export async function forgiveAttempt(
  kv: Deno.Kv,
  by: readonly AttemptBy[],
  nowMs: number,
): Promise<void> {
  for (const { limit, of } of by) {
    const key = attemptsKey(limit.kind, await hashOfSecret(of));
    if (limit.kind === ACCOUNT_LIMIT.kind) {
      await kv.delete(key);
      continue;
    }
    for (let race = 0; race < RACES; race++) {
      const entry = await kv.get(key);
      const failures = Math.max(0, attemptsOf(entry.value, nowMs).failures - 1);
      const taken = put(kv.atomic().check(entry), key, { failures, closedUntilMs: 0 }, nowMs);
      if ((await taken.commit()).ok) break;
    }
  }
}

function attemptsOf(value: unknown, nowMs: number) {
  const attempts = value === null ? undefined : Attempts.parse(value);
  const isForgotten = !attempts || attempts.expiresAtMs <= nowMs;
  return isForgotten ? { failures: 0, closedUntilMs: 0 } : attempts;
}

function put(
  atomic: Deno.AtomicOperation,
  key: Deno.KvKey,
  of: { readonly failures: number; readonly closedUntilMs: number },
  nowMs: number,
) {
  const expiresAtMs = Math.max(nowMs, of.closedUntilMs) + MEMORY_MS;
  return atomic.set(key, { version: 1, ...of, expiresAtMs }, { expireIn: expiresAtMs - nowMs });
}

function exceeded(waitMs: number): GaitkeeperError {
  const seconds = Math.ceil(waitMs / 1000);
  return new GaitkeeperError(
    "attempts_exceeded",
    `Cannot try again yet: there were too many attempts; wait ${seconds} s`,
  );
}
