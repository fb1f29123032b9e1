/** The page of one session. */
import {
  createAlert,
  createCourse,
  createSession,
  putSession,
  STRANGE_REASONS,
} from "../routes/seeded_store.ts";
import type { Scene, State } from "./state.ts";
import type { Page } from "playwright-core";

const ID = "01KAPQ5Z6N0000000000000400";
const drawn = async (page: Page) => {
  await page.locator(".pill-live").waitFor();
  await page.locator(".timeline-plot canvas").waitFor();
};

async function seedTaken({ kv }: Scene["deps"]) {
  const nowMs = Date.now();
  const session = createSession(ID, nowMs, {
    subject: "u-4f2k",
    reasons: STRANGE_REASONS,
    alert: "01KAPQ60000000000000000000",
    ...createCourse(nowMs, "taken"),
  });
  await putSession(kv, session, createAlert(session, "01KAPQ60000000000000000000", nowMs - 70_000));
  return { path: `/sessions/${ID}` };
}

export const STATES: Readonly<Record<string, State>> = {
  "session-taken": { seed: seedTaken, act: drawn },
  "session-calm": {
    seed: async ({ kv }) => {
      const nowMs = Date.now();
      const session = createSession(ID, nowMs, {
        subject: "u-4f2k",
        ...createCourse(nowMs, "calm"),
      });
      await putSession(kv, session);
      return { path: `/sessions/${ID}` };
    },
    act: drawn,
  },
  "session-learning": {
    seed: async ({ kv }) => {
      const status = { stage: "learning" as const, learned: 4, scored: 0, nats: 0 };
      const missing = (amount: number) => ({
        ...status,
        missing: { amount, unit: "strokes" as const },
      });
      await putSession(
        kv,
        createSession(ID, Date.now(), {
          subject: "u-4f2k",
          reasons: [],
          history: [],
          strokes: 44,
          keyboard: missing(96),
        }),
      );
      return { path: `/sessions/${ID}` };
    },
    act: (page) => page.locator(".pill-live").waitFor(),
  },
  "session-gone": {
    seed: seedTaken,
    act: async (page, scene) => {
      await drawn(page);
      await scene.server.close();
      await page.locator(".pill-reconnecting").waitFor();
    },
  },
  "session-none": { seed: () => Promise.resolve({ path: "/sessions/01KAPQ5Z6N00000000000000ZZ" }) },
};
