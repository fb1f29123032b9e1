/** Who is calling, in which tenant, and what they may do. */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { GaitkeeperError } from "../../core/error.ts";
import { type Permission, PERMISSIONS } from "../../core/permission.ts";
import { findApiKey } from "../../core/store/api_keys.ts";
import type { Act, Actor } from "../../core/store/audit.ts";
import { getTenant } from "../../core/store/tenants.ts";
import type { Tenant } from "../../core/tenant.ts";
import { addressOf } from "./address.ts";

/** The tenant always comes from the credential, never from the request. */
export interface Principal {
  readonly tenant: Tenant;
  readonly actor: Actor;
  readonly permissions: ReadonlySet<Permission>;
}

export interface PrincipalEnv {
  Variables: { principal: Principal };
}

interface CredentialDeps {
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
}

/**
 * Wants a credential that allows `permission`: `Authorization: Bearer` with an API key.
 * @throws {GaitkeeperError} `credential_invalid`, `permission_denied`
 */
export const requirePermission = (deps: CredentialDeps, permission: Permission) =>
  createMiddleware<PrincipalEnv>(async (c, next) => {
    const principal = await principalOf(deps, c);
    if (!principal) {
      throw new GaitkeeperError(
        "credential_invalid",
        "Cannot authorise: Authorization must be Bearer with a secret key of the tenant",
      );
    }
    if (!principal.permissions.has(permission)) {
      throw new GaitkeeperError(
        "permission_denied",
        `Cannot authorise: the credential must allow ${permission}`,
      );
    }
    c.set("principal", principal);
    await next();
  });

/** The start of an entry in the audit log: who, and from where. */
export function actBy(c: Context<PrincipalEnv>): Pick<Act, "actor" | "from"> {
  return { actor: c.var.principal.actor, from: addressOf(c) };
}

async function principalOf(
  { kv, nowMs }: CredentialDeps,
  c: Context,
): Promise<Principal | undefined> {
  const secret = /^Bearer ([\x21-\x7e]+)$/i.exec(c.req.header("Authorization") ?? "")?.[1];
  const found = secret && await findApiKey(kv, secret, nowMs());
  if (!found) return undefined;
  const tenant = await getTenant(kv, found.tenant);
  if (!tenant) return undefined;
  const { id, scopes } = found.key;
  return { tenant, actor: { kind: "api_key", id }, permissions: new Set(scopes) };
}

/** Every permission, for who may do everything. */
export const ALL_PERMISSIONS: ReadonlySet<Permission> = new Set(PERMISSIONS);
