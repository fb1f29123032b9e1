/** `/policy`: by what is decided, tried on the site's own last 30 days before it is saved. */
import { type Context, Hono } from "hono";
import { GaitkeeperError } from "../../core/error.ts";
import { can } from "../../core/permission.ts";
import type { Actor } from "../../core/store/audit.ts";
import { getOperator } from "../../core/store/operators.ts";
import { listPolicyChanges } from "../../core/store/policy_changes.ts";
import { tryPolicy } from "../../core/store/policy_trial.ts";
import { getTenant, tenantVersion, updateTenant } from "../../core/store/tenants.ts";
import { type Tenant, TenantPolicy } from "../../core/tenant.ts";
import {
  draftFrom,
  draftHref,
  draftOf,
  type PolicyDraft,
  policyOf,
  problemOf,
} from "../../islands/policy/draft.ts";
import { PolicyPage, type PolicyProps } from "../../islands/policy/policy_page.tsx";
import type { AppDeps } from "../deps.ts";
import { isRecent, type OperatorEnv, requireRole } from "../middleware/credentials.ts";
import { placeOf } from "../operators/deps.ts";
import { readForm } from "../operators/forms.ts";
import { actOf } from "../operators/sign_in.ts";
import { Island } from "../views/document.tsx";
import { page } from "./page.tsx";

type Env = Context<OperatorEnv>;

const HISTORY_SHOWN = 20;
/** What is said where somebody else was quicker, who changed whatever of the site's settings. */
const OUTRUN =
  "Somebody else has changed the settings since you opened this page. What is saved now counts as it stands; your own numbers are still in the form. Look at what would change, and save again.";

export function createPolicyPage(deps: AppDeps) {
  const { kv, audit, nowMs } = deps;
  const tenantOf = async (c: Env) => (await getTenant(kv, c.var.operator.tenant))!;

  /** The page, with a draft in its form; what is saved where there is none. */
  const show = async (
    c: Env,
    tenant: Tenant,
    { draft, problem, status = 200 }: {
      readonly draft?: PolicyDraft;
      readonly problem?: string;
      readonly status?: 200 | 400 | 409 | 412;
    } = {},
  ) => {
    const present = draftOf(tenant.policy);
    const proposed = draft ?? present;
    const wrong = problemOf(proposed);
    const policy = TenantPolicy.safeParse(policyOf(proposed));
    const [trial, history, version] = await Promise.all([
      policy.success ? tryPolicy(kv, tenant, policy.data, nowMs()) : undefined,
      readHistory(deps, tenant.id),
      tenantVersion(tenant),
    ]);
    const props: PolicyProps = {
      present,
      draft: proposed,
      version,
      trial,
      mayChange: can(c.var.operator.role, "tenant:manage"),
      problem,
      isSaved: status === 200 && c.req.method === "GET" && c.req.query("saved") !== undefined,
      history,
    };
    const children = <Island name="policy" component={PolicyPage} props={props} />;
    return await page(c, { title: "Policy", children }, wrong && status === 200 ? 400 : status);
  };

  const save = async (c: Env, tenant: Tenant, draft: PolicyDraft, version: string) => {
    const { operator } = c.var;
    if (!can(operator.role, "tenant:manage")) {
      throw new GaitkeeperError(
        "permission_denied",
        `Cannot save policy: your role must allow tenant:manage, got ${operator.role}`,
      );
    }
    if (!isRecent(operator, nowMs())) {
      return c.redirect(`/confirm?next=${encodeURIComponent(draftHref(draft))}`, 303);
    }
    const policy = TenantPolicy.safeParse(policyOf(draft));
    if (!policy.success) return await show(c, tenant, { draft, status: 400 });
    try {
      const by = actOf(operator, placeOf(deps, c));
      await updateTenant(audit, tenant.id, { policy: policy.data }, by, [version]);
      return c.redirect("/policy?saved", 303);
    } catch (error) {
      const status = error instanceof GaitkeeperError && STATUS[error.code];
      if (!status) throw error;
      return await show(c, await tenantOf(c), { draft, problem: OUTRUN, status });
    }
  };

  return new Hono<OperatorEnv>()
    .use("/policy/*", requireRole("tenant:read"))
    .get("/policy", async (c) => {
      const tenant = await tenantOf(c);
      if (c.req.query("form") === undefined) return await show(c, tenant);
      return await show(c, tenant, {
        draft: draftFrom((name) => c.req.query(name), draftOf(tenant.policy)),
      });
    })
    .post("/policy", async (c) => {
      const form = await readForm(c);
      const tenant = await tenantOf(c);
      const draft = draftFrom(form, draftOf(tenant.policy));
      if (form("act") === "save") return await save(c, tenant, draft, form("version"));
      return await show(c, tenant, { draft });
    });
}

const STATUS: Readonly<Partial<Record<string, 409 | 412>>> = {
  precondition_failed: 412,
  store_conflict: 409,
};

async function readHistory(
  { kv, audit }: Pick<AppDeps, "kv" | "audit">,
  tenant: string,
): Promise<PolicyProps["history"]> {
  const changes = await listPolicyChanges(audit, tenant, HISTORY_SHOWN);
  const ids = new Set(changes.filter(({ by }) => by.kind === "operator").map(({ by }) => by.id));
  const found = await Promise.all([...ids].map((id) => getOperator(kv, id)));
  const people = new Map(found.flatMap((each) => each ? [[each.id, each.name]] : []));
  return changes.map(({ atMs, by, before, after }) => {
    return { atMs, by: nameOf(by, people), before: draftOf(before), after: draftOf(after) };
  });
}

function nameOf({ kind, id }: Actor, people: ReadonlyMap<string, string>): string {
  if (kind === "api_key") return "an API key";
  if (kind !== "operator") return "the service";
  return people.get(id) ?? "somebody who is no operator any more";
}
