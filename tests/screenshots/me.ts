/** What somebody sees of themselves, in every state. */
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { withdrawConsent } from "../../core/store/consents.ts";
import { pauseConsent } from "../../core/store/pauses.ts";
import { createSubjectLink } from "../../core/store/subject_links.ts";
import { updateTenant } from "../../core/store/tenants.ts";
import type { AppDeps } from "../../routes/deps.ts";
import type { Page } from "playwright-core";
import { PICTURED_MODELS, type SeededSubject, seedSubject } from "../routes/seeded_subjects.ts";
import { TEST_ACTOR } from "../routes/test_service.ts";
import type { State } from "./state.ts";

const change = { models: Promise.resolve(PICTURED_MODELS) };
const WHOM = { tenant: DEFAULT_TENANT, subject: "u-4711" };

async function link(deps: AppDeps, seeded: Partial<SeededSubject> = {}) {
  await updateTenant(deps.audit, DEFAULT_TENANT, { name: "Example Bank" }, TEST_ACTOR);
  await seedSubject(deps, { subject: WHOM.subject, ...seeded });
  const { secret } = await createSubjectLink(deps.audit, WHOM, TEST_ACTOR);
  return { path: `/me/${secret}` };
}

async function open(page: Page) {
  await page.getByRole("button", { name: "Open my page" }).click();
  await page.getByRole("heading", { name: "What is known of you" }).waitFor();
}

export const STATES: Readonly<Record<string, State>> = {
  "me-link": {
    change,
    seed: (deps) => link(deps),
    act: (page) => page.getByRole("button", { name: "Open my page" }).waitFor(),
  },
  "me-known": { change, seed: (deps) => link(deps), act: open },
  "me-learning": {
    change,
    seed: (deps) => link(deps, { strokes: 90, movedMs: 0 }),
    act: open,
  },
  "me-paused": {
    change,
    seed: async (deps) => {
      const to = await link(deps);
      await pauseConsent(deps.audit, { ...WHOM, untilMs: deps.nowMs() + 3600_000 }, TEST_ACTOR);
      return to;
    },
    act: open,
  },
  "me-withdrawn": {
    change,
    seed: async (deps) => {
      await link(deps);
      await withdrawConsent(deps.audit, WHOM.tenant, WHOM.subject, TEST_ACTOR);
      const { secret } = await createSubjectLink(deps.audit, WHOM, TEST_ACTOR);
      return { path: `/me/${secret}` };
    },
    act: open,
  },
  "me-wrong-word": {
    change,
    seed: (deps) => link(deps),
    act: async (page) => {
      await open(page);
      await page.getByText("Delete", { exact: true }).click();
      await page.getByLabel("To go on, type the word").fill("erase");
      await page.getByRole("button", { name: "for good" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  "me-erased": {
    change,
    seed: (deps) => link(deps),
    act: async (page) => {
      await open(page);
      await page.getByText("Delete", { exact: true }).click();
      await page.getByLabel("To go on, type the word").fill("delete");
      await page.getByRole("button", { name: "for good" }).click();
      await page.locator(".receipt").waitFor();
    },
  },
  "me-dead-link": { seed: () => Promise.resolve({ path: "/me" }) },
};
