/** A host page in a real browser with the collector on it, for one test. */
import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import type { CollectorState } from "../../../islands/collector/collector.d.ts";
import { browserTest, openPage } from "../../browser/browser.ts";
import { Site } from "./site.ts";

declare global {
  /** What the page's own script would hold. */
  var run: {
    collector: import("../../../islands/collector/collector.d.ts").Collector;
    tickets: number;
    states: string[];
    actions: unknown[];
    errors: unknown[];
  };
}

export interface HostPage {
  readonly site: Site;
  readonly page: Page;
  /** Starts the collector; resolves once it is `open`, or in the state that is named. */
  start(state?: CollectorState): Promise<void>;
  /** Waits for a state. */
  reach(state: CollectorState): Promise<void>;
}

/**
 * Registers a test on a host page of its own. After it the page must not have seen an error: the
 * collector never breaks its host.
 */
export function collectorTest(
  name: string,
  run: (host: HostPage) => Promise<void>,
  { path = "/", refused = false } = {},
): void {
  browserTest(name, async (browser) => {
    const site = await Site.open();
    const { page, errors, close } = await openPage(browser, site.origin + path);
    const reach = async (state: CollectorState) => {
      await page.waitForFunction((state) => globalThis.run.collector.state === state, state);
    };
    const start = async (state: CollectorState = "open") => {
      await page.evaluate((endpoint) => {
        const errors: unknown[] = [];
        addEventListener("error", ({ message }) => errors.push(message));
        addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
        const collector = gaitkeeper!.start({
          endpoint,
          ticket: () => Promise.resolve(`ticket-${++globalThis.run.tickets}`),
          flushMs: 250,
        });
        globalThis.run = { collector, tickets: 0, states: [], actions: [], errors };
        collector.addEventListener("state", ({ detail }) => {
          globalThis.run.states.push(detail.code ? `${detail.state}:${detail.code}` : detail.state);
        });
        collector.addEventListener("action", ({ detail }) => globalThis.run.actions.push(detail));
      }, site.origin);
      await reach(state);
    };
    try {
      await run({ site, page, start, reach });
      assertEquals(await page.evaluate(() => globalThis.run?.errors ?? []), []);
      // A browser reports a connection that was cut or refused by itself; nothing else is due.
      assertEquals(errors.filter((error) => !(refused || /WebSocket connection/.test(error))), []);
    } finally {
      await close();
      await site.close();
    }
  });
}
