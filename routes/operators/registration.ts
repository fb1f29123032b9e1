/** Registration: by the one-time link of a new installation, or by an invitation. */
import { ulid } from "@std/ulid";
import { GaitkeeperError } from "../../core/error.ts";
import { Email, OperatorName } from "../../core/operator.ts";
import type { Role } from "../../core/permission.ts";
import { admitAttempt, forgiveAttempt, fromAddress } from "../../core/store/attempts.ts";
import { checkInvitation } from "../../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { joinTenant, readRoster } from "../../core/store/memberships.ts";
import {
  newOperatorSession,
  type OperatorSession,
  renewedSession,
  type SignInPlace,
} from "../../core/store/operator_sessions.ts";
import {
  findOperatorByEmail,
  insertOperator,
  type Operator,
  type Write,
} from "../../core/store/operators.ts";
import { hashOfSecret } from "../../core/store/secret.ts";
import { checkSetupSecret } from "../../core/store/setup_link.ts";
import type { OperatorDeps } from "./deps.ts";
import {
  parseCredential,
  registrationOptions,
  type RelyingParty,
  useChallenge,
  verifyRegistration,
} from "./passkeys.ts";
import { newRecoveryCodes } from "./recovery_codes.ts";
import { matchingStep, newTotpSecret } from "./totp.ts";

export type LinkKind = "setup" | "invitation";

/** What a link that is good allows. */
export interface Link {
  readonly kind: LinkKind;
  readonly tenant: string;
  readonly role: Role;
  /** Whom an invitation is for. */
  readonly email?: string;
  /** Of its secret. */
  readonly hash: string;
  readonly use: Write;
  readonly isUsed: () => Promise<boolean>;
}

/** Times a registration is tried again when another operator of the tenant came first. */
const RACES = 100;

/**
 * Checks a link's secret, without using it up. Tries are counted by address.
 * @param given the secret, or the whole link that it ends.
 * @throws {GaitkeeperError} `link_invalid`, `attempts_exceeded`
 */
export async function openLink(
  { kv }: OperatorDeps,
  kind: LinkKind,
  given: string,
  { nowMs, address }: SignInPlace,
): Promise<Link> {
  const by = [fromAddress(address)];
  await admitAttempt(kv, by, nowMs);
  const secret = given.trim().split("#").at(-1)!;
  const hash = await hashOfSecret(secret);
  if (kind === "setup") {
    const checked = await checkSetupSecret(kv, secret, nowMs);
    await forgiveAttempt(kv, by, nowMs);
    return { kind, tenant: DEFAULT_TENANT, role: "owner", hash, ...checked };
  }
  const { invitation, ...checked } = await checkInvitation(kv, secret, nowMs);
  await forgiveAttempt(kv, by, nowMs);
  const { tenant, role, email } = invitation;
  return { kind, tenant, role, email, hash, ...checked };
}

