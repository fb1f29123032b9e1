import { assert, assertEquals } from "@std/assert";
import type { Page, Response } from "playwright-core";
import { createSession, putSession } from "../routes/seeded_store.ts";
import { browserTest, openPage } from "./browser.ts";
import { serveDashboard } from "./dashboard_server.ts";

/** Script of any page, gzipped, bytes. */
const SCRIPT_BUDGET = 60 * 1024;
const SESSION = "01KAPQ5Z6N0000000000000001";

async function gzippedBytes(text: string): Promise<number> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.byteLength;
  return bytes;
}

/** Paths that the navigation leads to, and one of what lies under them. */
async function pathsOf(page: Page): Promise<string[]> {
  const links = page.locator("nav[aria-label=Pages] a");
  const hrefs = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")!));
  assert(hrefs.length >= 6, `${hrefs}`);
  return [...hrefs, `/sessions/${SESSION}`, "/account"];
}

browserTest(
  "every page takes under 60 KB of script gzipped, all of it this service's own, and none inline",
  async (browser) => {
    using kv = await Deno.openKv(":memory:");
    await putSession(kv, createSession(SESSION, Date.now(), { subject: "ada" }));
    const server = await serveDashboard(kv);
    const { page, errors, close } = await openPage(browser, `${server.origin}/`);
    try {
      const told: Record<string, number> = {};
      for (const path of await pathsOf(page)) {
        const scripts: Response[] = [];
        const foreign: string[] = [];
        const listen = (response: Response) => {
          if (new URL(response.url()).origin !== server.origin) foreign.push(response.url());
          if (response.headers()["content-type"]?.includes("javascript")) scripts.push(response);
        };
        page.on("response", listen);
        const document = await page.goto(server.origin + path);
        for (const island of await page.locator(".island").all()) {
          await island.and(page.locator("[data-hydrated]")).waitFor();
        }
        await page.waitForTimeout(300);
        page.off("response", listen);
        let bytes = 0;
        for (const script of scripts) bytes += await gzippedBytes(await script.text());
        told[path] = bytes;
        assertEquals(foreign, [], path);
        // What scripts set through the CSSOM is no inline style.
        const html = await document!.text();
        const inline = /<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(src=|application\/json))/;
        assert(!inline.test(html), path);
      }
      const over = Object.entries(told).filter(([, bytes]) => bytes > SCRIPT_BUDGET);
      assertEquals(over, [], JSON.stringify(told));
      assertEquals(errors, []);
    } finally {
      await close();
      await server.close();
    }
  },
);

browserTest("every page shows what it is about without script", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession(SESSION, Date.now(), { subject: "ada" }));
  const server = await serveDashboard(kv);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  try {
    await page.goto(server.origin);
    for (const path of await pathsOf(page)) {
      const response = await page.goto(server.origin + path);
      assertEquals(response!.status(), 200, path);
      assertEquals(await page.locator("h1").count(), 1, path);
      const words = (await page.locator("main").innerText()).split(/\s+/).length;
      assert(words > 20, `${path} says ${words} words`);
    }
  } finally {
    await context.close();
    await server.close();
  }
});
