/** `/v1/subjects/:subject/consent`: what a subject agreed to; nobody is watched without it. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import { type Consent, getConsent, giveConsent, standingPause } from "../core/store/consents.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, CREDENTIALS, requirePermission } from "./middleware/principal.ts";
import { problemResponse } from "./problem.ts";
import { withdraw } from "./subjects/acts.ts";
import { ConsentRequest, SubjectPath, validated } from "./validation.ts";

const ConsentResponse = z.object({
  policyVersion: z.string(),
  how: z.string(),
  givenAt: z.iso.datetime(),
  withdrawnAt: z.iso.datetime().optional(),
  paused: z.object({
    since: z.iso.datetime(),
    until: z.iso.datetime().optional()
      .meta({ description: "Without it the subject ends it themselves" }),
  }).optional().meta({
    description: "The subject wants no watching for now: streams are refused (`paused`)",
  }),
});

export function createConsents(deps: AppDeps) {
  const { audit, kv, nowMs } = deps;
  return new Hono()
    .get(
      "/v1/subjects/:subject/consent",
      describeRoute({ summary: "Read a consent", ...says("The last one given", ConsentResponse) }),
      requirePermission(deps, "subjects:read"),
      validated("param", SubjectPath),
      async (c) => {
        const { subject } = c.req.valid("param");
        const { consent } = await getConsent(kv, c.var.principal.tenant.id, subject);
        if (!consent) throw noConsent();
        return c.json(consentResponse(consent, nowMs()));
      },
    )
    .put(
      "/v1/subjects/:subject/consent",
      describeRoute({
        summary: "Put a consent on record",
        ...says(
          "It stands; one to the same policy that stood already is left as it was",
          ConsentResponse,
        ),
      }),
      requirePermission(deps, "subjects:write"),
      validated("param", SubjectPath),
      validated("json", ConsentRequest),
      async (c) => {
        const { subject } = c.req.valid("param");
        const given = c.req.valid("json");
        const { tenant } = c.var.principal;
        const consent = await giveConsent(audit, tenant, subject, given, actBy(c));
        return c.json(consentResponse(consent, nowMs()));
      },
    )
    .delete(
      "/v1/subjects/:subject/consent",
      describeRoute({
        summary: "Withdraw a consent",
        description:
          "Streams of the subject are ended at once and none is opened any more, and links to their own page end with them. What was learned stays, unread, until the subject is erased or consents again.",
        security: CREDENTIALS,
        responses: { 204: { description: "None stands" }, ...problemResponse },
      }),
      requirePermission(deps, "subjects:write"),
      validated("param", SubjectPath),
      async (c) => {
        const { subject } = c.req.valid("param");
        const { id } = c.var.principal.tenant;
        if (!await withdraw(deps, { tenant: id, subject }, actBy(c))) throw noConsent();
        return c.body(null, 204);
      },
    );
}

function noConsent(): GaitkeeperError {
  return new GaitkeeperError("not_found", "Cannot find consent: the subject must have given one");
}

function consentResponse(consent: Consent, nowMs: number): z.infer<typeof ConsentResponse> {
  const { policyVersion, how, givenAtMs, withdrawnAtMs } = consent;
  const time = (atMs: number) => new Date(atMs).toISOString();
  const pause = standingPause(consent, nowMs);
  const until = pause?.untilMs === undefined ? {} : { until: time(pause.untilMs) };
  return {
    ...{ policyVersion, how, givenAt: time(givenAtMs) },
    ...withdrawnAtMs === undefined ? {} : { withdrawnAt: time(withdrawnAtMs) },
    ...pause ? { paused: { since: time(pause.atMs), ...until } } : {},
  };
}
