/**
 * For a site's own API: ask for a level of authentication (RFC 9470) that step-ups reach. It needs
 * nothing of the service but its HTTP interface.
 */
export { assuranceFromGaitkeeper, type GaitkeeperAccess } from "./assurance.ts";
export {
  type AuthenticationChallenge,
  type AuthenticationRequirement,
  challengeHeader,
  INSUFFICIENT,
  readChallenge,
} from "./challenge.ts";
export { type AuthenticationLevel, checkAuthenticationLevel } from "./level.ts";
export { protect, type ProtectOptions, requireAuthenticationLevel } from "./protect.ts";
