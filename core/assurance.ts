/**
 * How sure it is that the subject is who they say: only ever by a proof that was passed, never by
 * behaviour, and for a while (RFC 9470 asks for it by `acr_values` and `max_age`).
 */
import { z } from "zod";

export const Assurance = z.object({
  /** Authentication context class that the proof reached. */
  acr: z.string(),
  /** Methods that it was given by (RFC 8176). */
  amr: z.array(z.string()),
  /** When it was passed, ms since the epoch by the server's clock. */
  atMs: z.number(),
  /** From then on it raises nothing any more. */
  untilMs: z.number(),
  /** The alert that it answered, where there was one. */
  alert: z.string().optional(),
});
export type Assurance = z.infer<typeof Assurance>;

/** What still counts of an assurance at `nowMs`. */
export function standing(
  assurance: Assurance | undefined,
  nowMs: number,
): Assurance | undefined {
  return assurance && assurance.untilMs > nowMs ? assurance : undefined;
}
