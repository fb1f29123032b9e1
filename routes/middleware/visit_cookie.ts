/** The cookie of whoever opened a link to their own page; no page but those under `/me` ever gets it. */
import type { Context } from "hono";
import { getCookie, setCookie } from "hono/cookie";

interface Site {
  readonly dev: boolean;
}

/**
 * `__Secure-` (RFC 6265bis, section 4.1.3.1): kept over TLS alone; `__Host-` would want every path of
 * the service. In dev, plain HTTP on this machine, it goes by another name.
 */
export function visitCookieName({ dev }: Site): string {
  return dev ? "gaitkeeper_dev_me" : "__Secure-gaitkeeper-me";
}

/** The secret that the browser sent: a link's before it is opened, then the visit's. */
export function readVisitCookie(site: Site, c: Context): string | undefined {
  return getCookie(c, visitCookieName(site)) || undefined;
}

export function setVisitCookie(site: Site, c: Context, secret: string, lifeMs: number): void {
  setCookie(c, visitCookieName(site), secret, {
    httpOnly: true,
    secure: !site.dev,
    sameSite: "Strict",
    path: "/me",
    maxAge: Math.ceil(lifeMs / 1000),
  });
}

export function dropVisitCookie(site: Site, c: Context): void {
  setVisitCookie(site, c, "", 0);
}
