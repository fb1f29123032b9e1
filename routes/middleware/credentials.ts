/** Who may call what, until operators have accounts: the tenant's secret key opens everything. */
import { basicAuth } from "hono/basic-auth";
import { createMiddleware } from "hono/factory";
import { timingSafeEqual } from "hono/utils/buffer";
import { GaitkeeperError } from "../../core/error.ts";

/** Wants `Authorization: Bearer` with the tenant's secret key; compared in constant time. */
export const requireSecretKey = (secretKey: string) =>
  createMiddleware(async (c, next) => {
    const given = /^Bearer ([\x21-\x7e]+)$/i.exec(c.req.header("Authorization") ?? "")?.[1] ?? "";
    if (!await timingSafeEqual(given, secretKey)) {
      throw new GaitkeeperError(
        "credential_invalid",
        "Cannot authorise: Authorization must be Bearer with the tenant's secret key",
      );
    }
    await next();
  });

/** The dashboard: open in dev, which listens on loopback alone; else the secret key as a password. */
export const guardDashboard = ({ dev, secretKey }: { dev: boolean; secretKey: string }) =>
  dev ? createMiddleware((_, next) => next()) : basicAuth({
    verifyUser: (_, password) => timingSafeEqual(password, secretKey),
    realm: "Gaitkeeper dashboard: any name, the secret key as password",
  });

/** Refuses what another site's page sent (Fetch Metadata, W3C; Origin, RFC 6454). */
export const requireSameOrigin = (origin: string) =>
  createMiddleware(async (c, next) => {
    const site = c.req.header("Sec-Fetch-Site");
    const from = c.req.header("Origin");
    const own = from === origin || from === new URL(c.req.url).origin;
    if (!own || (site !== undefined && site !== "same-origin")) {
      throw new GaitkeeperError("origin_refused", "Cannot accept request: it must be same-origin");
    }
    await next();
  });
