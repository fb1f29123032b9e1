/** What a page of a tenant's site asks by itself, with a ticket in place of a credential. */
import type { Context } from "hono";
import { cors } from "hono/cors";
import { GaitkeeperError } from "../../core/error.ts";
import { consumeTicket, findTicket, type Ticket } from "../../core/store/tickets.ts";
import type { AppDeps } from "../deps.ts";

const PREFLIGHT_LIFE_S = 600;

/**
 * Lets pages of every origin read the answers (Fetch, CORS): nothing here goes by cookies, and a
 * ticket or a challenge is good from the one origin that it is bound to, which is checked.
 */
export const openToPages = () =>
  cors({
    origin: (origin) => origin,
    allowMethods: ["POST"],
    allowHeaders: ["Content-Type"],
    exposeHeaders: ["Retry-After"],
    maxAge: PREFLIGHT_LIFE_S,
  });

/**
 * Uses a ticket up that the page was given.
 * @throws {GaitkeeperError} `ticket_invalid`; `origin_refused`, which leaves the ticket unused.
 */
export async function ticketOf(
  { kv, nowMs }: Pick<AppDeps, "kv" | "nowMs">,
  c: Context,
  secret: string,
): Promise<Ticket> {
  requireOrigin(c, (await findTicket(kv, secret, nowMs())).origin);
  return await consumeTicket(kv, secret, nowMs());
}

/** @throws {GaitkeeperError} `origin_refused` when another page asks than the one that may. */
export function requireOrigin(c: Context, origin: string): void {
  // Serialised origins are compared as they stand (RFC 6454, section 5).
  if (c.req.header("Origin") === origin) return;
  throw new GaitkeeperError(
    "origin_refused",
    "Cannot accept request: Origin must be the one that the ticket is bound to",
  );
}
