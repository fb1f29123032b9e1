/** `GET /v1/notices`: what the site should be told of, until webhooks carry it. */
import { Hono } from "hono";
import { describeRoute } from "hono-openapi";
import { z } from "zod";
import { listNotices, type Notice } from "../core/store/notices.ts";
import type { AppDeps } from "./deps.ts";
import { says } from "./described.ts";
import { requirePermission } from "./middleware/principal.ts";
import { validated } from "./validation.ts";
import { pageOf, PageQuery } from "./views/resources.ts";

const NoticeResponse = z.object({
  id: z.string(),
  kind: z.enum(["profile_ready"]),
  subject: z.string(),
  modality: z.enum(["keyboard", "pointer"]),
  at: z.iso.datetime(),
});
const NoticesResponse = z.object({
  notices: z.array(NoticeResponse),
  cursor: z.string().optional(),
});

export function createNotices(deps: AppDeps) {
  return new Hono().get(
    "/v1/notices",
    describeRoute({
      summary: "List notices",
      description: "Oldest first; ask again with the last one's id as `cursor`. Kept for a week.",
      ...says("Such as that a profile is ready", NoticesResponse),
    }),
    requirePermission(deps, "subjects:read"),
    validated("query", PageQuery),
    async (c) => {
      const query = pageOf(c.req.valid("query"));
      const { tenant } = c.var.principal;
      const { items, cursor } = await listNotices(deps.kv, tenant.id, deps.nowMs(), query);
      return c.json({ notices: items.map(noticeResponse), ...cursor ? { cursor } : {} });
    },
  );
}

function noticeResponse({ id, kind, subject, modality, atMs }: Notice) {
  return { id, kind, subject, modality, at: new Date(atMs).toISOString() };
}
