/** `/v1/operators`: what owners do on their page, for their own scripts in the browser. */
import { type Context, Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { Email } from "../core/operator.ts";
import { ROLES } from "../core/permission.ts";
import {
  createInvitation,
  type Invitation,
  listInvitations,
  revokeInvitation,
} from "../core/store/invitations.ts";
import { changeRole, listOperators, removeOperator } from "../core/store/memberships.ts";
import type { Operator } from "../core/store/operators.ts";
import { says } from "./described.ts";
import { actBy, type PrincipalEnv, requirePermission } from "./middleware/principal.ts";
import { type OperatorDeps, pageOrigin } from "./operators/deps.ts";
import { problemResponse } from "./problem.ts";
import { validated } from "./validation.ts";

const Role = z.enum(ROLES);
const RoleChange = z.strictObject({ role: Role });
const InvitationRequest = z.strictObject({
  email: Email.meta({ description: "Whom it is for; compared in lower case" }),
  role: Role,
});
const Path = z.object({ id: z.string().max(64) });

const OperatorResponse = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: Role,
  passkeys: z.number().meta({ description: "How many" }),
  password: z.boolean().meta({ description: "Whether there is one" }),
  createdAt: z.iso.datetime(),
});
const OperatorsResponse = z.object({ operators: z.array(OperatorResponse) });
const InvitationResponse = z.object({
  id: z.string(),
  email: z.string(),
  role: Role,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
});
const InvitationsResponse = z.object({ invitations: z.array(InvitationResponse) });
const MadeInvitationResponse = InvitationResponse.extend({
  link: z.string().meta({ description: "Told this once; lets one person register" }),
});

const SECURITY = { security: [{ operatorSession: [] }] };

export function createOperatorResources(deps: OperatorDeps) {
  const { kv, audit, nowMs } = deps;
  const may = requirePermission(deps, "operators:manage");
  const ends = (description: string) => ({
    ...SECURITY,
    responses: { 204: { description }, ...problemResponse },
  });
  const tenantOf = (c: Context<PrincipalEnv>) => c.var.principal.tenant.id;
  return new Hono()
    .get(
      "/v1/operators",
      describeRoute({
        summary: "List operators",
        ...says("Oldest first", OperatorsResponse, SECURITY),
      }),
      may,
      async (c) => {
        const operators = await listOperators(kv, tenantOf(c));
        return c.json({ operators: operators.map((each) => operatorResponse(each, tenantOf(c))) });
      },
    )
    .get(
      "/v1/operators/invitations",
      describeRoute({
        summary: "List open invitations",
        ...says("Oldest first", InvitationsResponse, SECURITY),
      }),
      may,
      async (c) => {
        const invitations = await listInvitations(kv, tenantOf(c), nowMs());
        return c.json({ invitations: invitations.map(invitationResponse) });
      },
    )
    .post(
      "/v1/operators/invitations",
      describeRoute({
        summary: "Invite an operator",
        ...says("The invitation", MadeInvitationResponse, { status: 201, ...SECURITY }),
      }),
      may,
      validated("json", InvitationRequest),
      async (c) => {
        const request = { tenant: tenantOf(c), ...c.req.valid("json") };
        const { invitation, secret } = await createInvitation(audit, request, actBy(c));
        const link = `${pageOrigin(deps, c)}/invitation#${secret}`;
        return c.json({ ...invitationResponse(invitation), link }, 201);
      },
    )
    .delete(
      "/v1/operators/invitations/:id",
      describeRoute({ summary: "Take an invitation back", ...ends("It lets nobody in any more") }),
      may,
      validated("param", Path),
      async (c) => {
        const { id } = c.req.valid("param");
        await revokeInvitation(audit, { tenant: tenantOf(c), id, by: actBy(c) });
        return c.body(null, 204);
      },
    )
    .patch(
      "/v1/operators/:id",
      describeRoute({
        summary: "Change an operator's role",
        ...says("It counts from their next request on", OperatorResponse, SECURITY),
      }),
      may,
      validated("param", Path),
      validated("json", RoleChange),
      async (c) => {
        const { id } = c.req.valid("param");
        const { role } = c.req.valid("json");
        const tenant = tenantOf(c);
        const changed = await changeRole(audit, { tenant, operator: id, role, by: actBy(c) });
        return c.json(operatorResponse(changed, tenant));
      },
    )
    .delete(
      "/v1/operators/:id",
      describeRoute({ summary: "Remove an operator", ...ends("Their sessions are over") }),
      may,
      validated("param", Path),
      async (c) => {
        const operator = c.req.valid("param").id;
        await removeOperator(audit, { tenant: tenantOf(c), operator, by: actBy(c) });
        return c.body(null, 204);
      },
    );
}

function operatorResponse(operator: Operator, tenant: string): z.infer<typeof OperatorResponse> {
  const { id, email, name, memberships, passkeys, password, createdAtMs } = operator;
  return {
    id,
    email,
    name,
    role: memberships[tenant]!,
    passkeys: passkeys.length,
    password: password !== undefined,
    createdAt: new Date(createdAtMs).toISOString(),
  };
}

function invitationResponse({ id, email, role, createdAtMs, expiresAtMs }: Invitation) {
  const time = (atMs: number) => new Date(atMs).toISOString();
  return { id, email, role, createdAt: time(createdAtMs), expiresAt: time(expiresAtMs) };
}
