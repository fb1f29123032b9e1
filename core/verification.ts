/** A step-up that was passed, told to a session that may be live in another process. */
import type { Decision } from "./decision.ts";
import { GaitkeeperError } from "./error.ts";
import { openSession, type SessionDeps, type SessionIdentity } from "./session.ts";
import { getSession } from "./store/sessions.ts";

/** Times a verification is tried again when the live session commits in between. */
const VERIFY_RACES = 5;

/**
 * Takes a passed step-up, from any process: it goes on with the session from its checkpoint, so that
 * whoever held it live is superseded and its client comes back to the session as verified.
 * @throws {GaitkeeperError} `session_not_found`, `store_conflict`
 */
export async function verifySession(
  deps: SessionDeps,
  identity: Pick<SessionIdentity, "tenant" | "session">,
): Promise<Decision> {
  const { tenant, session: id } = identity;
  const record = await getSession(deps.kv, tenant, id, deps.nowMs());
  if (!record) {
    throw new GaitkeeperError(
      "session_not_found",
      "Cannot verify session: there is none of this id",
    );
  }
  for (let race = 0; race < VERIFY_RACES; race++) {
    const session = await openSession(deps, { tenant, subject: record.subject, session: id });
    session.verify();
    try {
      await session.commit();
      return session.decision;
    } catch (cause) {
      if (!(cause instanceof GaitkeeperError) || cause.code !== "session_superseded") throw cause;
    }
  }
  throw new GaitkeeperError("store_conflict", "Cannot verify session: it keeps changing");
}
