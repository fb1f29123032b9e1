/** Headers of every response. */
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";

/** Nothing inline, nothing from elsewhere; uPlot sets its styles through the CSSOM, which is no style. */
export const strictHeaders = () =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      // No string becomes markup or script, where a browser knows Trusted Types.
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
    // Nothing to other sites; with "no-referrer" a form's Origin would be null (Fetch, section 3.2).
    referrerPolicy: "same-origin",
    xFrameOptions: "DENY",
    // Set below, where a route may have chosen otherwise.
    crossOriginResourcePolicy: false,
  });

/** What a route has not opened is neither kept by caches nor loaded by other sites' pages (Fetch). */
export const privateByDefault = () =>
  createMiddleware(async (c, next) => {
    await next();
    const set = (name: string, value: string) => c.res.headers.has(name) || c.header(name, value);
    set("Cross-Origin-Resource-Policy", "same-origin");
    set("Cache-Control", "no-store");
  });
