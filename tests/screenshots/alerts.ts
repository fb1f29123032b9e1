/** The queue of alerts. */
import { cookieOf, seedOperator } from "../routes/operators/seeded_operators.ts";
import { seedAlerts } from "../routes/seeded_alerts.ts";
import type { State } from "./state.ts";

async function busy(deps: Parameters<State["seed"]>[0], path = "/alerts") {
  const { operator } = await seedOperator(deps, {
    role: "analyst",
    email: "grace@example.com",
    change: { name: "Grace" },
  });
  const by = { actor: { kind: "operator" as const, id: operator.id } };
  const ids = await seedAlerts(deps.audit, 17, by);
  return { path: path.replace(":newest", ids.at(-1)!).replace(":oldest", ids[2]!) };
}

export const STATES: Readonly<Record<string, State>> = {
  "alerts-empty": { seed: () => Promise.resolve({ path: "/alerts" }) },
  "alerts-busy": { seed: (deps) => busy(deps) },
  "alerts-detail": { seed: (deps) => busy(deps, "/alerts/:newest") },
  "alerts-resolved": { seed: (deps) => busy(deps, "/alerts/:oldest?state=resolved") },
  "alerts-none-such": { seed: (deps) => busy(deps, "/alerts?q=nobody&level=critical") },
  "alerts-gone": { seed: (deps) => busy(deps, "/alerts/01KAPQ00000000000000000000") },
  "alerts-undo": {
    seed: (deps) => busy(deps, "/alerts/:newest"),
    act: async (page) => {
      await page.getByRole("checkbox").nth(1).check();
      await page.getByRole("checkbox").nth(2).check();
      await page.keyboard.press("g");
      await page.getByRole("button", { name: "Undo" }).waitFor();
    },
  },
  "alerts-failed": {
    seed: (deps) => busy(deps, "/alerts/:newest"),
    act: async (page) => {
      await page.evaluate(() => {
        globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
      });
      await page.keyboard.press("r");
      await page.locator(".problem").waitFor();
    },
  },
  "alerts-keys": {
    seed: (deps) => busy(deps),
    act: (page) => page.keyboard.press("?"),
  },
  "alerts-offline": {
    seed: (deps) => busy(deps),
    act: async (page) => {
      await page.context().setOffline(true);
      await page.locator(".pill-offline").waitFor();
    },
  },
  "alerts-viewer": {
    dev: false,
    seed: async (deps) => {
      const { path } = await busy(deps, "/alerts/:newest");
      const { operator } = await seedOperator(deps, { role: "viewer", change: { name: "Alan" } });
      return { path, cookie: await cookieOf(deps, operator) };
    },
  },
};
