/** `GET /v1/sessions`, one session, and the report of a passed step-up. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import { getSession, listSessions } from "../core/store/sessions.ts";
import { verifySession } from "../core/verification.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, requirePermission } from "./middleware/principal.ts";
import { OpaqueId, validated } from "./validation.ts";
import { pageOf, PageQuery, SessionResponse, sessionResponse } from "./views/resources.ts";

/** What is said of a step-up of which the site says no more than that it was passed. */
const BY_SITE = "urn:gaitkeeper:verified-by-site";

const Verification = z.strictObject({
  amr: z.array(z.string().regex(/^[\x21-\x7e]{1,64}$/)).max(16).default([])
    .meta({ description: "How the person proved who they are (RFC 8176)" }),
  acr: z.string().regex(/^[\x21-\x7e]{1,256}$/).default(BY_SITE)
    .meta({ description: "Authentication context class reached, as your APIs ask for it" }),
});
const SessionPath = z.object({ id: OpaqueId });
const VerificationResponse = z.object({
  session: z.string(),
  level: z.string(),
  action: z.string(),
});
const SessionsResponse = z.object({
  sessions: z.array(SessionResponse),
  cursor: z.string().optional(),
});

export function createSessions(deps: AppDeps) {
  const { kv, nowMs } = deps;
  return new Hono()
    .get(
      "/v1/sessions",
      describeRoute({ summary: "List sessions", ...says("Newest id first", SessionsResponse) }),
      requirePermission(deps, "sessions:read"),
      validated("query", PageQuery),
      async (c) => {
        const query = pageOf(c.req.valid("query"));
        const { items, cursor } = await listSessions(kv, c.var.principal.tenant.id, nowMs(), query);
        return c.json({
          sessions: items.map((record) => sessionResponse(record, nowMs())),
          ...cursor ? { cursor } : {},
        });
      },
    )
    .get(
      "/v1/sessions/:id",
      describeRoute({
        summary: "Read a session",
        ...says("Risk and reasons now", SessionResponse),
      }),
      requirePermission(deps, "sessions:read"),
      validated("param", SessionPath),
      async (c) => {
        const record = await getSession(
          kv,
          c.var.principal.tenant.id,
          c.req.valid("param").id,
          nowMs(),
        );
        if (!record) {
          throw new GaitkeeperError(
            "session_not_found",
            "Cannot read session: there is none of this id",
          );
        }
        return c.json(sessionResponse(record, nowMs()));
      },
    )
    .post(
      "/v1/sessions/:id/verified",
      describeRoute({
        summary: "Report a passed step-up",
        ...says("The risk starts anew; what is typed next may be learned", VerificationResponse),
      }),
      requirePermission(deps, "sessions:verify"),
      validated("param", SessionPath),
      validated("json", Verification),
      async (c) => {
        const session = c.req.valid("param").id;
        const { id: tenant, stepUp } = c.var.principal.tenant;
        const atMs = nowMs();
        const proof = { ...c.req.valid("json"), atMs, untilMs: atMs + stepUp.elevationMs };
        const models = await deps.models;
        const decision = await verifySession({ ...deps, models }, { tenant, session }, proof);
        const { acr, amr } = proof;
        await deps.audit.record(tenant, {
          ...actBy(c),
          action: "session.verified",
          target: { kind: "session", id: session },
          after: { acr, amr },
        });
        return c.json({ session, ...decision });
      },
    );
}
