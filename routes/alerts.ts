/** `/v1/alerts`: the queue of alerts, and what people make of them. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import {
  type AlertChange,
  AlertState,
  handleAlert,
  NOTE_LENGTH,
  Verdict,
} from "../core/store/alert_handlings.ts";
import { listQueue, withHandlings } from "../core/store/alert_queue.ts";
import { getAlert, LevelName } from "../core/store/sessions.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, requirePermission } from "./middleware/principal.ts";
import { problemOf } from "./problem.ts";
import { OpaqueId, validated } from "./validation.ts";
import { AlertResponse, alertResponse, PageQuery } from "./views/resources.ts";

const AlertsQuery = PageQuery.extend({
  state: AlertState.optional(),
  verdict: Verdict.optional(),
  level: LevelName.optional(),
  subject: OpaqueId.optional(),
});
const AlertsResponse = z.object({
  alerts: z.array(AlertResponse),
  cursor: z.string().optional()
    .meta({ description: "To go on from; a filtered page may be short and have one even so" }),
});
const AlertPath = z.object({ id: OpaqueId });

const HANDLED_AT_ONCE = 100;
const changes = {
  state: AlertState.optional(),
  verdict: Verdict.nullable().optional()
    .meta({ description: "Who it turned out to be; `null` takes it back" }),
  note: z.string().max(NOTE_LENGTH).nullable().optional(),
};
const NOTHING = { message: "must name a state, a verdict or a note" };
const namesSomething = ({ state, verdict, note }: AlertChange) =>
  state !== undefined || verdict !== undefined || note !== undefined;
const Change = z.strictObject(changes).refine(namesSomething, NOTHING);
const BulkChange = z.strictObject({
  ids: z.array(OpaqueId).min(1).max(HANDLED_AT_ONCE),
  ...changes,
}).refine(namesSomething, NOTHING);
const BulkResponse = z.object({
  results: z.array(z.object({
    id: z.string(),
    alert: AlertResponse.optional(),
    code: z.string().optional().meta({ description: "Why this one was not changed" }),
  })),
});

export function createAlerts(deps: AppDeps) {
  const { kv, nowMs, audit } = deps;
  return new Hono()
    .get(
      "/v1/alerts",
      describeRoute({ summary: "List alerts", ...says("Newest first", AlertsResponse) }),
      requirePermission(deps, "alerts:read"),
      validated("query", AlertsQuery),
      async (c) => {
        const { id } = c.var.principal.tenant;
        const { items, cursor } = await listQueue(kv, id, nowMs(), c.req.valid("query"));
        const alerts = items.map(({ alert, handling }) => alertResponse(alert, handling));
        return c.json({ alerts, ...cursor ? { cursor } : {} });
      },
    )
    .get(
      "/v1/alerts/:id",
      describeRoute({ summary: "Read an alert", ...says("As it is now", AlertResponse) }),
      requirePermission(deps, "alerts:read"),
      validated("param", AlertPath),
      async (c) => {
        const { id: tenant } = c.var.principal.tenant;
        const alert = await getAlert(kv, tenant, c.req.valid("param").id, nowMs());
        if (!alert) throw notFound();
        const [queued] = await withHandlings(kv, tenant, [alert]);
        return c.json(alertResponse(alert, queued!.handling));
      },
    )
    .patch(
      "/v1/alerts/:id",
      describeRoute({
        summary: "Handle an alert",
        description: "What is not named stays as it is.",
        ...says("As it is now", AlertResponse),
      }),
      requirePermission(deps, "alerts:write"),
      validated("param", AlertPath),
      validated("json", Change),
      async (c) => {
        const which = { tenant: c.var.principal.tenant.id, alert: c.req.valid("param").id };
        const { alert, handling } = await handleAlert(audit, which, c.req.valid("json"), actBy(c));
        return c.json(alertResponse(alert, handling));
      },
    )
    .post(
      "/v1/alerts/handle",
      describeRoute({
        summary: "Handle several alerts alike",
        description: "Each for itself: one that is not there does not stop the others.",
        ...says("In the order of the ids", BulkResponse),
      }),
      requirePermission(deps, "alerts:write"),
      validated("json", BulkChange),
      async (c) => {
        const { ids, ...change } = c.req.valid("json");
        const tenant = c.var.principal.tenant.id;
        const results: z.infer<typeof BulkResponse>["results"] = [];
        for (const id of new Set(ids)) {
          try {
            const done = await handleAlert(audit, { tenant, alert: id }, change, actBy(c));
            results.push({ id, alert: alertResponse(done.alert, done.handling) });
          } catch (error) {
            if (!(error instanceof GaitkeeperError)) throw error;
            results.push({ id, code: problemOf(error).code });
          }
        }
        return c.json({ results });
      },
    );
}

function notFound(): GaitkeeperError {
  return new GaitkeeperError("alert_not_found", "Cannot read alert: there is none of this id");
}
