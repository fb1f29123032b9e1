/** An operator: a person who signs in to the dashboard. What they may do is their role's matter. */
import { z } from "zod";

/** Compared as it is stored: no outer space, lower case. At most as long as RFC 5321 lets it be. */
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());

export const OperatorName = z.string().trim().min(1).max(80);

/** A label that a person gives to one of their passkeys. */
export const PasskeyName = z.string().trim().min(1).max(60);

/** Of one operator; each is named in a list that a person reads. */
export const PASSKEYS_LIMIT = 20;

/** One-time codes that let in whoever lost their device. */
export const RECOVERY_CODES = 10;

/** Of a password, in characters (NIST SP 800-63B-4, section 3.1.1.2, asks for 15 or for 8 with more). */
export const PASSWORD_LENGTH = { min: 12, max: 256 } as const;

/** Life of an operator's session: without a request, and at all. */
export const SESSION_IDLE_MS = 12 * 3600_000;
export const SESSION_LIFE_MS = 7 * 24 * 3600_000;

/** How long a sign-in, or a repeated proof, is fresh enough for what is dangerous. */
export const RECENT_MS = 10 * 60_000;

/** Lives of the two kinds of links that let somebody register. */
export const SETUP_LIFE_MS = 24 * 3600_000;
export const INVITATION_LIFE_MS = 7 * 24 * 3600_000;
