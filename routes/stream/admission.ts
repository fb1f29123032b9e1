/** Who may open a stream: decided before the upgrade. */
import { GaitkeeperError } from "../../core/error.ts";
import { findTicket, type Ticket } from "../../core/store/tickets.ts";
import { SUBPROTOCOL } from "../../core/wire.ts";

export interface UpgradeRequest {
  readonly path: string;
  readonly origin: string | undefined;
  /** The `Sec-WebSocket-Protocol` header as it came. */
  readonly protocols: string | undefined;
}

export interface Admission {
  readonly secret: string;
  /** Absent where no such ticket is valid: the socket is opened only to be told so (close 4401). */
  readonly ticket: Ticket | undefined;
}

/**
 * Checks path, subprotocols and origin; uses nothing up. A browser hides the status of a refused
 * upgrade from its page, so a page with an old ticket is let in as far as the close code that tells
 * it to get a new one; a wrong origin is refused before the upgrade.
 * @throws {GaitkeeperError} `not_found`, `request_invalid`, `origin_refused`
 */
export async function admit(
  kv: Deno.Kv,
  { path, origin, protocols }: UpgradeRequest,
  nowMs: number,
): Promise<Admission> {
  if (path !== "/v1/stream") {
    throw new GaitkeeperError("not_found", "Cannot upgrade: the only stream is at /v1/stream");
  }
  const [version, secret, ...others] = (protocols ?? "").split(",").map((name) => name.trim());
  if (version !== SUBPROTOCOL || !secret || others.length) {
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot upgrade: the subprotocols must be ${SUBPROTOCOL} and a ticket`,
    );
  }
  // An opaque origin is spelled "null"; no ticket is ever bound to one.
  if (!origin || origin === "null") throw refused();
  const ticket = await findTicket(kv, secret, nowMs).catch((error) => {
    if (error instanceof GaitkeeperError && error.code === "ticket_invalid") return undefined;
    throw error;
  });
  // Serialised origins are compared as they stand (RFC 6454, section 5): no parsing, no tricks.
  if (ticket && ticket.origin !== origin) throw refused();
  return { secret, ticket };
}

function refused(): GaitkeeperError {
  return new GaitkeeperError(
    "origin_refused",
    "Cannot upgrade: Origin must be the one that the ticket is bound to",
  );
}
