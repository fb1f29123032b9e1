/** `/v1/audit`: who did what in the tenant, and whether the log is whole. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { Actor, type AuditEntry } from "../core/store/audit.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { requirePermission } from "./middleware/principal.ts";
import { validated } from "./validation.ts";
import { pageOf, PageQuery } from "./views/resources.ts";

const EntryResponse = z.object({
  sequence: z.number(),
  at: z.iso.datetime(),
  actor: Actor.meta({ description: "A subject is named by a pseudonym" }),
  action: z.string(),
  target: z.object({ kind: z.string(), id: z.string() })
    .meta({ description: "A subject is named by a pseudonym" }),
  from: z.string().optional().meta({ description: "Address" }),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  hash: z.string(),
});
const EntriesResponse = z.object({
  entries: z.array(EntryResponse),
  cursor: z.string().optional(),
});
const VerdictResponse = z.object({
  sound: z.number().meta({ description: "Entries that are sound, from the first" }),
  fault: z.object({ sequence: z.number(), what: z.string() }).optional(),
});

export function createAudit(deps: AppDeps) {
  const { audit } = deps;
  const may = requirePermission(deps, "audit:read");
  return new Hono()
    .get(
      "/v1/audit",
      describeRoute({ summary: "List what was done", ...says("Newest first", EntriesResponse) }),
      may,
      validated("query", PageQuery),
      async (c) => {
        const query = pageOf(c.req.valid("query"));
        const { items, cursor } = await audit.list(c.var.principal.tenant.id, query);
        return c.json({ entries: items.map(entryResponse), ...cursor ? { cursor } : {} });
      },
    )
    .get(
      "/v1/audit/verification",
      describeRoute({
        summary: "Verify the audit log",
        ...says("How far it is sound, and the first fault", VerdictResponse),
      }),
      may,
      async (c) => c.json(await audit.verify(c.var.principal.tenant.id)),
    );
}

function entryResponse(entry: AuditEntry): z.infer<typeof EntryResponse> {
  const { sequence, atMs, actor, action, target, from, before, after, hash } = entry;
  return {
    sequence,
    at: new Date(atMs).toISOString(),
    actor,
    action,
    target,
    ...from === undefined ? {} : { from },
    ...before === undefined ? {} : { before: JSON.parse(before) },
    ...after === undefined ? {} : { after: JSON.parse(after) },
    hash,
  };
}
