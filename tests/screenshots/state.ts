/** A page in a state worth a picture, and how it is pictured. */
import type { Browser, Page } from "playwright-core";
import type { AppDeps } from "../../routes/deps.ts";
import { type GaitkeeperServer, serveGaitkeeper } from "../../routes/server.ts";
import { createDashboardDeps } from "../browser/dashboard_server.ts";

export interface Scene {
  readonly deps: AppDeps;
  readonly server: GaitkeeperServer;
  /** Session of the page's own collector, once it has a ticket. */
  readonly own: Promise<string>;
}

export interface State {
  /** As `deno task dev` serves it, which signs the browser in; true if not said. */
  readonly dev?: boolean;
  /** What the service is made with beyond what every picture is. */
  readonly change?: Partial<AppDeps>;
  /** The page goes on and on: only what the window shows is pictured. */
  readonly isLong?: boolean;
  /** Fills the store. @returns the path to open, and the cookie of who is signed in. */
  seed(deps: AppDeps, clock: { nowMs: number }): Promise<{ path: string; cookie?: string }>;
  /** What is done before the picture is taken; it waits for what must be seen. */
  act?(page: Page, scene: Scene): Promise<void>;
}

export interface Stage {
  readonly browser: Browser;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: "light" | "dark";
}

export interface Look extends Stage {
  /** File that the picture is written to. */
  readonly path: string;
}

/** The origin is part of a passkey's options, so the port must be known before the service starts. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Pictures one state. */
export async function picture(state: State, { path, ...look }: Look): Promise<void> {
  await staged(state, look, async (page) => {
    await page.waitForTimeout(300);
    await page.screenshot({ path, fullPage: !state.isLong });
  });
}

/** Brings a page into one state, on a store of its own. */
export async function staged(
  state: State,
  { browser, viewport, colorScheme }: Stage,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const clock = { nowMs: Date.now() };
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const dev = state.dev ?? true;
  const deps = {
    ...await createDashboardDeps(kv, () => clock.nowMs),
    dev,
    origin,
    ...state.change,
  };
  const server = await serveGaitkeeper(deps, { port, hostname: "127.0.0.1" });
  const context = await browser.newContext({ viewport, colorScheme, locale: "en-US" });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(page.url(), error));
  // What is seen is what was seeded: the service hears nothing of this page.
  await page.routeWebSocket("**/v1/stream", () => {});
  const own = page.waitForResponse(`${origin}/live/ticket`, { timeout: 0 })
    .then(async (response) => (await response.json()).session as string);
  own.catch(() => {});
  try {
    const { path: at, cookie } = await state.seed(deps, clock);
    if (cookie) {
      const [name, value] = [cookie.slice(0, cookie.indexOf("=")), cookie.split("=")[1]!];
      await context.addCookies([{ name, value, url: "https://localhost/", secure: true }]);
    }
    await page.goto(origin + at);
    for (const island of await page.locator(".island").all()) {
      await island.and(page.locator("[data-hydrated]")).waitFor();
    }
    await state.act?.(page, { deps, server, own });
    await use(page);
  } finally {
    await context.close();
    await server.close();
  }
}
