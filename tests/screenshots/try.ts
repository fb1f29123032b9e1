/** The guided page. */
import type { Page } from "playwright-core";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "../routes/seeded_store.ts";
import { learning } from "./own_session.ts";
import type { Scene, State } from "./state.ts";

const seed = () => Promise.resolve({ path: "/try" });

async function begin(page: Page, { own }: Scene): Promise<string> {
  await page.getByRole("button", { name: "Begin" }).click();
  return await own;
}

export const STATES: Readonly<Record<string, State>> = {
  "try-begin": { seed },
  "try-learning": {
    seed,
    act: async (page, scene) => {
      await putSession(scene.deps.kv, learning(await begin(page, scene), 62, 0));
      await typeSome(page);
    },
  },
  "try-known": {
    seed,
    act: async (page, scene) => {
      const own = await begin(page, scene);
      await putSession(scene.deps.kv, createSession(own, Date.now(), { subject: "you" }));
      await typeSome(page);
    },
  },
  "try-taken": {
    seed,
    act: async (page, scene) => {
      const reasons = STRANGE_REASONS;
      const own = createSession(await begin(page, scene), Date.now(), { subject: "you", reasons });
      const alert = createAlert(own, "01KAPQ60000000000000000000", Date.now());
      await putSession(scene.deps.kv, own, alert);
      await typeSome(page);
      await page.getByRole("button", { name: "another typist" }).click();
      await page.locator(".takeover-zones:not(:empty)").waitFor();
      await page.waitForTimeout(5000);
    },
  },
  "try-step-up": {
    seed,
    act: async (page) => {
      // Only its looks: that it is asked for is for the end-to-end test to show.
      await page.evaluate(() => document.querySelector("dialog")!.showModal());
    },
  },
};

const LEAST_MS = 55;

/** As a hand would, more or less: a picture of it is to be seen. */
async function typeSome(page: Page) {
  await page.locator("#typing").focus();
  for (const [i, letter] of [..."The ferry leaves at nime"].entries()) {
    await page.keyboard.down(letter);
    await page.waitForTimeout(LEAST_MS + (i * 37) % 40);
    await page.keyboard.up(letter);
    await page.waitForTimeout((letter === " " ? LEAST_MS : 0) + (i * 53) % 45);
  }
  await page.locator(".gauge-note").waitFor();
  await page.waitForTimeout(900);
}
