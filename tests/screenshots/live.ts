/** The live page. */
import {
  createAlert,
  createSession,
  putSession,
  STRANGE_REASONS,
  subjectName,
  USUAL_REASONS,
} from "../routes/seeded_store.ts";
import type { Scene, State } from "./state.ts";
import { learning } from "./own_session.ts";
import type { Page } from "playwright-core";

const seed = () => Promise.resolve({ path: "/" });
const live = (page: Page) => page.locator(".pill-live").waitFor();

async function busy(page: Page, { deps, own }: Scene) {
  await seedBusy(deps.kv, await own);
  await live(page);
}

export const STATES: Readonly<Record<string, State>> = {
  "live-empty": { seed, act: live },
  "live-learning": {
    seed,
    act: async (page, { deps, own }) => {
      await putSession(deps.kv, learning(await own, 118, 7));
      await live(page);
    },
  },
  "live-busy": { seed, act: busy },
  "live-gone": {
    seed,
    act: async (page, scene) => {
      await busy(page, scene);
      await page.waitForTimeout(900);
      await scene.server.close();
      await page.locator(".pill-reconnecting").waitFor();
    },
  },
  "live-offline": {
    seed,
    act: async (page, scene) => {
      await busy(page, scene);
      await page.waitForTimeout(900);
      await page.context().setOffline(true);
      await page.locator(".pill-offline").waitFor();
    },
  },
};

async function seedBusy(kv: Deno.Kv, session: string) {
  const nowMs = Date.now();
  for (let i = 0; i < 1000; i++) {
    const isNew = i % 13 === 0;
    const scale = i % 97 === 5 ? 1 : i % 61 === 7 ? 0.72 : i % 29 === 3 ? 0.5 : 0;
    const reasons = isNew
      ? []
      : scale
      ? STRANGE_REASONS.map((reason) => ({ ...reason, nats: scale * reason.nats }))
      : USUAL_REASONS;
    const session = createSession(`01KAPQ5Z6N${String(i).padStart(16, "0")}`, nowMs - 1700 * i, {
      subject: subjectName(i),
      reasons,
      ...i === 400 ? { level: "unknown", action: "step_up" } : {},
    });
    const isAlerted = session.action === "step_up";
    const id = `01KAPQ6${String(99_999 - i).padStart(19, "0")}`;
    await putSession(
      kv,
      session,
      isAlerted ? createAlert(session, id, nowMs - 21_000 * i) : undefined,
    );
  }
  const own = createSession(session, nowMs, {
    subject: "you",
    reasons: STRANGE_REASONS.map((reason) => ({ ...reason, nats: 0.62 * reason.nats })),
  });
  await putSession(kv, own, createAlert(own, "01KAPQ7ZZZZZZZZZZZZZZZZZZZ", nowMs - 20_000));
}
