/** Tickets: the right to open one stream, once, within 30 seconds, from one origin. */
import { encodeBase64Url } from "@std/encoding/base64url";
import { encodeHex } from "@std/encoding/hex";
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { subjectTicketKey, ticketKey } from "./keys.ts";

/** What a ticket is bound to. */
export const Ticket = z.object({
  version: z.literal(1),
  tenant: z.string(),
  subject: z.string(),
  session: z.string(),
  /** Serialised origin of the page that may use it (RFC 6454, section 6.1). */
  origin: z.string(),
  /** Authentication context class under which the subject signed in (RFC 9470). */
  acr: z.string().optional(),
  /** The stream may run faster than the clock. */
  replay: z.boolean(),
  /** A profile may be made in the one session: the dashboard's own page, whose visitor is told. */
  oneSitting: z.boolean().optional(),
  /** The subject consented to what this stream carries being recorded as a trace. */
  traces: z.boolean().optional(),
  expiresAtMs: z.number(),
});
export type Ticket = z.infer<typeof Ticket>;

export const TICKET_LIFE_MS = 30_000;
const SECRET_BYTES = 32;

/** Stores a ticket and returns its secret: 256 random bits, of which only the hash is kept. */
export async function createTicket(
  kv: Deno.Kv,
  grant: Omit<Ticket, "version" | "expiresAtMs">,
  nowMs: number,
): Promise<{ readonly secret: string; readonly expiresAtMs: number }> {
  const secret: string = encodeBase64Url(crypto.getRandomValues(new Uint8Array(SECRET_BYTES)));
  const expiresAtMs = nowMs + TICKET_LIFE_MS;
  const ticket: Ticket = { version: 1, ...grant, expiresAtMs };
  const hash = await hashOf(secret);
  await kv.atomic()
    .set(ticketKey(hash), ticket, { expireIn: TICKET_LIFE_MS })
    .set(subjectTicketKey(grant.tenant, grant.subject, hash), 1, { expireIn: TICKET_LIFE_MS })
    .commit();
  return { secret, expiresAtMs };
}

/** Reads a ticket without using it up, so that its origin can be checked before the upgrade. */
export async function findTicket(kv: Deno.Kv, secret: string, nowMs: number): Promise<Ticket> {
  const entry = await kv.get(ticketKey(await hashOf(secret)));
  return valid(entry.value, nowMs);
}

/**
 * Uses a ticket up; of parallel uses exactly one succeeds.
 * @throws {GaitkeeperError} `ticket_invalid`, without saying whether it was used, late or never was.
 */
export async function consumeTicket(kv: Deno.Kv, secret: string, nowMs: number): Promise<Ticket> {
  const hash = await hashOf(secret);
  const entry = await kv.get(ticketKey(hash));
  const ticket = valid(entry.value, nowMs);
  const { tenant, subject } = ticket;
  const { ok } = await kv.atomic().check(entry)
    .delete(entry.key)
    .delete(subjectTicketKey(tenant, subject, hash))
    .commit();
  if (!ok) throw invalid();
  return ticket;
}

function valid(value: unknown, nowMs: number): Ticket {
  if (value === null) throw invalid();
  const ticket = Ticket.parse(value);
  if (ticket.expiresAtMs <= nowMs) throw invalid();
  return ticket;
}

function invalid(): GaitkeeperError {
  return new GaitkeeperError(
    "ticket_invalid",
    "Cannot open stream: the ticket must be new, unused and at most 30 s old",
  );
}

async function hashOf(secret: string): Promise<string> {
  return encodeHex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
}
