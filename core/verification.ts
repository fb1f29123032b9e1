/** A step-up that was passed or failed, told to a session that may be live in another process. */
import type { Assurance } from "./assurance.ts";
import type { Decision } from "./decision.ts";
import { GaitkeeperError } from "./error.ts";
import {
  type LiveSession,
  openSession,
  type SessionDeps,
  type SessionIdentity,
} from "./session.ts";
import { getSession } from "./store/sessions.ts";

type Which = Pick<SessionIdentity, "tenant" | "session">;

/** Times a change is tried again when the live session commits in between. */
const RACES = 5;

/**
 * Takes a passed step-up, from any process: the belief starts anew, and the assurance is the session's.
 * @throws {GaitkeeperError} `session_not_found`, `store_conflict`
 */
export function verifySession(
  deps: SessionDeps,
  which: Which,
  proof?: Omit<Assurance, "alert">,
): Promise<Decision> {
  return turnSession(deps, which, (session) => {
    const { alert } = session;
    session.verify(proof && { ...proof, ...alert === undefined ? {} : { alert } });
  });
}

/**
 * Takes failed step-ups, from any process: the session is blocked until one is passed.
 * @throws {GaitkeeperError} `session_not_found`, `store_conflict`
 */
export function blockSession(deps: SessionDeps, which: Which): Promise<Decision> {
  return turnSession(deps, which, (session) => session.block());
}

/**
 * Goes on with the session from its checkpoint, so that whoever held it live is superseded and its
 * client comes back to the session as it is then.
 */
async function turnSession(
  deps: SessionDeps,
  { tenant, session: id }: Which,
  turn: (session: LiveSession) => void,
): Promise<Decision> {
  const record = await getSession(deps.kv, tenant, id, deps.nowMs());
  if (!record) {
    throw new GaitkeeperError(
      "session_not_found",
      "Cannot verify session: there is none of this id",
    );
  }
  for (let race = 0; race < RACES; race++) {
    const session = await openSession(deps, { tenant, subject: record.subject, session: id });
    turn(session);
    try {
      await session.commit();
      return session.decision;
    } catch (cause) {
      if (!(cause instanceof GaitkeeperError) || cause.code !== "session_superseded") throw cause;
    }
  }
  throw new GaitkeeperError("store_conflict", "Cannot verify session: it keeps changing");
}
