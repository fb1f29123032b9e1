/** The level that a site's sessions have reached by the step-ups that Gaitkeeper saw them pass. */
import { z } from "zod";
import type { AuthenticationLevel } from "./level.ts";

export interface GaitkeeperAccess {
  /** Origin of the service. */
  readonly endpoint: string | URL;
  /** Of the site's tenant, allowed `sessions:read`. Never in a page. */
  readonly secretKey: string;
  /** The session id that the request's ticket was minted for; `undefined` where there is none. */
  readonly sessionOf: (request: Request) => string | undefined | Promise<string | undefined>;
  /**
   * Counts no proof while the session is asked to step up or blocked, however fresh it is: whoever
   * gave it may not be who sits there now. True if not said.
   */
  readonly refuseInDoubt?: boolean;
  /** 2 s if not said. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** What the service says of a session that it does not know; any other 404 is not its word. */
const UnknownSession = z.object({ code: z.literal("session_not_found") });

const Session = z.object({
  action: z.string(),
  assurance: z.object({ acr: z.string(), at: z.iso.datetime() }).optional(),
});

/**
 * What `protect` finds the level out by. It throws where the service does not answer as it should:
 * then nobody is let in.
 */
export function assuranceFromGaitkeeper(
  access: GaitkeeperAccess,
): (request: Request) => Promise<AuthenticationLevel | undefined> {
  const { endpoint, secretKey, sessionOf, refuseInDoubt = true, timeoutMs = 2000 } = access;
  const ask = access.fetch ?? fetch;
  return async (request) => {
    const session = await sessionOf(request);
    if (!session) return undefined;
    const url = new URL(`/v1/sessions/${encodeURIComponent(session)}`, endpoint);
    const answer = await ask(url, {
      headers: { Authorization: `Bearer ${secretKey}` },
      signal: AbortSignal.timeout(timeoutMs),
      redirect: "error",
    });
    if (answer.status === 404) {
      UnknownSession.parse(await answer.json());
      return undefined;
    }
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new TypeError(
        `Cannot read assurance: Gaitkeeper must answer 200, got ${answer.status}`,
      );
    }
    const { action, assurance } = Session.parse(await answer.json());
    if (!assurance || (refuseInDoubt && action !== "allow")) return undefined;
    return { acr: assurance.acr, atMs: Date.parse(assurance.at) };
  };
}
