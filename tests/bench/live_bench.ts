/**
 * What the live page costs a browser while SESSIONS sessions change every second: its frames and long
 * tasks, and the size of the feed: at rest, being scrolled, and so on a CPU that is SLOWDOWN times
 * slower, on which it is opened as well. Run by `deno task bench`; takes about three times SECONDS.
 */
import type { CDPSession, Page } from "playwright-core";
import { glanceKey } from "../../core/store/keys.ts";
import { bellKey, DEFAULT_TENANT, sessionKey } from "../../core/store/keys.ts";
import { glanceOf } from "../../core/store/glances.ts";
import type { SessionRecord } from "../../core/store/sessions.ts";
import { openPage, withBrowser } from "../browser/browser.ts";
import { serveDashboard } from "../browser/dashboard_server.ts";
import { createSession, subjectName } from "../routes/seeded_store.ts";

const SESSIONS = 1000;
const SECONDS = 15;
const SLOWDOWN = 4;
/** Written in one commit each, as sessions of many processes would be all over the second. */
const BATCH = 50;

/** Every session anew, its risk walked on a little, spread over the second that this takes. */
async function change(kv: Deno.Kv, sessions: SessionRecord[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const startMs = performance.now();
    for (let at = 0; at < sessions.length && !signal.aborted; at += BATCH) {
      const nowMs = Date.now();
      const commit = kv.atomic();
      for (let i = at; i < at + BATCH; i++) {
        const record = sessions[i] = walked(sessions[i]!, nowMs);
        commit.set(sessionKey(DEFAULT_TENANT, record.session), record)
          .set(glanceKey(DEFAULT_TENANT, record.session), glanceOf(record));
      }
      await commit.set(bellKey(DEFAULT_TENANT), `${nowMs} ${at}`).commit();
      const dueMs = startMs + 1000 * (at + BATCH) / sessions.length;
      const restMs = dueMs - performance.now();
      if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    }
  }
}

function walked(record: SessionRecord, nowMs: number): SessionRecord {
  const risk = Math.min(99, Math.max(1, record.risk + 8 * (Math.random() - 0.5)));
  const level = risk >= 90 ? "critical" : risk >= 50 ? "high" : risk >= 20 ? "elevated" : "low";
  const history = [...record.history.slice(-59), [nowMs, risk] as [number, number]];
  return { ...record, risk, level, history, updatedAtMs: nowMs };
}

interface Measured {
  readonly frames: number[];
  readonly tasks: number[];
  readonly scriptShare: number;
}

/** Frame times and long tasks of the page for SECONDS. */
async function measure(page: Page, devtools: CDPSession, scroll: boolean): Promise<Measured> {
  const before = await scriptSeconds(devtools);
  const seen = await page.evaluate(async ({ seconds, scroll }) => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    });
    observer.observe({ type: "longtask" });
    const frames: number[] = [];
    const endMs = performance.now() + 1000 * seconds;
    let last = performance.now();
    await new Promise<void>((resolve) => {
      const frame = (nowMs: number) => {
        frames.push(nowMs - last);
        last = nowMs;
        if (scroll) scrollBy(0, 37);
        if (nowMs < endMs) requestAnimationFrame(frame);
        else resolve();
      };
      requestAnimationFrame(frame);
    });
    observer.disconnect();
    return { frames: frames.slice(1), tasks };
  }, { seconds: SECONDS, scroll });
  return { ...seen, scriptShare: (await scriptSeconds(devtools) - before) / SECONDS };
}

async function scriptSeconds(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "ScriptDuration")!.value;
}

function quantileOf(values: readonly number[], share: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
}

function print(what: string, { frames, tasks, scriptShare }: Measured): void {
  console.log(what);
  console.log(
    `  frames       median ${quantileOf(frames, 0.5)} ms, 95 % ${quantileOf(frames, 0.95)} ms, ` +
      `99 % ${quantileOf(frames, 0.99)} ms, longest ${quantileOf(frames, 1)} ms`,
  );
  console.log(`  long tasks   ${tasks.length} above 50 ms, longest ${quantileOf(tasks, 1)} ms`);
  console.log(`  script       ${(100 * scriptShare).toFixed(1)} % of the main thread`);
}

/** Times since the navigation began. */
function openedWords(): string {
  const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  return `first contentful paint ${painted.toFixed(0)} ms, ` +
    `list alive ${performance.now().toFixed(0)} ms`;
}

using kv = await Deno.openKv(":memory:");
const sessions = Array.from({ length: SESSIONS }, (_, i) => {
  const session = `01KAPQ5Z6N${String(i).padStart(16, "0")}`;
  return createSession(session, Date.now(), { subject: subjectName(i), device: "mouse" });
});
const ending = new AbortController();
const server = await serveDashboard(kv);
const changing = change(kv, sessions, ending.signal);
await withBrowser(async (browser) => {
  const { page, context, close } = await openPage(browser, "about:blank");
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  await devtools.send("Network.enable");
  let [messages, bytes] = [0, 0];
  devtools.on("Network.eventSourceMessageReceived", ({ data }) => {
    messages++;
    bytes += data.length;
  });
  await page.goto(server.origin);
  await page.locator(".pill-live").waitFor();
  await page.getByText("1,000 active").waitFor();
  [messages, bytes] = [0, 0];
  const startMs = performance.now();
  print(
    `${SESSIONS} sessions changing every second, ${SECONDS} s at rest`,
    await measure(page, devtools, false),
  );
  const seconds = (performance.now() - startMs) / 1000;
  console.log(
    `  feed         ${(messages / seconds).toFixed(2)} messages/s, ` +
      `${(bytes / messages / 1024).toFixed(0)} KiB each`,
  );
  const rows = await page.locator(".session-rows .session-row").count();
  console.log(`  rows drawn   ${rows}`);
  print(`the same, scrolled all the while`, await measure(page, devtools, true));
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  print(
    `the same, scrolled, on a CPU ${SLOWDOWN} times slower`,
    await measure(page, devtools, true),
  );
  await page.goto(server.origin);
  await page.locator(".session-rows-virtual").waitFor();
  console.log(`opened on the slow CPU\n  ${await page.evaluate(openedWords)}`);
  await close();
});
ending.abort();
await changing;
await server.close();
