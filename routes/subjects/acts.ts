/** What is done to a subject, whoever asks: their site, an operator, or the subject. */
import { GaitkeeperError } from "../../core/error.ts";
import type { Act } from "../../core/store/audit.ts";
import { paused, withdrawConsent } from "../../core/store/consents.ts";
import { eraseSubject, type ErasureReceipt } from "../../core/store/erasure.ts";
import { pauseConsent } from "../../core/store/pauses.ts";
import { revokeSubjectAccess } from "../../core/store/subject_links.ts";
import type { AppDeps } from "../deps.ts";

type ActDeps = Pick<AppDeps, "kv" | "audit" | "live" | "traces">;
/** Who asks. */
export type By = Pick<Act, "actor" | "from">;

/** Of which tenant, and who. */
export interface Whom {
  readonly tenant: string;
  readonly subject: string;
}

/**
 * Withdraws a consent; `false` where none stands. Streams of the subject end at once, and so does
 * whatever access to their page there is, but for the visit by which they ask.
 */
export async function withdraw(
  { kv, audit, live }: ActDeps,
  { tenant, subject }: Whom,
  by: By,
  keptVisit?: string,
): Promise<boolean> {
  if (!await withdrawConsent(audit, tenant, subject, by)) return false;
  const why = "Cannot go on watching: the subject's consent must stand, it was withdrawn";
  live?.endSubject(tenant, subject, new GaitkeeperError("consent_missing", why));
  await revokeSubjectAccess(kv, { tenant, subject }, keptVisit);
  return true;
}

/**
 * Begins a pause, and ends the subject's streams at once; `false` where no consent stands.
 * @param untilMs ms since the epoch; without it the pause lasts until it is ended.
 * @throws {GaitkeeperError} `step_up_unanswered`
 */
export async function pause(
  { audit, live }: ActDeps,
  { tenant, subject }: Whom,
  untilMs: number | undefined,
  by: By,
): Promise<boolean> {
  if (!await pauseConsent(audit, { tenant, subject, untilMs }, by)) return false;
  live?.endSubject(tenant, subject, paused());
  return true;
}

/** What is told of an erasure. */
export interface Receipt extends ErasureReceipt {
  /** Recorded traces that were deleted. */
  readonly traces: number;
}

/** Ends the subject's streams and erases them. @throws {GaitkeeperError} `not_found` */
export async function erase(
  { audit, live, traces }: ActDeps,
  { tenant, subject }: Whom,
  by: By,
): Promise<Receipt> {
  const why = "Cannot go on watching: the subject's consent must stand, they were erased";
  live?.endSubject(tenant, subject, new GaitkeeperError("consent_missing", why));
  const receipt = await eraseSubject(audit, tenant, subject, by);
  return { ...receipt, traces: await traces?.erase({ tenant, subject }) ?? 0 };
}
