/** The live page. */
import {
  createAlert,
  createSession,
  putSession,
  STRANGE_REASONS,
  subjectName,
  USUAL_REASONS,
} from "../routes/seeded_store.ts";
import { seededRandom } from "../../core/random.ts";
import type { Scene, State } from "./state.ts";
import type { Page } from "playwright-core";

const live = (page: Page) => page.locator(".pill-live").waitFor();
const DEVICES = ["mouse", "mouse", "touch", "mouse", "keyboard", undefined, "pen"] as const;

async function seedBusy({ kv }: Scene["deps"]) {
  const nowMs = Date.now();
  const random = seededRandom(7);
  for (let i = 0; i < 1000; i++) {
    const isNew = i % 13 === 0;
    const isStrange = i % 37 === 5;
    const scale = isStrange ? 0.35 + 1.2 * random() : 0.4 + random();
    const reasons = isNew ? [] : (isStrange ? STRANGE_REASONS : USUAL_REASONS)
      .map((reason) => ({ ...reason, nats: scale * reason.nats }));
    const device = DEVICES[i % DEVICES.length];
    const ready = { stage: "ready" as const, learned: 40, scored: 12, nats: -0.2 };
    const session = createSession(`01KAPQ5Z6N${String(i).padStart(16, "0")}`, nowMs - 400 * i, {
      subject: subjectName(i),
      reasons,
      confidence: isNew ? 0 : 0.55 + 0.44 * random(),
      ...isNew ? learning(i) : i % 3 ? { pointer: ready } : {},
      ...device ? { device } : {},
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
}

function learning(i: number) {
  const status = { stage: "learning" as const, learned: 4, scored: 0, nats: 0 };
  return {
    history: [],
    keyboard: { ...status, missing: { amount: 20 + i % 90, unit: "strokes" as const } },
    pointer: { ...status, missing: { amount: 1 + i % 60, unit: "seconds of movement" as const } },
  };
}

async function seedLearning({ kv }: Scene["deps"]) {
  for (let i = 0; i < 5; i++) {
    await putSession(
      kv,
      createSession(`01KAPQ5Z6N${String(i).padStart(16, "0")}`, Date.now() - 9000 * i, {
        subject: subjectName(i),
        reasons: [],
        ...learning(i * 17),
      }),
    );
  }
}

const busy = async (deps: Scene["deps"]) => {
  await seedBusy(deps);
  return { path: "/" };
};

export const STATES: Readonly<Record<string, State>> = {
  "live-empty": { seed: () => Promise.resolve({ path: "/" }), act: live },
  "live-learning": {
    seed: async (deps) => {
      await seedLearning(deps);
      return { path: "/" };
    },
    act: live,
  },
  "live-busy": { isLong: true, seed: busy, act: live },
  "live-none": {
    seed: async (deps) => {
      await seedBusy(deps);
      return { path: "/?level=critical&device=pen&search=nobody" };
    },
    act: live,
  },
  "live-gone": {
    isLong: true,
    seed: busy,
    act: async (page, scene) => {
      await live(page);
      await scene.server.close();
      await page.locator(".pill-reconnecting").waitFor();
    },
  },
  "live-offline": {
    isLong: true,
    seed: busy,
    act: async (page) => {
      await live(page);
      await page.context().setOffline(true);
      await page.locator(".pill-offline").waitFor();
    },
  },
};
