/** Errors on the wire: RFC 9457 problem details with a stable code. */
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { resolver } from "hono-openapi";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";
import { type ErrorCode, GaitkeeperError } from "../core/error.ts";

export const Problem = z.object({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.number().int(),
  code: z.string().meta({ description: "Stable; branch on this one" }),
  detail: z.string(),
});
export type Problem = z.infer<typeof Problem>;

const STATUS: Readonly<Partial<Record<ErrorCode, ContentfulStatusCode>>> = {
  acr_insufficient: 403,
  alert_not_found: 404,
  challenge_invalid: 401,
  factor_missing: 409,
  proof_refused: 403,
  step_up_delayed: 429,
  step_up_unanswered: 409,
  attempts_exceeded: 429,
  consent_missing: 403,
  credential_invalid: 401,
  email_taken: 409,
  last_owner: 409,
  link_invalid: 403,
  model_unavailable: 503,
  not_found: 404,
  origin_refused: 403,
  paused: 403,
  permission_denied: 403,
  precondition_failed: 412,
  queue_full: 503,
  quota_exceeded: 429,
  rate_exceeded: 429,
  reauthentication_required: 401,
  request_invalid: 400,
  request_too_large: 413,
  session_not_found: 404,
  store_conflict: 409,
  store_unavailable: 503,
  template_outdated: 409,
  tenant_exists: 409,
  ticket_invalid: 401,
  traces_disabled: 403,
};

/** Every code that an answer may carry, with its status; what is not among them is `internal`, 500. */
export const PROBLEM_STATUS: Readonly<Partial<Record<ErrorCode, number>>> = STATUS;

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** What a client may know of an error: an unexpected one says nothing of its cause. */
export function problemOf(error: unknown): Problem {
  if (error instanceof GaitkeeperError) {
    const status = STATUS[error.code] ?? 500;
    if (status < 500 || status === 503) return problem(status, error.code, error.message);
  }
  if (error instanceof HTTPException && error.status < 500) {
    return problem(error.status, CODES[error.status] ?? "request_invalid", error.message);
  }
  return problem(500, "internal", "Something went wrong on the server; its log says what.");
}

const CODES: Readonly<Record<number, ErrorCode>> = {
  401: "credential_invalid",
  404: "not_found",
  413: "request_too_large",
};

function problem(status: number, code: ErrorCode, detail: string): Problem {
  return { type: "about:blank", title: TITLES[status] ?? "Error", status, code, detail };
}

/** What any described route may answer instead. */
export const problemResponse = {
  default: {
    description: "Problem details (RFC 9457)",
    content: { "application/problem+json": { schema: resolver(Problem) } },
  },
};

/** The response for a problem; the cause of an unexpected one goes to the log alone. */
export function respondWithProblem(c: Context, error: unknown): Response {
  const body = problemOf(error);
  if (body.status === 500) console.error("request failed:", error);
  const status = body.status as ContentfulStatusCode;
  const headers: Record<string, string> = { "Content-Type": "application/problem+json" };
  const { retryAfterSeconds } = error as Partial<GaitkeeperError>;
  if (retryAfterSeconds !== undefined) headers["Retry-After"] = `${retryAfterSeconds}`;
  if (status === 401) headers["WWW-Authenticate"] = challengeOf(error);
  return c.body(JSON.stringify(body), status, headers);
}

/** How to come back with credentials: as the refusing middleware said, else with the secret key. */
function challengeOf(error: unknown): string {
  const said = error instanceof HTTPException && error.res?.headers.get("WWW-Authenticate");
  return said || 'Bearer realm="gaitkeeper"';
}
