/** `GET /v1/subjects/:subject/export`: everything that is kept of a subject. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, requirePermission } from "./middleware/principal.ts";
import { exportSubject, SubjectExport } from "./subjects/export.ts";
import { SubjectPath, validated } from "./validation.ts";

export function createSubjectExport(deps: AppDeps) {
  return new Hono().get(
    "/v1/subjects/:subject/export",
    describeRoute({
      summary: "Export all that is kept of a subject",
      ...says("Complete, but for secrets that would open something", SubjectExport),
    }),
    requirePermission(deps, "subjects:read"),
    validated("param", SubjectPath),
    async (c) => {
      const { subject } = c.req.valid("param");
      const tenant = c.var.principal.tenant.id;
      return c.json(await exportSubject(deps, { tenant, subject }, actBy(c)));
    },
  );
}
