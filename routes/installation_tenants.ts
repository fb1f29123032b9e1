/** `/v1/tenants`: the sites of this installation, run from its first tenant. */
import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import { Email } from "../core/operator.ts";
import { KEY_SCOPES } from "../core/permission.ts";
import { createApiKey } from "../core/store/api_keys.ts";
import { createInvitation } from "../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../core/store/keys.ts";
import { createTenant, listTenants } from "../core/store/tenants.ts";
import { TenantId } from "../core/tenant.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, type PrincipalEnv, requirePermission } from "./middleware/principal.ts";
import { pageOrigin } from "./operators/deps.ts";
import { validated } from "./validation.ts";

const TenantRequest = z.strictObject({
  id: TenantId,
  name: z.string().min(1).max(120),
  owner: Email.optional().meta({
    description: "Invites its first owner; wants an operator who may manage operators, not a key",
  }),
});
const TenantSummary = z.object({ id: z.string(), name: z.string(), createdAt: z.iso.datetime() });
const TenantsResponse = z.object({ tenants: z.array(TenantSummary) });
const MadeTenantResponse = TenantSummary.extend({
  secret: z.string().meta({ description: "Its first API key; told this once and never again" }),
  link: z.string().optional().meta({ description: "Of its owner's invitation; told this once" }),
});

export function createInstallationTenants(deps: AppDeps) {
  const { audit, kv, nowMs } = deps;
  return new Hono()
    .get(
      "/v1/tenants",
      describeRoute({ summary: "List tenants", ...says("By id", TenantsResponse) }),
      requirePermission(deps, "tenant:manage"),
      requireInstallation,
      async (c) => {
        const tenants = (await listTenants(kv)).map(({ id, name, createdAtMs }) => {
          return { id, name, createdAt: new Date(createdAtMs).toISOString() };
        });
        return c.json({ tenants });
      },
    )
    .post(
      "/v1/tenants",
      describeRoute({
        summary: "Make a tenant",
        description: "Only with a credential of the installation's first tenant.",
        ...says("The tenant, with a key that opens it", MadeTenantResponse, { status: 201 }),
      }),
      requirePermission(deps, "tenant:manage"),
      requireInstallation,
      validated("json", TenantRequest),
      async (c) => {
        const by = actBy(c);
        const { owner: email, ...request } = c.req.valid("json");
        if (email && !c.var.principal.permissions.has("operators:manage")) {
          throw new GaitkeeperError(
            "permission_denied",
            "Cannot make tenant: owner must be left out by a credential without operators:manage",
          );
        }
        const tenant = await createTenant(audit, { ...request, nowMs: nowMs() }, by);
        const first = { name: "First key", scopes: KEY_SCOPES };
        const { secret } = await createApiKey(audit, tenant.id, first, by);
        const { id, name } = tenant;
        const createdAt = new Date(tenant.createdAtMs).toISOString();
        if (!email) return c.json({ id, name, createdAt, secret }, 201);
        const invitation = { tenant: id, email, role: "owner" as const };
        const invited = await createInvitation(audit, invitation, by);
        const link = `${pageOrigin(deps, c)}/invitation#${invited.secret}`;
        return c.json({ id, name, createdAt, secret, link }, 201);
      },
    );
}

/** What concerns all tenants is the first one's to do. */
const requireInstallation = createMiddleware<PrincipalEnv>(async (c, next) => {
  if (c.var.principal.tenant.id !== DEFAULT_TENANT) {
    throw new GaitkeeperError(
      "permission_denied",
      "Cannot authorise: the credential must be of the installation's first tenant",
    );
  }
  await next();
});
