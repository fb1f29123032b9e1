/** Who may see the dashboard and act on it: a signed-in operator, from this service's own pages. */
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { GaitkeeperError } from "../../core/error.ts";
import { RECENT_MS } from "../../core/operator.ts";
import { can, type Permission } from "../../core/permission.ts";
import type { AuditLog } from "../../core/store/audit.ts";
import { signDevIn } from "../../core/store/dev_operator.ts";
import { findOperatorSession, type OperatorSession } from "../../core/store/operator_sessions.ts";
import { addressOf } from "./address.ts";
import { operatorSessionOf, setOperatorCookie } from "./operator_cookie.ts";

interface Site {
  readonly dev: boolean;
  /** Public origin of this service. */
  readonly origin: string;
}

interface GuardDeps extends Site {
  readonly kv: Deno.Kv;
  readonly audit: AuditLog;
  readonly nowMs: () => number;
}

export interface OperatorEnv {
  Variables: { operator: OperatorSession };
}

/**
 * Lets signed-in operators pass, as `c.var.operator`, and what they send from these pages alone. A
 * browser that opens a page is led to sign in, anything else is answered with a problem. In dev, which
 * listens on loopback alone, the browser is signed in by itself.
 */
export const guardDashboard = (deps: GuardDeps) =>
  createMiddleware<OperatorEnv>(async (c, next) => {
    if (deps.dev) requireOwnHost(deps, c);
    if (!isSafe(c)) refuseCrossSite(deps, c);
    const session = await operatorSessionOf(deps, c) ?? await devSession(deps, c);
    if (session) {
      c.set("operator", session);
      return await next();
    }
    const isPage = c.req.method === "GET" && c.req.header("Accept")?.includes("text/html");
    if (isPage) return c.redirect(`/sign-in?next=${encodeURIComponent(pathOf(c))}`, 303);
    throw new GaitkeeperError("credential_invalid", "Cannot go on: you must be signed in");
  });

async function devSession(deps: GuardDeps, c: Context): Promise<OperatorSession | undefined> {
  if (!deps.dev) return undefined;
  const nowMs = deps.nowMs();
  const place = { nowMs, address: addressOf(c), browser: c.req.header("User-Agent") };
  const secret = await signDevIn(deps.audit, place);
  setOperatorCookie(deps, c, secret);
  return await findOperatorSession(deps.kv, secret, nowMs);
}

/** Wants a role that allows `permission`. @throws {GaitkeeperError} `permission_denied` */
export const requireRole = (permission: Permission) =>
  createMiddleware<OperatorEnv>(async (c, next) => {
    if (!can(c.var.operator.role, permission)) {
      throw new GaitkeeperError(
        "permission_denied",
        `Cannot go on: your role must allow ${permission}, got ${c.var.operator.role}`,
      );
    }
    await next();
  });

/** Whether its operator proved who they are a short while ago; dev's has nothing to prove with. */
export function isRecent({ method, steppedUpAtMs }: OperatorSession, nowMs: number): boolean {
  return method === "dev" || nowMs - steppedUpAtMs < RECENT_MS;
}

/**
 * Wants a recent proof before what is dangerous; a browser is led to give it, and then back to `page`.
 * @throws {GaitkeeperError} `reauthentication_required` to anything else.
 */
export const requireRecent = ({ nowMs }: Pick<GuardDeps, "nowMs">, page: string) =>
  createMiddleware<OperatorEnv>(async (c, next) => {
    if (isRecent(c.var.operator, nowMs())) return await next();
    if (c.req.header("Accept")?.includes("text/html")) {
      return c.redirect(`/confirm?next=${encodeURIComponent(page)}`, 303);
    }
    throw reauthenticationRequired();
  });

export function reauthenticationRequired(): GaitkeeperError {
  return new GaitkeeperError(
    "reauthentication_required",
    "Cannot go on: you must have proved who you are within the last 10 minutes",
  );
}

const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * What is open to this machine must not be open to a page whose name was made to point at it (DNS
 * rebinding): the browser still sends that page's name as Host.
 */
function requireOwnHost({ origin }: Site, c: Context): void {
  const { hostname } = new URL(c.req.url);
  if (LOOPBACK.includes(hostname) || hostname === new URL(origin).hostname) return;
  throw new GaitkeeperError(
    "origin_refused",
    "Cannot show dashboard: Host must be this machine's own name in dev",
  );
}

/** Whether the method changes nothing (RFC 9110, section 9.2.1). */
export function isSafe(c: Context): boolean {
  return ["GET", "HEAD", "OPTIONS"].includes(c.req.method);
}

/** Refuses what another site's page sent; for what carries no session yet, such as a sign-in. */
export const requireSameOrigin = (site: Site) =>
  createMiddleware(async (c, next) => {
    if (site.dev) requireOwnHost(site, c);
    if (!isSafe(c)) refuseCrossSite(site, c);
    await next();
  });

/**
 * Refuses what another site's page sent (Fetch Metadata, W3C; Origin, RFC 6454). In dev the page may
 * have been opened by any name of this machine.
 * @throws {GaitkeeperError} `origin_refused`
 */
export function refuseCrossSite({ dev, origin }: Site, c: Context): void {
  const site = c.req.header("Sec-Fetch-Site");
  const from = c.req.header("Origin");
  const own = from === origin || (dev && from === new URL(c.req.url).origin);
  if (own && (site === undefined || site === "same-origin")) return;
  throw new GaitkeeperError("origin_refused", "Cannot accept request: it must be same-origin");
}

/** Path and query of a request, to come back to. */
function pathOf(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return pathname + search;
}
