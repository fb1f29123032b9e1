/**
 * Pictures of every page in every state, to be looked at: `deno task screenshots [state …]` writes
 * `.screenshots/<state>-<width>-<scheme>.png`.
 */
import type { Browser, Page } from "playwright-core";
import { buildIslands } from "../islands/build.ts";
import { withBrowser } from "./browser/browser.ts";
import { type DashboardServer, serveDashboard } from "./browser/dashboard_server.ts";
import { OPERATOR_STATES, type OperatorState, pictureOperators } from "./operator_screenshots.ts";
import {
  createAlert,
  createSession,
  putSession,
  STRANGE_REASONS,
  subjectName,
  USUAL_REASONS,
} from "./routes/seeded_store.ts";

const OUT = new URL("../.screenshots/", import.meta.url);
const VIEWPORTS = [{ width: 1280, height: 900 }, { width: 390, height: 844 }];
const SCHEMES = ["light", "dark"] as const;

interface State {
  readonly path: string;
  /** `own` is the session that the page was given. */
  seed(kv: Deno.Kv, own: string): Promise<void>;
  act?(page: Page, server: DashboardServer): Promise<void>;
}

const seedNothing = () => Promise.resolve();

const STATES: Record<string, State> = {
  "live-empty": { path: "/", seed: seedNothing },
  "live-learning": { path: "/", seed: (kv, own) => putSession(kv, learning(own, 118, 7)) },
  "live-busy": { path: "/", seed: seedBusy },
  "live-gone": {
    path: "/",
    seed: seedBusy,
    act: async (page, server) => {
      await server.close();
      await page.locator(".pill-reconnecting").waitFor();
    },
  },
  "live-offline": {
    path: "/",
    seed: seedBusy,
    act: async (page) => {
      await page.context().setOffline(true);
      await page.locator(".pill-offline").waitFor();
    },
  },
  quality: { path: "/quality", seed: seedNothing },
  "try-begin": { path: "/try", seed: seedNothing },
  "try-learning": {
    path: "/try",
    seed: (kv, own) => putSession(kv, learning(own, 62, 0)),
    act: typeSome,
  },
  "try-known": {
    path: "/try",
    seed: (kv, own) => putSession(kv, createSession(own, Date.now(), { subject: "you" })),
    act: typeSome,
  },
  "try-taken": {
    path: "/try",
    seed: async (kv, session) => {
      const own = createSession(session, Date.now(), { subject: "you", reasons: STRANGE_REASONS });
      await putSession(kv, own, createAlert(own, "01KAPQ60000000000000000000", Date.now()));
    },
    act: async (page) => {
      await typeSome(page);
      await page.getByRole("button", { name: "another typist" }).click();
      await page.locator(".takeover-zones:not(:empty)").waitFor();
      await page.waitForTimeout(1500);
    },
  },
  "try-step-up": {
    path: "/try",
    seed: seedNothing,
    act: async (page) => {
      // Only its looks: that it is asked for is for the end-to-end test to show.
      await page.evaluate(() => document.querySelector("dialog")!.showModal());
    },
  },
};

function learning(own: string, strokes: number, seconds: number) {
  const nowMs = Date.now();
  return createSession(own, nowMs, {
    subject: "you",
    reasons: [],
    history: [],
    keyboard: {
      stage: "learning",
      learned: 6,
      scored: 0,
      nats: 0,
      missing: { amount: strokes, unit: "strokes" },
    },
    pointer: {
      stage: seconds ? "learning" : "cold",
      learned: seconds ? 4 : 0,
      scored: 0,
      nats: 0,
      missing: { amount: 72 - seconds, unit: "seconds of movement" },
    },
  });
}

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

async function typeSome(page: Page) {
  await page.locator("#typing").pressSequentially("The ferry leaves at nime");
  await page.locator(".gauge-note").waitFor();
  await page.waitForTimeout(900);
}

async function picture(browser: Browser, name: string, state: State) {
  for (const viewport of VIEWPORTS) {
    for (const colorScheme of SCHEMES) {
      using kv = await Deno.openKv(":memory:");
      const server = await serveDashboard(kv);
      const context = await browser.newContext({ viewport, colorScheme, locale: "en-US" });
      const page = await context.newPage();
      page.on("pageerror", (error) => console.error(name, error));
      // What is seen is what was seeded: the service hears nothing of this page.
      await page.routeWebSocket("**/v1/stream", () => {});
      const isLive = state.path !== "/quality";
      const ticket = page.waitForResponse(`${server.origin}/live/ticket`);
      if (!isLive) ticket.catch(() => {});
      await page.goto(server.origin + state.path);
      if (isLive) await page.locator("[data-hydrated]").waitFor();
      if (!isLive) await page.locator(".figures").first().waitFor();
      else if (name !== "try-begin") {
        if (state.path === "/try") await page.getByRole("button", { name: "Begin" }).click();
        await state.seed(kv, (await (await ticket).json()).session);
      } else void ticket.catch(() => {});
      if (isLive) await page.locator(".pill-live").waitFor();
      await page.waitForTimeout(900);
      await state.act?.(page, server);
      const path = new URL(`${name}-${viewport.width}-${colorScheme}.png`, OUT).pathname;
      await page.screenshot({ path, fullPage: true });
      await context.close();
      await server.close();
    }
  }
}

async function pictureAll(browser: Browser, name: string, state: OperatorState) {
  for (const viewport of VIEWPORTS) {
    for (const colorScheme of SCHEMES) {
      const path = new URL(`${name}-${viewport.width}-${colorScheme}.png`, OUT).pathname;
      await pictureOperators(state, { browser, viewport, colorScheme, path });
    }
  }
}

if (import.meta.main) {
  await buildIslands();
  await Deno.mkdir(OUT, { recursive: true });
  const all = [...Object.keys(STATES), ...Object.keys(OPERATOR_STATES)];
  const names = Deno.args.length ? Deno.args : all;
  await withBrowser(async (browser) => {
    for (const name of names) {
      const startedMs = performance.now();
      const operatorState = OPERATOR_STATES[name];
      if (operatorState) await pictureAll(browser, name, operatorState);
      else await picture(browser, name, STATES[name]!);
      console.log(name, `${Math.round(performance.now() - startedMs)} ms`);
    }
  });
}
