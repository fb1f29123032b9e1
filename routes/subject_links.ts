/** `POST /v1/subjects/:subject/link`: a site hands its user the way to what is kept of them. */
import { Hono } from "hono";
import { describeRoute, resolver } from "hono-openapi";
import { z } from "zod";
import { createSubjectLink } from "../core/store/subject_links.ts";
import type { AppDeps } from "./deps.ts";
import { actBy, CREDENTIALS, requirePermission } from "./middleware/principal.ts";
import { pageOrigin } from "./operators/deps.ts";
import { problemResponse } from "./problem.ts";
import { SubjectPath, validated } from "./validation.ts";

const LinkResponse = z.object({
  url: z.string().meta({
    description: "For the one signed-in person; told this once, opened once, by the time it ends",
  }),
  expiresAt: z.iso.datetime(),
});

export function createSubjectLinks(deps: AppDeps) {
  return new Hono().post(
    "/v1/subjects/:subject/link",
    describeRoute({
      summary: "Make a link to a subject's own page",
      description:
        "Whoever opens it, once within 15 minutes, sees for half an hour what is kept of the subject, and may pause, withdraw, take everything with them and erase it. Make it when the person asks for it, in a session that you trust (`POST /v1/sessions/{id}/verified`, or a step-up of your own), and send their browser there. Withdrawing the consent and erasing the subject end it. At most 10 wait to be opened (`rate_exceeded`).",
      security: CREDENTIALS,
      responses: {
        201: {
          description: "The link",
          content: { "application/json": { schema: resolver(LinkResponse) } },
        },
        ...problemResponse,
      },
    }),
    requirePermission(deps, "subjects:link"),
    validated("param", SubjectPath),
    async (c) => {
      const { subject } = c.req.valid("param");
      const tenant = c.var.principal.tenant.id;
      const made = await createSubjectLink(deps.audit, { tenant, subject }, actBy(c));
      const expiresAt = new Date(made.expiresAtMs).toISOString();
      return c.json({ url: `${pageOrigin(deps, c)}/me/${made.secret}`, expiresAt }, 201);
    },
  );
}
