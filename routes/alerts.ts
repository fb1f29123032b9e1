/** `GET /v1/alerts`. */
import { Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import { z } from "zod";
import { listAlerts } from "../core/store/sessions.ts";
import type { AppDeps } from "./deps.ts";
import { CREDENTIALS, requirePermission } from "./middleware/principal.ts";
import { problemResponse } from "./problem.ts";
import { validated } from "./validation.ts";
import { AlertResponse, alertResponse, pageOf, PageQuery } from "./views/resources.ts";

const AlertsResponse = z.object({ alerts: z.array(AlertResponse), cursor: z.string().optional() });

export function createAlerts(deps: AppDeps) {
  const { kv, nowMs } = deps;
  return new Hono().get(
    "/v1/alerts",
    describeRoute({
      summary: "List alerts",
      security: CREDENTIALS,
      responses: {
        200: {
          description: "Newest first",
          content: { "application/json": { schema: resolver(AlertsResponse) } },
        },
        ...problemResponse,
      },
    }),
    requirePermission(deps, "alerts:read"),
    validated("query", PageQuery),
    async (c) => {
      const query = pageOf(c.req.valid("query"));
      const { items, cursor } = await listAlerts(kv, c.var.principal.tenant.id, nowMs(), query);
      return c.json({ alerts: items.map(alertResponse), ...cursor ? { cursor } : {} });
    },
  );
}
