/** `/v1/tenant`: the settings of the credential's own tenant. */
import { type Context, Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { tenantVersion, updateTenant } from "../core/store/tenants.ts";
import { type Tenant, TenantChange, TenantSettings } from "../core/tenant.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, requirePermission } from "./middleware/principal.ts";
import { validated } from "./validation.ts";

const TenantResponse = TenantSettings.extend({ id: z.string(), createdAt: z.iso.datetime() });

export function createTenants(deps: AppDeps) {
  return new Hono()
    .get(
      "/v1/tenant",
      describeRoute({
        summary: "Read the tenant's settings",
        description: "`ETag` names this version of them; `If-Match` of a change may ask for it.",
        ...says("As they are", TenantResponse),
      }),
      requirePermission(deps, "tenant:read"),
      (c) => respond(c, c.var.principal.tenant),
    )
    .patch(
      "/v1/tenant",
      describeRoute({
        summary: "Change the tenant's settings",
        description:
          "What is named is replaced as a whole; sessions that are live take a new policy up when they are next opened. With `If-Match` it is refused (412, `precondition_failed`) where somebody has changed the settings since.",
        parameters: [{
          in: "header",
          name: "If-Match",
          schema: { type: "string" },
          description: "`ETag` of the settings that the change was made for (RFC 9110, 13.1.1)",
        }],
        ...says("As they are now", TenantResponse),
      }),
      requirePermission(deps, "tenant:manage"),
      validated("json", TenantChange),
      async (c) => {
        const { id } = c.var.principal.tenant;
        const change = c.req.valid("json");
        const expected = expectedVersions(c.req.header("If-Match"));
        return respond(c, await updateTenant(deps.audit, id, change, actBy(c), expected));
      },
    );
}

async function respond(c: Context, tenant: Tenant) {
  c.header("ETag", `"${await tenantVersion(tenant)}"`);
  return c.json(tenantResponse(tenant));
}

/** Any is expected without the field, and by `*`; a weak one never matches (RFC 9110, 8.8.3.2). */
function expectedVersions(ifMatch: string | undefined): string[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === "*") return undefined;
  return ifMatch.split(",").map((each) => /^"([^"]*)"$/.exec(each.trim())?.[1] ?? "");
}

function tenantResponse({ version: _, createdAtMs, ...settings }: Tenant) {
  return { ...settings, createdAt: new Date(createdAtMs).toISOString() };
}
