/** Who may see the dashboard, until operators have accounts. */
import { basicAuth } from "hono/basic-auth";
import { createMiddleware } from "hono/factory";
import { GaitkeeperError } from "../../core/error.ts";
import { KEY_SCOPES } from "../../core/permission.ts";
import { findApiKey } from "../../core/store/api_keys.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";

interface Site {
  readonly dev: boolean;
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
  /** Public origin of this service. */
  readonly origin: string;
}

/** The dashboard: open in dev, which listens on loopback alone; else the secret key as a password. */
export const guardDashboard = (site: Site) =>
  site.dev ? requireOwnHost(site) : basicAuth({
    verifyUser: async (_, password) => {
      const found = await findApiKey(site.kv, password, site.nowMs());
      return found?.tenant === DEFAULT_TENANT && found.key.scopes.length === KEY_SCOPES.length;
    },
    realm: "Gaitkeeper dashboard: any name, the secret key as password",
  });

const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * What is open to this machine must not be open to a page whose name was made to point at it (DNS
 * rebinding): the browser still sends that page's name as Host.
 */
const requireOwnHost = ({ origin }: Site) =>
  createMiddleware(async (c, next) => {
    const { hostname } = new URL(c.req.url);
    if (!LOOPBACK.includes(hostname) && hostname !== new URL(origin).hostname) {
      throw new GaitkeeperError(
        "origin_refused",
        "Cannot show dashboard: Host must be this machine's own name in dev",
      );
    }
    await next();
  });

/**
 * Refuses what another site's page sent (Fetch Metadata, W3C; Origin, RFC 6454). In dev the page may
 * have been opened by any name of this machine, which {@linkcode guardDashboard} has checked.
 */
export const requireSameOrigin = ({ dev, origin }: Site) =>
  createMiddleware(async (c, next) => {
    const site = c.req.header("Sec-Fetch-Site");
    const from = c.req.header("Origin");
    const own = from === origin || (dev && from === new URL(c.req.url).origin);
    if (!own || (site !== undefined && site !== "same-origin")) {
      throw new GaitkeeperError("origin_refused", "Cannot accept request: it must be same-origin");
    }
    await next();
  });