/** Who registers. */
export interface Registrant {
  /** The id that they will have; the page was made for it. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** @throws {GaitkeeperError} `request_invalid` */
export function parseRegistrant(
  link: Link,
  given: { readonly id?: string; readonly email?: string; readonly name?: string },
  nowMs: number,
): Registrant {
  const email = Email.safeParse(link.email ?? given.email);
  if (!email.success) throw invalid("the e-mail address must be one, such as you@example.com");
  const name = OperatorName.safeParse(given.name);
  if (!name.success) throw invalid("the name must have 1 to 80 characters");
  const id = given.id ?? ulid(nowMs) as string;
  if (!/^[0-9A-HJKMNP-TV-Z]{26}$/.test(id)) throw invalid("its page must be this service's own");
  return { id, email: email.data, name: name.data };
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot register: ${what}`);
}

/** What the page offers: a passkey to make, and a secret for an authenticator app. */
export interface Offer {
  readonly passkey: Awaited<ReturnType<typeof registrationOptions>>;
  readonly totpSecret: string;
  /** The same secret for the form to bring back: nothing is stored before the link is used up. */
  readonly sealedTotp: string;
}

const purposeOf = (link: Link, { id }: Registrant) => `register ${link.hash} ${id}`;

/**
 * @param sealedTotp an earlier offer's, which an authenticator app may hold already.
 * @throws {GaitkeeperError} `email_taken`
 */
export async function offerRegistration(
  deps: OperatorDeps,
  party: RelyingParty,
  link: Link,
  who: Registrant,
  sealedTotp = "",
): Promise<Offer> {
  if (await findOperatorByEmail(deps.kv, who.email)) throw taken();
  const account = { handle: who.id, email: who.email, name: who.name, passkeys: [] };
  const totpSecret = await deps.operatorVault.unseal(sealedTotp, purposeOf(link, who)) ??
    newTotpSecret();
  return {
    passkey: await registrationOptions(party, purposeOf(link, who), account),
    totpSecret,
    sealedTotp: await deps.operatorVault.seal(totpSecret, purposeOf(link, who)),
  };
}

function taken(): GaitkeeperError {
  return new GaitkeeperError(
    "email_taken",
    "Cannot register: an operator with this e-mail address is registered already",
  );
}

/** An operator who has just registered and is signed in. */
export interface Registered {
  /** For the cookie. */
  readonly secret: string;
  /** Recovery codes, to be shown this once. */
  readonly codes: readonly string[];
}

/**
 * Takes an invitation up as an operator who is registered already; their session turns to the tenant.
 * @returns the secret for the cookie.
 * @throws {GaitkeeperError} `link_invalid` when it is for somebody else, or used meanwhile;
 *   `email_taken` when they belong to the tenant already.
 */
export async function joinByInvitation(
  { kv, audit }: OperatorDeps,
  { tenant, role, email, use }: Link,
  session: OperatorSession | undefined,
  place: SignInPlace,
): Promise<string> {
  const renewed = session?.email === email && session &&
    await renewedSession(kv, session, place.nowMs, { tenant });
  if (!session || !renewed) {
    throw new GaitkeeperError("link_invalid", "Cannot join: the invitation is for somebody else");
  }
  const by = { actor: { kind: "operator" as const, id: session.operator }, from: place.address };
  const write = (atomic: Deno.AtomicOperation, joined: Operator) =>
    renewed.write(use(atomic), joined);
  const { operator } = session;
  await joinTenant(audit, { tenant, operator, role, by, write }).catch((error) => {
    throw error instanceof GaitkeeperError && error.code === "store_conflict" ? used() : error;
  });
  return renewed.secret;
}

type Credentials = Pick<Operator, "password" | "totp" | "passkeys">;

/** @throws {GaitkeeperError} `request_invalid`, `link_invalid`, `email_taken` */
export async function registerByPasskey(
  deps: OperatorDeps,
  party: RelyingParty,
  link: Link,
  who: Registrant,
  response: string,
  place: SignInPlace,
): Promise<Registered> {
  const proven = await verifyRegistration(party, purposeOf(link, who), parseCredential(response));
  if (!proven) throw invalid("the passkey must be made on this page, within 5 minutes; try again");
  const passkeys = [{ ...proven.what, name: "First passkey" }];
  const use: Write = (atomic) => useChallenge(atomic, proven.challenge, place.nowMs);
  return await register(deps, link, who, { passkeys }, use, { method: "passkey", place });
}

/** @throws {GaitkeeperError} `request_invalid`, `link_invalid`, `email_taken` */
export async function registerByPassword(
  deps: OperatorDeps,
  link: Link,
  who: Registrant,
  { password, sealedTotp, code }: {
    readonly password: string;
    readonly sealedTotp: string;
    readonly code: string;
  },
  place: SignInPlace,
): Promise<Registered> {
  const secret = await deps.operatorVault.unseal(sealedTotp, purposeOf(link, who));
  if (!secret) throw invalid("its page must be this service's own; open the link again");
  const lastStep = matchingStep(secret, code, place.nowMs);
  if (lastStep === undefined) {
    throw invalid("the code must be the one that the authenticator app shows now");
  }
  const credentials = {
    password: await deps.passwords.hash(password),
    totp: { sealed: await deps.operatorVault.seal(secret, who.id), lastStep },
    passkeys: [],
  };
  const nothing: Write = (atomic) => atomic;
  return await register(deps, link, who, credentials, nothing, { method: "password", place });
}

async function register(
  { kv, audit }: OperatorDeps,
  link: Link,
  { id, email, name }: Registrant,
  credentials: Credentials,
  use: Write,
  { method, place }: { readonly method: "passkey" | "password"; readonly place: SignInPlace },
): Promise<Registered> {
  const { tenant, role, kind } = link;
  const { codes, hashes } = await newRecoveryCodes();
  const operator: Operator = {
    ...{ version: 1, id, email, name, createdAtMs: place.nowMs, memberships: { [tenant]: role } },
    ...{ ...credentials, recoveryCodes: hashes, epoch: 0 },
  };
  const session = await newOperatorSession(tenant, method, place);
  const act = {
    actor: { kind: "operator" as const, id },
    action: "operator.registered",
    target: { kind: "operator", id },
    from: place.address,
    after: { email, name, role, by: kind },
  };
  for (let race = 0; race < RACES; race++) {
    const roster = await readRoster(kv, tenant);
    if (kind === "setup" && !roster.isEmpty) throw used();
    const done = await audit.record(tenant, act, (atomic) => {
      roster.add(insertOperator(link.use(use(atomic)), operator), id, role);
      return session.write(atomic, operator);
    });
    if (done) return { secret: session.secret, codes };
    if (await findOperatorByEmail(kv, email)) throw taken();
    if (await link.isUsed() || !await roster.isChanged()) throw used();
  }
  throw new GaitkeeperError("store_conflict", "Cannot register: others keep coming first");
}

function used(): GaitkeeperError {
  return new GaitkeeperError("link_invalid", "Cannot register: the link was used already");
}
