/** Notices: what the site should be told of, in the order of its happening, until it expires. */
import { ulid } from "@std/ulid";
import { z } from "zod";
import { outboxKey, outboxNoticeKey } from "./keys.ts";
import type { Page, PageRequest } from "./sessions.ts";

export const Notice = z.object({
  version: z.literal(1),
  /** ULID; its time is the server's. */
  id: z.string(),
  /** A modality of the subject's profile speaks from now on. */
  kind: z.literal("profile_ready"),
  subject: z.string(),
  modality: z.enum(["keyboard", "pointer"]),
  atMs: z.number(),
  expiresAtMs: z.number(),
});
export type Notice = z.infer<typeof Notice>;

/** A site that has not asked for so long is not waiting for it. */
const NOTICE_LIFE_MS = 7 * 24 * 3600_000;

export function createNotice(
  of: Pick<Notice, "kind" | "subject" | "modality" | "atMs">,
): Notice {
  const id: string = ulid(of.atMs);
  return { version: 1, id, ...of, expiresAtMs: of.atMs + NOTICE_LIFE_MS };
}

/** Adds a notice to what is committed. */
export function addNotice(atomic: Deno.AtomicOperation, tenant: string, notice: Notice): void {
  const expireIn = notice.expiresAtMs - notice.atMs;
  atomic.set(outboxNoticeKey(tenant, notice.id), notice, { expireIn });
}

/** Oldest first, from behind `cursor`, which is the last notice's id. */
export async function listNotices(
  kv: Deno.Kv,
  tenant: string,
  nowMs: number,
  { cursor, limit }: PageRequest,
): Promise<Page<Notice>> {
  const prefix = outboxKey(tenant);
  const start = cursor === undefined ? undefined : [...prefix, `${cursor}\0`];
  const items: Notice[] = [];
  for await (const { value } of kv.list(start ? { prefix, start } : { prefix })) {
    const notice = Notice.parse(value);
    if (notice.expiresAtMs > nowMs) items.push(notice);
    if (items.length === limit) return { items, cursor: notice.id };
  }
  return { items };
}
