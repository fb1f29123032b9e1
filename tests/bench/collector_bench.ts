/**
 * What the collector costs a page's main thread while somebody types 10 keys a second and moves a
 * pointer that reports 125 times a second. Run by `deno task bench`; takes SECONDS twice, once
 * without the collector, and fails above BUDGET.
 */
import type { Browser, CDPSession } from "playwright-core";
import { openPage, withBrowser } from "../browser/browser.ts";
import { Site } from "../islands/collector/site.ts";

const SECONDS = 10;
const KEYS_PER_SECOND = 10;
const POINTER_HZ = 125;
/** Share of one core's main thread. */
const BUDGET = 0.01;

/** Seconds since the page was loaded, by what the main thread did in them. */
interface Spent {
  readonly script: number;
  readonly task: number;
  readonly wall: number;
}

async function spent(devtools: CDPSession): Promise<Spent> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)!.value;
  return { script: of("ScriptDuration"), task: of("TaskDuration"), wall: of("Timestamp") };
}

/** Sends input at its rates for SECONDS, each event at the time it is due. */
async function useKeyboardAndPointer(devtools: CDPSession): Promise<void> {
  const startMs = performance.now();
  const pending: Promise<unknown>[] = [];
  const periodMs = 1000 / POINTER_HZ;
  const keyEvery = POINTER_HZ / KEYS_PER_SECOND;
  for (let i = 0; i < SECONDS * POINTER_HZ; i++) {
    const waitMs = startMs + i * periodMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const angle = i / 20;
    pending.push(devtools.send("Input.dispatchMouseEvent", {
      type: "mouseMoved",
      x: Math.round(800 + 150 * Math.cos(angle)),
      y: Math.round(650 + 100 * Math.sin(1.3 * angle)),
    }));
    const place = Math.floor(i % keyEvery);
    const key = { code: "KeyA", key: "a", windowsVirtualKeyCode: 65 };
    if (place === 0) {
      pending.push(devtools.send("Input.dispatchKeyEvent", { type: "keyDown", text: "a", ...key }));
    } else if (place === 8) {
      pending.push(devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...key }));
    }
  }
  await Promise.all(pending);
}

async function measure(browser: Browser, site: Site, withCollector: boolean): Promise<Spent> {
  const { page, context, close } = await openPage(browser, site.origin);
  await page.focus("#plain");
  if (withCollector) {
    await page.evaluate((endpoint) => {
      const collector = gaitkeeper!.start({ endpoint, ticket: () => "bench" });
      return new Promise<void>((resolve) =>
        collector.addEventListener("state", ({ detail }) => {
          if (detail.state === "open") resolve();
        })
      );
    }, site.origin);
  }
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  const before = await spent(devtools);
  await useKeyboardAndPointer(devtools);
  const after = await spent(devtools);
  await close();
  return {
    script: after.script - before.script,
    task: after.task - before.task,
    wall: after.wall - before.wall,
  };
}

const share = (part: number) => `${(100 * part).toFixed(2)} %`;

const site = await Site.open();
await withBrowser(async (browser) => {
  const bare = await measure(browser, site, false);
  const full = await measure(browser, site, true);
  const script = full.script / full.wall - bare.script / bare.wall;
  const task = full.task / full.wall - bare.task / bare.wall;
  const [strokes, samples] = [site.of("stroke").length, site.of("pointer").length];
  const bytes = site.raw.reduce((sum, { length }) => sum + length, 0);
  console.log(`collector, ${SECONDS} s: ${strokes} strokes, ${samples} pointer samples sent`);
  console.log(`  sent          ${(bytes / full.wall).toFixed(0)} B/s, ${site.raw.length} frames`);
  console.log(`  script        ${share(script)} of the main thread`);
  console.log(`  whole tasks   ${share(task)} of the main thread more than without it`);
  if (strokes < SECONDS * KEYS_PER_SECOND * 0.9) throw new Error("The browser fell behind");
  if (script > BUDGET) throw new Error(`Over the budget of ${share(BUDGET)}`);
});
await site.close();
