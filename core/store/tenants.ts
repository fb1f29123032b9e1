/** Tenants' own records. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { GaitkeeperError } from "../error.ts";
import {
  DEFAULT_TENANT_SETTINGS,
  Tenant,
  type TenantChange,
  type TenantSettings,
} from "../tenant.ts";
import { type Act, type AuditLog } from "./audit.ts";
import { tenantRecordKey, TENANTS_KEY } from "./keys.ts";

/** An installation has at most so many. */
const TENANTS_LIMIT = 1000;

/** The tenant, or `undefined` where there is none of this id. */
export async function getTenant(kv: Deno.Kv, id: string): Promise<Tenant | undefined> {
  const { value } = await kv.get(tenantRecordKey(id));
  return value === null ? undefined : Tenant.parse(value);
}

/** Changes with any of the tenant's settings: the same for the same settings. */
export async function tenantVersion(tenant: Tenant): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(tenant));
  return encodeBase64Url(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 22);
}

/** By id. */
export async function listTenants(kv: Deno.Kv): Promise<Tenant[]> {
  const tenants: Tenant[] = [];
  for await (const { value } of kv.list({ prefix: TENANTS_KEY }, { limit: TENANTS_LIMIT })) {
    tenants.push(Tenant.parse(value));
  }
  return tenants;
}

/**
 * Makes a tenant with the default settings.
 * @throws {GaitkeeperError} `tenant_exists`
 */
export async function createTenant(
  audit: AuditLog,
  { id, name, nowMs }: { readonly id: string; readonly name: string; readonly nowMs: number },
  by: Pick<Act, "actor" | "from">,
): Promise<Tenant> {
  const tenant = Tenant.parse({
    version: 1,
    id,
    createdAtMs: nowMs,
    name,
    ...DEFAULT_TENANT_SETTINGS,
  });
  const key = tenantRecordKey(id);
  const act = { ...by, action: "tenant.created", target: { kind: "tenant", id }, after: { name } };
  const made = await audit.record(
    id,
    act,
    (atomic) => atomic.check({ key, versionstamp: null }).set(key, tenant),
  );
  if (!made) {
    throw new GaitkeeperError("tenant_exists", `Cannot create tenant: id must be new, got ${id}`);
  }
  return tenant;
}

/**
 * Changes some of a tenant's settings, perhaps by what they are; the audit log keeps what they were.
 * @param expected the version that the change was made for, see {@linkcode tenantVersion}; any if not said.
 * @throws {GaitkeeperError} `not_found`, `precondition_failed` when they are another version,
 *   `store_conflict` when somebody else changed them meanwhile.
 */
export async function updateTenant(
  audit: AuditLog,
  id: string,
  change: TenantChange | ((before: Tenant) => TenantChange),
  by: Pick<Act, "actor" | "from">,
  expected?: readonly string[],
): Promise<Tenant> {
  const key = tenantRecordKey(id);
  const entry = await audit.kv.get(key);
  if (entry.value === null) {
    throw new GaitkeeperError("not_found", "Cannot change tenant: there is none of this id");
  }
  const before = Tenant.parse(entry.value);
  if (expected && !expected.includes(await tenantVersion(before))) {
    throw new GaitkeeperError(
      "precondition_failed",
      "Cannot change tenant: its settings are no more those that the change was made for",
    );
  }
  const named = typeof change === "function" ? change(before) : change;
  const after = Tenant.parse({ ...before, ...named });
  const changed = Object.keys(named) as (keyof TenantSettings)[];
  const of = (tenant: Tenant) => Object.fromEntries(changed.map((name) => [name, tenant[name]]));
  const act = {
    ...by,
    action: "tenant.changed",
    target: { kind: "tenant", id },
    before: of(before),
    after: of(after),
  };
  if (!await audit.record(id, act, (atomic) => atomic.check(entry).set(key, after))) {
    throw new GaitkeeperError(
      "store_conflict",
      "Cannot change tenant: somebody else changed it just now",
    );
  }
  return after;
}
