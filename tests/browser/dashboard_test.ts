import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "../routes/seeded_store.ts";
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

browserTest("/ hydrates under its policy and shows a session change live", async (browser) => {
  await withPage(browser, "/", async (page, kv) => {
    const row = page.locator(".sessions tbody tr");
    await putSession(kv, createSession("a", Date.now(), { subject: "ada" }));
    await row.filter({ hasText: "ada" }).filter({ hasText: "Low" }).waitFor();
    const risky = createSession("a", Date.now() + 1, { subject: "ada", reasons: STRANGE_REASONS });
    await putSession(kv, risky, createAlert(risky, "alert-1", Date.now()));
    await row.filter({ hasText: "ada" }).filter({ hasText: "High" }).waitFor();
    await page.locator(".alert.level-high").waitFor();
    const said = page.locator(".live-alerts [role=status]");
    await said.filter({ hasText: "New alert: high risk for ada" }).waitFor({ state: "attached" });
  });
});

browserTest("/ draws the session looked at: gauge, line and reasons", async (browser) => {
  await withPage(browser, "/", async (page, kv) => {
    const record = createSession("a", Date.now(), { subject: "ada", reasons: STRANGE_REASONS });
    await putSession(kv, record);
    await page.locator(".sessions a").click();
    await page.locator(".timeline-plot canvas").waitFor();
    assertMatch(await page.getByRole("meter").getAttribute("aria-valuetext") ?? "", /82.*High/);
    assert(await page.locator(".reasons tbody tr").count() > 5);
    assertMatch(page.url(), /\?session=a$/);
    await page.goBack();
    await page.getByRole("heading", { name: "This page, right now" }).waitFor();
  });
});

browserTest("/ is used by keyboard alone: switch, field and sessions", async (browser) => {
  await withPage(browser, "/", async (page, kv) => {
    await putSession(kv, createSession("a", Date.now(), { subject: "ada" }));
    await page.locator(".sessions a").waitFor();
    const toggle = page.getByRole("switch", { name: "Capture this page" });
    assertEquals(await toggle.getAttribute("aria-checked"), "true");
    const reached: string[] = [];
    for (let i = 0; i < 16; i++) {
      await page.keyboard.press("Tab");
      const label = await page.evaluate(() => {
        const { tagName, textContent, id } = document.activeElement!;
        return `${tagName} ${id || textContent!.trim()}`;
      });
      reached.push(label);
      if (label === "BUTTON Capture this page") await page.keyboard.press("Space");
      if (label === "A ada") break;
    }
    assertEquals(await toggle.getAttribute("aria-checked"), "false");
    assertEquals(reached[0], "A Skip to content");
    assert(reached.includes("TEXTAREA typing"), `${reached}`);
    assertEquals(reached.at(-1), "A ada");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Session of ada" }).waitFor();
  });
});

browserTest("/ keeps the place of rows under the pointer while risks change", async (browser) => {
  await withPage(browser, "/", async (page, kv) => {
    await putSession(kv, createSession("a", Date.now(), { subject: "ada" }));
    await putSession(kv, createSession("b", Date.now() - 1000, { subject: "bob" }));
    const subjects = page.locator(".sessions tbody a");
    await subjects.nth(1).waitFor();
    assertEquals(await subjects.allTextContents(), ["ada", "bob"]);
    await page.locator(".sessions").hover();
    const risky = createSession("b", Date.now(), { subject: "bob", reasons: STRANGE_REASONS });
    await putSession(kv, risky);
    await page.locator(".sessions tbody tr", { hasText: "bob" }).filter({ hasText: "High" })
      .waitFor();
    assertEquals(await subjects.allTextContents(), ["ada", "bob"]);
    await page.locator("#typing").hover();
    await page.locator(".sessions tbody tr:first-child", { hasText: "bob" }).waitFor();
  });
});

browserTest("/ says when the server is gone and comes back by itself", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  let server = await serveDashboard(kv);
  const { page, close } = await openPage(browser, "about:blank");
  await keepFromStream(page);
  try {
    await page.goto(server.origin);
    await page.locator(".pill-live").waitFor();
    const { port } = server;
    await server.close();
    await page.locator(".pill-reconnecting").waitFor();
    await page.locator(".notice", { hasText: "does not answer" }).waitFor();
    server = await serveDashboard(kv, port);
    await page.locator(".pill-live").waitFor();
    assertEquals(await page.locator(".notice").count(), 0);
  } finally {
    await close();
    await server.close();
  }
});

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

for (const path of ["/", "/try"]) {
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
      await page.goto(`${server.origin}${path}?session=a`);
      await page.locator(".pill-live").waitFor();
      if (path === "/") await page.locator(".timeline-plot canvas").waitFor();
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
