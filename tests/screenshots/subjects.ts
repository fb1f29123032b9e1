/** Subjects, in every state of what is known of them. */
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { pauseConsent } from "../../core/store/pauses.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { cookieOf, seedOperator } from "../routes/operators/seeded_operators.ts";
import { subjectName } from "../routes/seeded_store.ts";
import { PICTURED_MODELS, seedSubject } from "../routes/seeded_subjects.ts";
import { TEST_ACTOR } from "../routes/test_service.ts";
import type { State } from "./state.ts";

const change = { models: Promise.resolve(PICTURED_MODELS) };

async function many(deps: AppDeps) {
  for (let i = 0; i < 12; i++) {
    const none = { strokes: 0, movedMs: 0 };
    await seedSubject(deps, { subject: subjectName(i), ...none });
  }
  const whom = { tenant: DEFAULT_TENANT, subject: subjectName(3) };
  await pauseConsent(deps.audit, whom, TEST_ACTOR);
}

export const STATES: Readonly<Record<string, State>> = {
  "subjects-empty": { seed: () => Promise.resolve({ path: "/subjects" }) },
  "subjects-busy": { seed: async (deps) => (await many(deps), { path: "/subjects" }) },
  "subjects-none-found": { seed: () => Promise.resolve({ path: "/subjects?id=nobody" }) },
  "subject-ready": {
    change,
    seed: async (deps) => {
      await seedSubject(deps, { subject: "u-4711" });
      return { path: "/subjects/u-4711" };
    },
  },
  "subject-learning": {
    change,
    seed: async (deps) => {
      await seedSubject(deps, { subject: "u-4711", strokes: 90, movedMs: 0 });
      return { path: "/subjects/u-4711" };
    },
  },
  "subject-paused-viewer": {
    change,
    dev: false,
    seed: async (deps) => {
      await seedSubject(deps, { subject: "u-4711" });
      const whom = { tenant: DEFAULT_TENANT, subject: "u-4711" };
      await pauseConsent(deps.audit, { ...whom, untilMs: deps.nowMs() + 3600_000 }, TEST_ACTOR);
      const { operator } = await seedOperator(deps, { role: "viewer" });
      return { path: "/subjects/u-4711", cookie: await cookieOf(deps, operator) };
    },
  },
  "subject-without-models": {
    seed: async (deps) => {
      await seedSubject(deps, { subject: "u-4711" });
      return { path: "/subjects/u-4711" };
    },
  },
  "subject-unknown": { seed: () => Promise.resolve({ path: "/subjects/nobody" }) },
  "subject-erased": {
    change,
    seed: async (deps) => {
      await seedSubject(deps, { subject: "u-4711" });
      return { path: "/subjects/u-4711" };
    },
    act: async (page) => {
      await page.getByText("Erase this subject").click();
      await page.getByLabel("To go on, type the id").fill("u-4711");
      await page.getByRole("button", { name: "Erase for good" }).click();
      await page.locator(".receipt").waitFor();
    },
  },
};
