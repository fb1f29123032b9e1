/**
 * Pauses: a consent stays, and for a while, or until the subject ends it, nobody watches them. They are
 * the subject's own to begin and to end; a site or an operator does neither.
 */
import { GaitkeeperError } from "../error.ts";
import type { Act, AuditLog } from "./audit.ts";
import { changeConsent, standingPause } from "./consents.ts";
import { getUnanswered } from "./unanswered.ts";

export interface PauseRequest {
  readonly tenant: string;
  readonly subject: string;
  /** Ms since the epoch; without it the pause lasts until it is ended. */
  readonly untilMs?: number | undefined;
}

/**
 * Begins a pause, or makes one that stands longer or shorter; `false` where no consent stands.
 * @throws {GaitkeeperError} `step_up_unanswered` while a step-up is asked of the subject: whoever else
 *   sits there would end the watching by the very page that tells of it.
 */
export async function pauseConsent(
  audit: AuditLog,
  { tenant, subject, untilMs }: PauseRequest,
  by: Pick<Act, "actor" | "from">,
): Promise<boolean> {
  const atMs = audit.nowMs();
  if (await getUnanswered(audit.kv, tenant, subject, atMs)) {
    throw new GaitkeeperError(
      "step_up_unanswered",
      "Cannot pause: the site must first have its proof that it is you, which it asked for",
    );
  }
  const until = untilMs === undefined ? {} : { untilMs };
  return await changeConsent(audit, { tenant, subject }, {
    act: { ...by, action: "consent.paused", after: until },
    change: (consent) => ({ ...consent, pause: { atMs, ...until } }),
  });
}

/** Ends a pause; `false` where none stands. */
export async function resumeConsent(
  audit: AuditLog,
  { tenant, subject }: Omit<PauseRequest, "untilMs">,
  by: Pick<Act, "actor" | "from">,
): Promise<boolean> {
  return await changeConsent(audit, { tenant, subject }, {
    act: { ...by, action: "consent.resumed" },
    change: (consent) => {
      const { pause: _, ...rest } = consent;
      return standingPause(consent, audit.nowMs()) ? rest : undefined;
    },
  });
}
