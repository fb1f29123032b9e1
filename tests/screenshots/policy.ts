/** By what is decided, tried on a month of a made-up site. */
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { updateTenant } from "../../core/store/tenants.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../core/tenant.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { cookieOf, seedOperator } from "../routes/operators/seeded_operators.ts";
import { seedMonth } from "../routes/seeded_courses.ts";
import type { State } from "./state.ts";

const { policy } = DEFAULT_TENANT_SETTINGS;

async function month(deps: AppDeps, path = "/policy") {
  const { operator } = await seedOperator(deps, {
    role: "owner",
    email: "grace@example.com",
    change: { name: "Grace" },
  });
  const by = { actor: { kind: "operator" as const, id: operator.id } };
  await seedMonth(deps.audit, 700, 11);
  const sure = { ...policy, stepUpConfidence: 0.5 };
  await updateTenant(deps.audit, DEFAULT_TENANT, { policy: { ...sure, shadow: true } }, by);
  await updateTenant(deps.audit, DEFAULT_TENANT, { policy: sure }, by);
  await updateTenant(deps.audit, DEFAULT_TENANT, { policy }, by);
  return { path };
}

export const STATES: Readonly<Record<string, State>> = {
  "policy-empty": { seed: () => Promise.resolve({ path: "/policy" }) },
  "policy-busy": { seed: (deps) => month(deps) },
  "policy-draft": { seed: (deps) => month(deps, "/policy?form=1&highEnter=72&prior=14") },
  "policy-shadow": {
    seed: async (deps) => {
      const { path } = await month(deps);
      const change = { policy: { ...policy, shadow: true } };
      const by = { actor: { kind: "api_key" as const, id: "k" } };
      await updateTenant(deps.audit, DEFAULT_TENANT, change, by);
      return { path: `${path}?saved` };
    },
  },
  "policy-wrong": { seed: (deps) => month(deps, "/policy?form=1&highEnter=10") },
  "policy-offline": {
    seed: (deps) => month(deps),
    act: async (page) => {
      await page.context().setOffline(true);
      await page.getByRole("slider", { name: "Enter high at" }).fill("70");
      await page.getByText("could not be tried").waitFor();
    },
  },
  "policy-viewer": {
    dev: false,
    seed: async (deps) => {
      await month(deps);
      const { operator } = await seedOperator(deps, { role: "viewer", change: { name: "Alan" } });
      return { path: "/policy", cookie: await cookieOf(deps, operator) };
    },
  },
};
