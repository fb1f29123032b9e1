/** `/v1/tenant`: the settings of the credential's own tenant. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { updateTenant } from "../core/store/tenants.ts";
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
        ...says("As they are", TenantResponse),
      }),
      requirePermission(deps, "tenant:read"),
      (c) => c.json(tenantResponse(c.var.principal.tenant)),
    )
    .patch(
      "/v1/tenant",
      describeRoute({
        summary: "Change the tenant's settings",
        description:
          "What is named is replaced as a whole; sessions that are live take a new policy up when they are next opened.",
        ...says("As they are now", TenantResponse),
      }),
      requirePermission(deps, "tenant:manage"),
      validated("json", TenantChange),
      async (c) => {
        const { id } = c.var.principal.tenant;
        const change = c.req.valid("json");
        return c.json(tenantResponse(await updateTenant(deps.audit, id, change, actBy(c))));
      },
    );
}

function tenantResponse({ version: _, createdAtMs, ...settings }: Tenant) {
  return { ...settings, createdAt: new Date(createdAtMs).toISOString() };
}
