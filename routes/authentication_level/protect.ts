/**
 * Keeps a site's API to those who have proved well enough, and lately enough, who they are: for plain
 * fetch handlers and for Hono.
 */
import type { MiddlewareHandler } from "hono";
import {
  type AuthenticationRequirement,
  challengeHeader,
  INSUFFICIENT,
  validRequirement,
  validScheme,
} from "./challenge.ts";
import { type AuthenticationLevel, checkAuthenticationLevel } from "./level.ts";

export interface ProtectOptions extends AuthenticationRequirement {
  /**
   * Finds out what whoever asks has shown; `undefined` for nothing. What it throws closes the API: a
   * level that cannot be found out is none, and the caller cannot mend it.
   */
  readonly levelOf: (request: Request) => Promise<AuthenticationLevel | undefined>;
  /** Of the access tokens; `Bearer` if not said. */
  readonly scheme?: string;
  readonly nowMs?: () => number;
}

/**
 * A handler that is asked only by those who fulfil the requirement; all others are answered 401 with
 * the challenge, or 503 where the level cannot be found out.
 * @throws {GaitkeeperError} `request_invalid` at once, for a requirement that no header can carry.
 */
export function protect<Rest extends unknown[]>(
  handler: (request: Request, ...rest: Rest) => Response | Promise<Response>,
  options: ProtectOptions,
): (request: Request, ...rest: Rest) => Promise<Response> {
  const refusal = createGate(options);
  return async (request, ...rest) => await refusal(request) ?? await handler(request, ...rest);
}

/** The same as middleware of Hono. */
export function requireAuthenticationLevel(options: ProtectOptions): MiddlewareHandler {
  const refusal = createGate(options);
  return async (c, next) => await refusal(c.req.raw) ?? await next();
}

function createGate(options: ProtectOptions) {
  const { levelOf, nowMs = Date.now } = options;
  const scheme = validScheme(options.scheme ?? "Bearer");
  const { acrValues, maxAgeS } = validRequirement(options);
  const requirement = {
    ...acrValues ? { acrValues } : {},
    ...maxAgeS === undefined ? {} : { maxAgeS },
  };
  return async (request: Request): Promise<Response | undefined> => {
    let level: AuthenticationLevel | undefined;
    try {
      level = await levelOf(request);
    } catch {
      const detail = "Cannot go on: how you proved who you are cannot be found out now";
      return problem(503, "authentication_level_unavailable", detail, { "Retry-After": "5" });
    }
    const challenge = checkAuthenticationLevel(level, requirement, nowMs());
    if (!challenge) return undefined;
    return problem(401, INSUFFICIENT, challenge.description, {
      "WWW-Authenticate": challengeHeader(challenge, scheme),
    });
  };
}

const TITLES = { 401: "Unauthorized", 503: "Service Unavailable" } as const;

/** RFC 9457. */
function problem(
  status: keyof typeof TITLES,
  code: string,
  detail: string,
  headers: Record<string, string>,
): Response {
  const body = { type: "about:blank", title: TITLES[status], status, code, detail };
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      ...headers,
      "Content-Type": "application/problem+json",
      "Cache-Control": "no-store",
    },
  });
}
