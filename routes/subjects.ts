/** `DELETE /v1/subjects/:subject`: a subject is erased, and their site is given a receipt. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { actBy, requirePermission } from "./middleware/principal.ts";
import { erase } from "./subjects/acts.ts";
import { SubjectPath, validated } from "./validation.ts";

const ReceiptResponse = z.object({
  receipt: z.string().meta({ description: "The audit log names it beside the erasure" }),
  pseudonym: z.string().meta({ description: "All that is left: how the audit log calls them" }),
  erasedAt: z.iso.datetime(),
  rows: z.number().meta({ description: "Rows of the store that were deleted" }),
  traces: z.number().meta({ description: "Recorded traces that were deleted" }),
});

export function createSubjects(deps: AppDeps) {
  return new Hono().delete(
    "/v1/subjects/:subject",
    describeRoute({
      summary: "Erase a subject",
      description:
        "Ends their streams and deletes everything of theirs: consent, templates and the key that opened them, sessions, alerts, factors, tickets, notices and recorded traces. Not what was exported or trained on before.",
      ...says("Nothing of theirs is left", ReceiptResponse),
    }),
    requirePermission(deps, "subjects:erase"),
    validated("param", SubjectPath),
    async (c) => {
      const { subject } = c.req.valid("param");
      const tenant = c.var.principal.tenant.id;
      const whom = { tenant, subject };
      const { id, pseudonym, erasedAtMs, rows, traces } = await erase(deps, whom, actBy(c));
      const erasedAt = new Date(erasedAtMs).toISOString();
      return c.json({ receipt: id, pseudonym, erasedAt, rows, traces });
    },
  );
}
