/** Whether how, and when, somebody proved who they are is enough for what they ask (RFC 9470). */
import type { AuthenticationChallenge, AuthenticationRequirement } from "./challenge.ts";

/** How somebody proved who they are, and when: behaviour never does. */
export interface AuthenticationLevel {
  /** Authentication context class that was reached. */
  readonly acr: string;
  /** When it was, ms since the epoch. */
  readonly atMs: number;
}

/** By how much the clock that timed a proof may be ahead of the one that it is judged by, ms. */
export const CLOCK_LEEWAY_MS = 5000;

/**
 * What is still asked for; `undefined` when nothing is. A level out of the future, beyond the leeway
 * of two machines' clocks, is none.
 */
export function checkAuthenticationLevel(
  level: AuthenticationLevel | undefined,
  requirement: AuthenticationRequirement,
  nowMs: number,
): AuthenticationChallenge | undefined {
  const { acrValues, maxAgeS } = requirement;
  if (!level || !(level.atMs <= nowMs + CLOCK_LEEWAY_MS)) {
    return { ...requirement, description: "A proof of who you are is required" };
  }
  if (acrValues && !acrValues.includes(level.acr)) {
    return { ...requirement, description: "A different authentication level is required" };
  }
  if (maxAgeS !== undefined && nowMs - level.atMs > 1000 * maxAgeS) {
    return { ...requirement, description: "More recent authentication is required" };
  }
}
