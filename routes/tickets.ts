/** `POST /v1/tickets`: the tenant's back end asks for the right to open one stream. */
import { ulid } from "@std/ulid";
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import { getConsent, giveConsent, requireConsent } from "../core/store/consents.ts";
import { createTicket } from "../core/store/tickets.ts";
import type { Tenant } from "../core/tenant.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, requirePermission } from "./middleware/principal.ts";
import { ConsentRequest, OpaqueId, validated } from "./validation.ts";

export const TicketRequest = z.strictObject({
  subject: OpaqueId.meta({ description: "The tenant's opaque id of the signed-in person" }),
  session: OpaqueId.optional().meta({
    description: "Goes on with a session; a new one by default",
  }),
  acr: z.string().max(256).optional()
    .meta({ description: "How the person signed in (RFC 9470 acr)" }),
  origin: z.url({ protocol: /^https?$/ }).optional()
    .meta({ description: "Origin of the page that will use it; this service's by default" }),
  replay: z.boolean().optional()
    .meta({ description: "A recording that may run faster than the clock; only in dev" }),
  consent: ConsentRequest.optional().meta({
    description:
      "Puts the person's consent on record, where none to this policy stands yet; without one on record there is no ticket (`consent_missing`)",
  }),
  traces: z.boolean().optional().meta({
    description:
      "The person consented to key zones, timings and movement of this stream being kept as a trace for training; refused (`traces_disabled`) where the installation keeps none",
  }),
});

export const TicketResponse = z.object({
  ticket: z.string().meta({ description: "Second WebSocket subprotocol; once, within 30 s" }),
  session: z.string(),
  expiresAt: z.iso.datetime(),
});

export function createTickets(deps: AppDeps) {
  return new Hono().post(
    "/v1/tickets",
    describeRoute({
      summary: "Mint a ticket",
      ...says("A ticket, bound to tenant, subject, session and origin", TicketResponse, {
        status: 201,
      }),
    }),
    requirePermission(deps, "tickets:create"),
    validated("json", TicketRequest),
    async (c) => {
      const { subject, session, acr, origin, replay = false, consent, traces } = c.req.valid(
        "json",
      );
      if (replay && !deps.dev) {
        throw new GaitkeeperError(
          "request_invalid",
          "Cannot mint ticket: replay must be left out, only dev plays recordings",
        );
      }
      if (traces && !deps.traces) {
        throw new GaitkeeperError(
          "traces_disabled",
          "Cannot mint ticket: traces must be left out, this installation records none (GAITKEEPER_TRACES)",
        );
      }
      const { tenant } = c.var.principal;
      const pageOrigin = new URL(origin ?? deps.origin).origin;
      refuseForeignOrigin(deps, tenant, pageOrigin);
      if (consent) await giveConsent(deps.audit, tenant, subject, consent, actBy(c));
      const nowMs = deps.nowMs();
      requireConsent(await getConsent(deps.kv, tenant.id, subject), nowMs);
      const grant = {
        tenant: tenant.id,
        subject,
        session: session ?? ulid(nowMs) as string,
        origin: pageOrigin,
        replay,
        ...acr === undefined ? {} : { acr },
        ...traces ? { traces } : {},
      };
      const { secret, expiresAtMs } = await createTicket(deps.kv, grant, nowMs);
      return c.json({
        ticket: secret,
        session: grant.session,
        expiresAt: new Date(expiresAtMs).toISOString(),
      }, 201);
    },
  );
}

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** A page may stream from this service's own origin and the tenant's; in dev, from this machine too. */
function refuseForeignOrigin(
  { dev, origin: own }: Pick<AppDeps, "dev" | "origin">,
  { origins }: Tenant,
  origin: string,
): void {
  if (origin === own || origins.includes(origin) || (dev && LOOPBACK.test(origin))) return;
  throw new GaitkeeperError(
    "origin_refused",
    `Cannot mint ticket: origin must be one of the tenant's (PATCH /v1/tenant), got ${origin}`,
  );
}
