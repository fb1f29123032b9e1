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
    },
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    // Set below, where a route may have chosen otherwise.
    crossOriginResourcePolicy: false,
  });

/** Keeps other sites from loading what a route has not opened to them (Fetch, section 3.9). */
export const ownResources = () =>
  createMiddleware(async (c, next) => {
    await next();
    if (c.res.headers.has("Cross-Origin-Resource-Policy")) return;
    c.header("Cross-Origin-Resource-Policy", "same-origin");
  });
