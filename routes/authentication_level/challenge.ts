/**
 * The challenge by which an API asks for a stronger or fresher authentication than its caller has
 * shown (RFC 9470, section 3): written into `WWW-Authenticate`, and read out of it again.
 */
import { GaitkeeperError } from "../../core/error.ts";

/** What an API wants of whoever uses it. With neither any authentication at all will do. */
export interface AuthenticationRequirement {
  /** Any one of them is enough; in order of preference. */
  readonly acrValues?: readonly string[];
  /** Seconds since the person proved who they are. */
  readonly maxAgeS?: number;
}

export interface AuthenticationChallenge extends AuthenticationRequirement {
  /** For the developer who reads it. */
  readonly description: string;
}

export const INSUFFICIENT = "insufficient_user_authentication";

/** Characters of one value: printable ASCII but space, quote and backslash (RFC 6749, appendix A). */
const VALUE = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

/** RFC 9110, section 11.1: a scheme is a token (section 5.6.2). */
const SCHEME = /^[!#$%&'*+.^_`|~\w-]+$/;

/** @throws {GaitkeeperError} `request_invalid` for what no header can carry. */
export function validScheme(scheme: string): string {
  if (!SCHEME.test(scheme)) throw invalid(`scheme must be a token, got ${JSON.stringify(scheme)}`);
  return scheme;
}

/** @throws {GaitkeeperError} `request_invalid` for what no header can carry. */
export function validRequirement<Requirement extends AuthenticationRequirement>(
  requirement: Requirement,
): Requirement {
  const { acrValues, maxAgeS } = requirement;
  const wrong = acrValues?.find((value) => !VALUE.test(value));
  if (wrong !== undefined || acrValues?.length === 0) {
    throw invalid(`acrValues must be printable, without spaces, got "${wrong ?? ""}"`);
  }
  if (maxAgeS !== undefined && !(Number.isSafeInteger(maxAgeS) && maxAgeS >= 0)) {
    throw invalid(`maxAgeS must be a whole number from 0, got ${maxAgeS}`);
  }
  return requirement;
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot ask for authentication: ${what}`);
}

/** The value of `WWW-Authenticate`; `scheme` is that of the access tokens, `Bearer` or `DPoP`. */
export function challengeHeader(challenge: AuthenticationChallenge, scheme = "Bearer"): string {
  const { description, acrValues, maxAgeS } = validRequirement(challenge);
  return `${validScheme(scheme)} ` + [
    `error="${INSUFFICIENT}"`,
    `error_description="${description.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "")}"`,
    ...acrValues ? [`acr_values="${acrValues.join(" ")}"`] : [],
    ...maxAgeS === undefined ? [] : [`max_age="${maxAgeS}"`],
  ].join(", ");
}

/**
 * What a client is asked for by an answer's `WWW-Authenticate`, which may hold several challenges
 * (RFC 9110, section 11.6.1); `undefined` where none is of this kind.
 */
export function readChallenge(header: string | null): AuthenticationChallenge | undefined {
  for (const parameters of challengesOf(header ?? "")) {
    if (parameters.get("error") !== INSUFFICIENT) continue;
    const acrValues = parameters.get("acr_values")?.split(" ").filter(Boolean);
    const maxAge = parameters.get("max_age");
    return {
      description: parameters.get("error_description") ?? "",
      ...acrValues?.length ? { acrValues } : {},
      ...maxAge !== undefined && /^\d+$/.test(maxAge) ? { maxAgeS: Number(maxAge) } : {},
    };
  }
}

/** `name=value`, the value a token or quoted; or a scheme, which begins the next challenge. */
const PART = /([!#$%&'*+.^_`|~\w-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/gy;

function challengesOf(header: string): Map<string, string>[] {
  const challenges: Map<string, string>[] = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < header.length) {
    const from = PART.lastIndex;
    const part = PART.exec(header);
    if (!part) {
      // Spaces and commas between parts; whatever else is there is passed over.
      PART.lastIndex = from + 1;
      continue;
    }
    const [, name, quoted, token] = part;
    const value = quoted?.replaceAll(/\\(.)/g, "$1") ?? token;
    if (value === undefined) challenges.push(new Map());
    else challenges.at(-1)?.set(name!.toLowerCase(), value);
  }
  return challenges;
}
