/** Real tools drive a real browser with the collector on the page; what crosses the wire is judged. */
import { assert, assertEquals } from "@std/assert";
import { createCursor } from "ghost-cursor";
import type { Page } from "playwright-core";
import { type AutomationRule, loadAutomationScore } from "../../core/models/automation.ts";
import { readWindows } from "../../core/models/load.ts";
import { see } from "../../models/evaluation/automation/eye.ts";
import { readModelFile } from "../core/models/model_files.ts";
import { collectorTest } from "../islands/collector/collector_page.ts";
import type { Site } from "../islands/collector/site.ts";

const score = await loadAutomationScore(readModelFile);
const settings = await readWindows(readModelFile);

/** Rules that found something in what the page has sent. */
function found(site: Site): AutomationRule[] {
  return [...see(site.events, score, settings).rules.keys()];
}

function assertFinds(site: Site, rules: readonly AutomationRule[]): void {
  const names = found(site);
  for (const rule of rules) assert(names.includes(rule), `${rule} not among ${names}`);
}

const TEXT = "the quick brown fox jumps over the lazy dog and then sleeps in the sun for a while";
/** Corners of a course that a pointer is sent round. */
const PLACES = Array.from({ length: 20 }, (_, i) => {
  return { x: 80 + (i * 431) % 1100, y: 520 + (i * 97) % 240 };
});

async function focusField(page: Page): Promise<void> {
  await page.evaluate(() => document.querySelector<HTMLTextAreaElement>("#long")!.focus());
}

collectorTest("Playwright typing without a delay is found", async ({ site, page, start }) => {
  await start();
  await focusField(page);
  await page.keyboard.type(TEXT);
  await site.until(() => site.of("stroke").length === TEXT.length);
  assertFinds(site, ["impossibleRate", "constantHolds"]);
});

collectorTest("Playwright typing with a delay is found", async ({ site, page, start }) => {
  await start();
  await focusField(page);
  await page.keyboard.type(TEXT.slice(0, 50), { delay: 60 });
  await site.until(() => site.of("stroke").length === 50);
  assertFinds(site, ["constantFlights", "constantHolds"]);
});

collectorTest("Playwright typing with delays of every length is found", async (host) => {
  const { site, page, start } = host;
  await start();
  await focusField(page);
  for (const [i, key] of [...TEXT.slice(0, 50)].entries()) {
    await page.keyboard.press(key === " " ? "Space" : key, { delay: 30 + (i * 37) % 60 });
  }
  await site.until(() => site.of("stroke").length === 50);
  assertFinds(site, ["constantFlights"]);
});

collectorTest("a script's own key events are found", async ({ site, page, start }) => {
  await start();
  await page.evaluate(() => {
    const field = document.querySelector("#long")!;
    for (let i = 0; i < 20; i++) {
      field.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyA", bubbles: true }));
      field.dispatchEvent(new KeyboardEvent("keyup", { code: "KeyA", bubbles: true }));
    }
  });
  await site.until(() => site.of("trust").length > 0);
  assertEquals(found(site), ["untrustedEvents"]);
});

collectorTest("Playwright clicking is found, at once and with a delay", async (host) => {
  const { site, page, start } = host;
  await start();
  for (const { x, y } of PLACES) await page.mouse.click(x, y);
  for (const { x, y } of PLACES) await page.mouse.click(x, y, { delay: 60 });
  await site.until(() => site.of("button").length === 2 * PLACES.length);
  assertFinds(site, ["teleports", "clicksWithoutApproach"]);
});

collectorTest("Playwright moving in steps before it clicks is found", async (host) => {
  const { site, page, start } = host;
  await start();
  for (const { x, y } of PLACES) {
    await page.mouse.move(x, y, { steps: 20 });
    await page.mouse.down();
    await page.mouse.up();
  }
  await site.until(() => site.of("button").length === PLACES.length);
  assertFinds(site, ["clicksWithoutHover", "straightLines"]);
});

collectorTest("ghost-cursor is found", async ({ site, page, start }) => {
  await start();
  const client = await page.context().newCDPSession(page);
  // All that moving and clicking by coordinates asks of a Puppeteer page.
  const puppet = { _client: () => client, browser: () => ({ isConnected: () => true }) };
  const cursor = createCursor(puppet as unknown as Parameters<typeof createCursor>[0]);
  for (const place of PLACES) {
    await cursor.moveTo(place, { moveDelay: 0 });
    await cursor.click(undefined, { moveDelay: 0 });
  }
  await site.until(() => site.of("button").length === PLACES.length);
  assertFinds(site, ["clicksWithoutHover"]);
});
