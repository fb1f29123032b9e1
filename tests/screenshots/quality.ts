/** What the models are worth. */
import { handleAlert } from "../../core/store/alert_handlings.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { seedAlerts } from "../routes/seeded_alerts.ts";
import { TEST_ACTOR } from "../routes/test_service.ts";
import type { State } from "./state.ts";

const seed = () => Promise.resolve({ path: "/quality" });

export const STATES: Readonly<Record<string, State>> = {
  quality: { seed },
  "quality-verdicts": {
    seed: async (deps) => {
      const ids = await seedAlerts(deps.audit, 60);
      for (const [i, alert] of ids.entries()) {
        const verdict = i % 3 === 0 ? "impostor" as const : i % 5 ? "genuine" : "unsure" as const;
        const which = { tenant: DEFAULT_TENANT, alert };
        await handleAlert(deps.audit, which, { state: "resolved", verdict }, TEST_ACTOR);
      }
      return { path: "/quality" };
    },
  },
};
