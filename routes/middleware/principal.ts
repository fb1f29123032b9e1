/** Who is calling, in which tenant, and what they may do. */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { uniqueSymbol } from "hono-openapi";
import { GaitkeeperError } from "../../core/error.ts";
import { can, type Permission, PERMISSIONS } from "../../core/permission.ts";
import { findApiKey } from "../../core/store/api_keys.ts";
import type { Act, Actor } from "../../core/store/audit.ts";
import type { OperatorSession } from "../../core/store/operator_sessions.ts";
import { getTenant } from "../../core/store/tenants.ts";
import type { Tenant } from "../../core/tenant.ts";
import { addressOf } from "./address.ts";
import { isRecent, isSafe, reauthenticationRequired, refuseCrossSite } from "./credentials.ts";
import { operatorSessionOf } from "./operator_cookie.ts";

/** The tenant always comes from the credential, never from the request. */
export interface Principal {
  readonly tenant: Tenant;
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
  /** Of an operator, who came with a cookie. */
  readonly operator?: OperatorSession;
}

export interface PrincipalEnv {
  Variables: { principal: Principal };
}

interface CredentialDeps {
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
  readonly dev: boolean;
  /** Public origin of this service. */
  readonly origin: string;
}

/** What opens a described route: either of them (OpenAPI security requirement). */
export const CREDENTIALS: Record<string, string[]>[] = [{ secretKey: [] }, { operatorSession: [] }];

/** What an operator changes under these they change soon after proving who they are. */
const DANGEROUS: ReadonlySet<Permission> = new Set([
  "keys:manage",
  "operators:manage",
  "subjects:erase",
  "subjects:link",
  "tenant:manage",
]);

/**
 * Wants a credential that allows `permission`: `Authorization: Bearer` with an API key, or else the
 * cookie of an operator, from this service's own pages.
 * @throws {GaitkeeperError} `credential_invalid`, `permission_denied`, `origin_refused`,
 *   `reauthentication_required`
 */
export const requirePermission = (deps: CredentialDeps, permission: Permission) =>
  describing(
    permission,
    createMiddleware<PrincipalEnv>(async (c, next) => {
      const principal = await principalOf(deps, c);
      if (!principal) {
        throw new GaitkeeperError(
          "credential_invalid",
          "Cannot authorise: Authorization must be Bearer with a secret key of the tenant, or an operator signed in",
        );
      }
      if (!principal.permissions.has(permission)) {
        throw new GaitkeeperError(
          "permission_denied",
          `Cannot authorise: the credential must allow ${permission}`,
        );
      }
      const { operator } = principal;
      if (
        operator && DANGEROUS.has(permission) && !isSafe(c) && !isRecent(operator, deps.nowMs())
      ) {
        throw reauthenticationRequired();
      }
      c.set("principal", principal);
      await next();
    }),
  );

/** What the OpenAPI document says of a route behind the middleware: the scope, or the role's permission. */
function describing<Middleware extends object>(permission: Permission, middleware: Middleware) {
  return Object.assign(middleware, {
    [uniqueSymbol]: {
      spec: {
        "x-permission": permission,
        ...DANGEROUS.has(permission) ? { "x-dangerous": true } : {},
      },
    },
  });
}

/**
 * Wants an operator to have proved who they are a short while ago, for what is dangerous under a
 * permission that mostly is not.
 * @throws {GaitkeeperError} `reauthentication_required`
 */
export const requireRecentProof = ({ nowMs }: Pick<CredentialDeps, "nowMs">) =>
  createMiddleware<PrincipalEnv>(async (c, next) => {
    const { operator } = c.var.principal;
    if (operator && !isRecent(operator, nowMs())) throw reauthenticationRequired();
    await next();
  });

/** The start of an entry in the audit log: who, and from where. */
export function actBy(c: Context<PrincipalEnv>): Pick<Act, "actor" | "from"> {
  return { actor: c.var.principal.actor, from: addressOf(c) };
}

async function principalOf(deps: CredentialDeps, c: Context): Promise<Principal | undefined> {
  const authorization = c.req.header("Authorization");
  if (authorization === undefined) return await operatorPrincipal(deps, c);
  const { kv, nowMs } = deps;
  const secret = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization)?.[1];
  const found = secret && await findApiKey(kv, secret, nowMs());
  if (!found) return undefined;
  const tenant = await getTenant(kv, found.tenant);
  if (!tenant) return undefined;
  const { id, scopes } = found.key;
  return { tenant, actor: { kind: "api_key", id }, permissions: new Set(scopes) };
}

/** A cookie is sent by the browser whoever asks it to, so what changes something must be ours. */
async function operatorPrincipal(deps: CredentialDeps, c: Context): Promise<Principal | undefined> {
  const session = await operatorSessionOf(deps, c);
  if (!session) return undefined;
  if (!isSafe(c)) refuseCrossSite(deps, c);
  const tenant = await getTenant(deps.kv, session.tenant);
  if (!tenant) return undefined;
  const permissions = PERMISSIONS.filter((permission) => can(session.role, permission));
  const actor = { kind: "operator" as const, id: session.operator };
  return { tenant, actor, permissions: new Set(permissions), operator: session };
}
