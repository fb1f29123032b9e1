/**
 * A step-up that was asked of a subject and never passed: it goes with them into their next sessions,
 * so that whoever was asked cannot try again from the start, session after session, until one is let
 * pass.
 */
import { z } from "zod";
import { unansweredKey } from "./keys.ts";

export const Unanswered = z.object({
  version: z.literal(1),
  alert: z.string(),
  /** Where it was asked. */
  session: z.string(),
  atMs: z.number(),
  expiresAtMs: z.number(),
});
export type Unanswered = z.infer<typeof Unanswered>;

export async function getUnanswered(
  kv: Deno.Kv,
  tenant: string,
  subject: string,
  nowMs: number,
): Promise<Unanswered | undefined> {
  const { value } = await kv.get(unansweredKey(tenant, subject));
  const found = value === null ? undefined : Unanswered.parse(value);
  return found && found.expiresAtMs > nowMs ? found : undefined;
}

/** Adds to a commit that one was asked, unless the tenant carries none on (`carryMs` 0). */
export function setUnanswered(
  atomic: Deno.AtomicOperation,
  { tenant, subject }: { readonly tenant: string; readonly subject: string },
  asked: Pick<Unanswered, "alert" | "session" | "atMs">,
  carryMs: number,
): void {
  if (carryMs === 0) return;
  const row: Unanswered = { version: 1, ...asked, expiresAtMs: asked.atMs + carryMs };
  atomic.set(unansweredKey(tenant, subject), row, { expireIn: carryMs });
}
