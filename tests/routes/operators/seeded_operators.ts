/** Operators that are in the store already, and browsers that come with or without a cookie. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { ulid } from "@std/ulid";
import { TOTP } from "otpauth";
import type { Role } from "../../../core/permission.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { readRoster } from "../../../core/store/memberships.ts";
import { newOperatorSession } from "../../../core/store/operator_sessions.ts";
import { insertOperator, type Operator } from "../../../core/store/operators.ts";
import { createApp } from "../../../routes/app.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { operatorCookieName } from "../../../routes/middleware/operator_cookie.ts";
import { newRecoveryCodes } from "../../../routes/operators/recovery_codes.ts";
import { newTotpSecret } from "../../../routes/operators/totp.ts";
import { createTestDeps } from "../test_service.ts";

export const PASSWORD = "correct horse battery";
const STEP_MS = 30_000;

export interface SeededOperator {
  readonly operator: Operator;
  /** Base32, of their authenticator app. */
  readonly totpSecret: string;
  readonly recoveryCodes: readonly string[];
}

type SeedDeps = Pick<AppDeps, "kv" | "nowMs" | "operatorVault" | "passwords">;

/** Puts an operator with a password, an authenticator app and recovery codes into the store. */
export async function seedOperator(
  { kv, nowMs, operatorVault, passwords }: SeedDeps,
  { role = "owner", email, tenant = DEFAULT_TENANT, change = {} }: {
    readonly role?: Role;
    readonly email?: string;
    readonly tenant?: string;
    readonly change?: Partial<Operator>;
  } = {},
): Promise<SeededOperator> {
  const id = ulid() as string;
  const totpSecret = newTotpSecret();
  const { codes, hashes } = await newRecoveryCodes();
  const operator: Operator = {
    version: 1,
    id,
    email: email ?? `${role}@example.com`,
    name: `An ${role}`,
    createdAtMs: nowMs(),
    memberships: { [tenant]: role },
    password: await passwords.hash(PASSWORD),
    totp: { sealed: await operatorVault.seal(totpSecret, id), lastStep: 0 },
    recoveryCodes: hashes,
    passkeys: [],
    epoch: 0,
    ...change,
  };
  const roster = await readRoster(kv, tenant);
  const { ok } = await roster.add(insertOperator(kv.atomic(), operator), operator.id, role)
    .commit();
  if (!ok) throw new Error("The operator is there already");
  return { operator, totpSecret, recoveryCodes: codes };
}

/** The code that an authenticator app shows, `steps` of 30 s from now. */
export function codeOf(totpSecret: string, nowMs: number, steps = 0): string {
  const totp = new TOTP({ secret: totpSecret, algorithm: "SHA1", digits: 6, period: 30 });
  return totp.generate({ timestamp: nowMs + steps * STEP_MS });
}

/** The cookie of a session that is opened for the operator, past all proofs. */
export async function cookieOf(
  { kv, nowMs, dev }: Pick<AppDeps, "kv" | "nowMs" | "dev">,
  operator: Operator,
  tenant: string = DEFAULT_TENANT,
): Promise<string> {
  const session = await newOperatorSession(tenant, "password", { nowMs: nowMs() });
  await session.write(kv.atomic(), operator).commit();
  return `${operatorCookieName({ dev })}=${session.secret}`;
}

/** A browser, as far as the service can tell: it keeps cookies and says where it comes from. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #app: ReturnType<typeof createApp>;

  constructor(
    readonly deps: AppDeps,
    { address = "192.0.2.7", cookie }: { readonly address?: string; readonly cookie?: string } = {},
  ) {
    this.#app = createApp(deps);
    this.address = address;
    if (cookie) this.#keep(cookie);
  }
  address: string;

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return await this.#send(path, { headers: { Accept: "text/html", ...headers } });
  }

  /** Sends a form as a page of the service does, unless `headers` say otherwise. */
  async post(
    path: string,
    fields: Record<string, string> | string[][] = {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const own = { Accept: "text/html", Origin: this.deps.origin, "Sec-Fetch-Site": "same-origin" };
    const body = new URLSearchParams(fields);
    return await this.#send(path, { method: "POST", headers: { ...own, ...headers }, body });
  }

  /** Sends JSON with any method. */
  async json(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = {
      Accept: "application/json",
      "Content-Type": "application/json",
      Origin: this.deps.origin,
      "Sec-Fetch-Site": "same-origin",
    };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    return await this.#send(path, { method, headers, ...sent });
  }

  /** Signs in by password; fails when that fails. */
  async signIn({ operator, totpSecret }: SeededOperator): Promise<void> {
    const code = codeOf(totpSecret, this.deps.nowMs());
    const fields = { email: operator.email, password: PASSWORD, code };
    const { status } = await this.post("/sign-in/password", fields);
    if (status !== 303) throw new Error(`Cannot sign in: ${status}`);
  }

  async #send(path: string, { headers, ...init }: RequestInit): Promise<Response> {
    const cookie = [...this.cookies].map((pair) => pair.join("=")).join("; ");
    const env = { incoming: { socket: { remoteAddress: this.address, remotePort: 1 } } };
    const url = new URL(path, this.deps.origin);
    const sent = { ...headers as Record<string, string>, ...cookie ? { Cookie: cookie } : {} };
    const response = await this.#app.request(url.href, { ...init, headers: sent }, env);
    for (const set of response.headers.getSetCookie()) this.#keep(set.split(";")[0]!);
    return response;
  }

  #keep(pair: string): void {
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    if (value) this.cookies.set(name, value);
    else this.cookies.delete(name);
  }
}

/** Runs a test against the service with a store in memory and a clock that the test moves. */
export async function withOperators(
  run: (deps: AppDeps, clock: { nowMs: number }) => Promise<void>,
  change: Partial<AppDeps> = {},
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const { deps, clock } = await createTestDeps(kv, change);
  await run(deps, clock);
}

/** 32 random bytes as a link carries them. */
export function someSecret(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}
