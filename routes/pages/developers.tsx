/** `/developers`: how a site is joined, with its own values, and what opens it: origins and keys. */
import { type Context, Hono } from "hono";
import { GaitkeeperError } from "../../core/error.ts";
import { can } from "../../core/permission.ts";
import {
  createApiKey,
  listApiKeys,
  type MadeKey,
  revokeApiKey,
  rotateApiKey,
} from "../../core/store/api_keys.ts";
import { getTenant, updateTenant } from "../../core/store/tenants.ts";
import { Origin, TenantSettings } from "../../core/tenant.ts";
import type { AppDeps } from "../deps.ts";
import {
  isRecent,
  type OperatorEnv,
  requireRecent,
  requireRole,
} from "../middleware/credentials.ts";
import { pageOrigin, placeOf } from "../operators/deps.ts";
import { readForm } from "../operators/forms.ts";
import { actOf } from "../operators/sign_in.ts";
import { isOwnPageSubject } from "../own_page.ts";
import { problemOf } from "../problem.ts";
import { KeyRequest } from "./developers/key_form.ts";
import { OVERLAPS } from "./developers/keys.tsx";
import { readMilestones } from "./developers/milestones.ts";
import { LOCAL_SITE } from "./developers/snippets.ts";
import { DevelopersPage, type Said } from "./developers/view.tsx";
import { page } from "./page.tsx";

type Env = Context<OperatorEnv>;

const PATH = "/developers";
const DONE: Readonly<Record<string, string>> = {
  allowed: "Pages of that origin may stream from now on.",
  removed: "Pages of that origin are refused from now on.",
  revoked: "The key opens nothing any more.",
};

export function createDevelopersPage(deps: AppDeps) {
  const { kv, audit, nowMs } = deps;
  const byOf = (c: Env) => actOf(c.var.operator, placeOf(deps, c));
  const tenantOf = (c: Env) => c.var.operator.tenant;

  const show = async (c: Env, said: Said = {}, status: 200 | 400 | 404 | 409 = 200) => {
    const { operator } = c.var;
    const tenant = (await getTenant(kv, operator.tenant))!;
    const mayChange = can(operator.role, "keys:manage");
    const atMs = nowMs();
    const [keys, milestones] = await Promise.all([
      mayChange ? listApiKeys(kv, tenant.id) : undefined,
      readMilestones({ kv, tenant, nowMs: atMs, isOwnPage: isOwnPageSubject }),
    ]);
    const values = { service: pageOrigin(deps, c), site: tenant.origins[0] ?? LOCAL_SITE };
    const recent = mayChange && isRecent(operator, atMs);
    const children = (
      <DevelopersPage
        {...{ tenant, values, milestones, keys, mayChange, recent, said }}
        nowMs={atMs}
        dev={deps.dev}
      />
    );
    return await page(c, { title: "Developers", children }, status);
  };
  /** Acts; what the person can mend comes back as the page with a sentence. */
  const act = (run: (c: Env) => Promise<Response>) => async (c: Env) => {
    try {
      return await run(c);
    } catch (error) {
      const { status, detail } = problemOf(error);
      if (status !== 400 && status !== 404 && status !== 409) throw error;
      return await show(c, { problem: detail }, status);
    }
  };
  const done = (c: Env, what: keyof typeof DONE) => c.redirect(`${PATH}?done=${what}`, 303);
  const showSecret = (c: Env, { key, secret }: MadeKey) =>
    show(c, { made: { name: key.name, secret } });

  return new Hono<OperatorEnv>()
    .use(PATH, requireRole("tenant:read"))
    .post(`${PATH}/origins/*`, requireRole("tenant:manage"))
    .post(`${PATH}/keys/*`, requireRole("keys:manage"))
    .post(`${PATH}/*`, requireRecent(deps, PATH))
    .get(PATH, (c) => {
      const said = DONE[c.req.query("done") ?? ""];
      return show(c, said ? { done: said } : {});
    })
    .post(
      `${PATH}/origins`,
      act(async (c) => {
        const origin = originOf((await readForm(c))("origin"));
        const change = {
          origins: (before: readonly string[]) => [...new Set([...before, origin])],
        };
        await changeOrigins(deps, tenantOf(c), change.origins, byOf(c));
        return done(c, "allowed");
      }),
    )
    .post(
      `${PATH}/origins/remove`,
      act(async (c) => {
        const origin = (await readForm(c))("origin");
        const without = (before: readonly string[]) => before.filter((one) => one !== origin);
        await changeOrigins(deps, tenantOf(c), without, byOf(c));
        return done(c, "removed");
      }),
    )
    .post(
      `${PATH}/keys`,
      act(async (c) => {
        const request = KeyRequest.safeParse(await c.req.parseBody({ all: true }));
        if (!request.success) {
          throw new GaitkeeperError(
            "request_invalid",
            "Cannot make key: it must have a name of at most 120 characters, and allow something",
          );
        }
        const { name, scope: scopes } = request.data;
        return showSecret(c, await createApiKey(audit, tenantOf(c), { name, scopes }, byOf(c)));
      }),
    )
    .post(
      `${PATH}/keys/:id/rotate`,
      act(async (c) => {
        const overlapMs = 1000 * overlapOf((await readForm(c))("overlap"));
        const id = c.req.param("id")!;
        return showSecret(c, await rotateApiKey(audit, tenantOf(c), id, overlapMs, byOf(c)));
      }),
    )
    .post(
      `${PATH}/keys/:id/revoke`,
      act(async (c) => {
        await revokeApiKey(audit, tenantOf(c), c.req.param("id")!, byOf(c));
        return done(c, "revoked");
      }),
    );
}

/** Changes the list in the commit that checks that it is still the one that was read. */
async function changeOrigins(
  { audit }: AppDeps,
  tenant: string,
  change: (before: readonly string[]) => string[],
  by: ReturnType<typeof actOf>,
): Promise<void> {
  await updateTenant(audit, tenant, (before) => {
    const origins = TenantSettings.shape.origins.safeParse(change(before.origins));
    if (origins.success) return { origins: origins.data };
    throw new GaitkeeperError(
      "request_invalid",
      `Cannot allow origin: there must be at most ${before.origins.length} of them`,
    );
  }, by);
}

/** As a browser spells it: what is pasted out of its address line is an address with a path. */
function originOf(text: string): string {
  const url = URL.parse(text.trim());
  const origin = Origin.safeParse(url?.pathname === "/" && !url.search ? url.origin : text.trim());
  if (origin.success) return origin.data;
  throw new GaitkeeperError(
    "request_invalid",
    "Cannot allow origin: it must be one such as https://www.example, without a path",
  );
}

function overlapOf(text: string): number {
  const found = OVERLAPS.find(([seconds]) => String(seconds) === text);
  if (found) return found[0];
  throw new GaitkeeperError("request_invalid", "Cannot replace key: overlap must be of the list");
}
