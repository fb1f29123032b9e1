/** The cookie of operators' sessions. */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { SESSION_LIFE_MS } from "../../core/operator.ts";
import { findOperatorSession, type OperatorSession } from "../../core/store/operator_sessions.ts";

interface Site {
  readonly dev: boolean;
}

interface SessionDeps extends Site {
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
}

/**
 * `__Host-` (RFC 6265bis, section 4.1.3.2): set by this very host over TLS, for it alone. In dev, plain
 * HTTP on this machine, not every browser would keep that, so it goes by another name.
 */
export function operatorCookieName({ dev }: Site): string {
  return dev ? "gaitkeeper_dev" : "__Host-gaitkeeper";
}

/** The secret that the browser sent. */
export function readOperatorCookie(site: Site, c: Context): string | undefined {
  return getCookie(c, operatorCookieName(site)) || undefined;
}

export function setOperatorCookie(site: Site, c: Context, secret: string): void {
  put(site, c, secret, SESSION_LIFE_MS / 1000);
}

export function dropOperatorCookie(site: Site, c: Context): void {
  put(site, c, "", 0);
}

function put(site: Site, c: Context, value: string, maxAge: number): void {
  setCookie(c, operatorCookieName(site), value, {
    httpOnly: true,
    secure: !site.dev,
    sameSite: "Lax",
    path: "/",
    maxAge,
  });
}

/** The signed-in operator of a request; one whom dev had signed in is nobody elsewhere. */
export async function operatorSessionOf(
  deps: SessionDeps,
  c: Context,
): Promise<OperatorSession | undefined> {
  const secret = readOperatorCookie(deps, c);
  const session = secret && await findOperatorSession(deps.kv, secret, deps.nowMs());
  return session && (deps.dev || session.method !== "dev") ? session : undefined;
}
