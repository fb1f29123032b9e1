import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { createSession, putSession } from "../routes/seeded_store.ts";
import { browserTest, openPage } from "./browser.ts";
import { serveDashboard } from "./dashboard_server.ts";

const SCRIPT_BUDGET_BYTES = 60 * 1024;

/** What a page shows is what the test put in the store: the service hears nothing of the page itself. */
const keepFromStream = (page: Page) => page.routeWebSocket("**/v1/stream", () => {});

/** Opens a page of the dashboard, waits until it lives, and ends with what went wrong in it. */
async function withPage(
  browser: Browser,
  path: string,
  use: (page: Page, kv: Deno.Kv, session: () => Promise<string>) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const server = await serveDashboard(kv);
  const { page, errors, close } = await openPage(browser, "about:blank");
  await keepFromStream(page);
  try {
    const ticket = page.waitForResponse(`${server.origin}/live/ticket`);
    ticket.catch(() => {});
    await page.goto(server.origin + path);
    await page.locator("[data-hydrated]").waitFor();
    await page.locator(".pill-live").waitFor();
    await use(page, kv, async () => (await (await ticket).json()).session);
    // A policy that was violated is an error in the console.
    assertEquals(errors, []);
  } finally {
    await close();
    await server.close();
  }
}

browserTest(
  "/try captures nothing before it is begun, and offers a hand-over only when known",
  async (browser) => {
    await withPage(browser, "/try", async (page, kv, session) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await page.locator("#typing").press("a");
      assert(!asked.includes("/live/ticket"), `${asked}`);
      assertEquals(await page.locator("#typing").inputValue(), "");
      await page.getByRole("button", { name: "Begin" }).click();
      const own = await session();
      const other = page.getByRole("button", { name: "another typist" });
      assert(await other.isDisabled());
      await putSession(kv, createSession(own, Date.now() + 60_000, { subject: "you" }));
      await page.locator(".steps [aria-current]", { hasText: "Hand over" }).waitFor();
      assert(await other.isEnabled());
    });
  },
);

for (const path of ["/", "/sessions/a", "/try"]) {
  browserTest(`${path} loads at most 60 KB of compressed script`, async (browser) => {
    using kv = await Deno.openKv(":memory:");
    await putSession(kv, createSession("a", Date.now()));
    const server = await serveDashboard(kv);
    const { page, close } = await openPage(browser, "about:blank");
    await keepFromStream(page);
    try {
      const scripts = new Map<string, Promise<number>>();
      page.on("response", (response) => {
        if (response.request().resourceType() !== "script") return;
        scripts.set(response.url(), response.body().then((body) => gzipBytes(body)));
      });
      // With a line to draw, so that everything is loaded that ever is.
      await page.goto(server.origin + path);
      await page.locator(".pill-live").waitFor();
      if (path === "/sessions/a") await page.locator(".timeline-plot canvas").waitFor();
      const sizes = await Promise.all(scripts.values());
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      assert(bytes > 5000 && bytes <= SCRIPT_BUDGET_BYTES, `${bytes} bytes`);
    } finally {
      await close();
      await server.close();
    }
  });
}

async function gzipBytes(body: Uint8Array): Promise<number> {
  const stream = new Blob([Uint8Array.from(body)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}
