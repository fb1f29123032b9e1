import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import {
  createAlert,
  createSession,
  putSession,
  STRANGE_REASONS,
  USUAL_REASONS,
} from "../routes/seeded_store.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest, openPage } from "./browser.ts";
import { serveDashboard } from "./dashboard_server.ts";
import { withSeededPage } from "./seeded_page.ts";

const rowOf = (page: Page, subject: string) =>
  page.locator(".session-rows .session-row", { hasText: subject });
const subjectsOf = (page: Page) => page.locator("[data-session]").allTextContents();

/** Sessions `0` to `count - 1`, their risk falling with their number. */
async function seedMany(kv: Deno.Kv, count: number) {
  const nowMs = Date.now();
  for (let i = 0; i < count; i++) {
    const session = `s${String(i).padStart(4, "0")}`;
    const change = { subject: `subject-${i}`, risk: 19 - 19 * i / count };
    await putSession(kv, createSession(session, nowMs, change));
  }
}

browserTest(
  "/ shows a session that begins and one that turns, live, and says the alert",
  async (browser) => {
    await withSeededPage(browser, "/", async () => {}, async ({ page, kv }) => {
      await page.getByRole("heading", { name: "No sessions yet" }).waitFor();
      await expectAccessible(page);
      const nowMs = Date.now();
      await putSession(kv, createSession("a", nowMs, { subject: "ada", device: "touch" }));
      await rowOf(page, "ada").filter({ hasText: "Low" }).filter({ hasText: "Touch" }).waitFor();
      const risky = createSession("a", nowMs + 1, { subject: "ada", reasons: STRANGE_REASONS });
      await putSession(kv, risky, createAlert(risky, "alert-1", nowMs + 10_000));
      await rowOf(page, "ada").filter({ hasText: "High" }).filter({ hasText: "Asked to step up" })
        .waitFor();
      await page.locator(".alert.level-high").waitFor();
      const said = page.locator(".live-alerts [role=status]");
      await said.filter({ hasText: "New alert: high risk for ada" }).waitFor({ state: "attached" });
      await expectAccessible(page);
    });
  },
);

browserTest("/ listens to nobody: it asks for no ticket and opens no socket", async (browser) => {
  await withSeededPage(browser, "/", async () => {}, async ({ page, kv }) => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("websocket", (socket) => asked.push(socket.url()));
    await page.reload();
    await page.locator(".pill-live").waitFor();
    await page.keyboard.type("nothing of this is heard");
    await putSession(kv, createSession("a", Date.now(), { subject: "ada" }));
    await rowOf(page, "ada").waitFor();
    const live = asked.filter((url) => /\/live\/|\/v1\//.test(url));
    assertEquals(live.map((url) => new URL(url).pathname), ["/live/feed"]);
  });
});

browserTest("/ narrows the list at once and keeps that in its address", async (browser) => {
  const seed = async (kv: Deno.Kv) => {
    const nowMs = Date.now();
    await putSession(kv, createSession("a", nowMs, { subject: "ada", device: "touch" }));
    await putSession(kv, createSession("b", nowMs, { subject: "bob", reasons: STRANGE_REASONS }));
    await putSession(kv, createSession("c", nowMs - 400_000, { subject: "cay" }));
  };
  await withSeededPage(browser, "/", seed, async ({ page }) => {
    assertEquals(await subjectsOf(page), ["bob", "ada"]);
    await page.getByLabel("Device").selectOption("Touch");
    await rowOf(page, "bob").waitFor({ state: "detached" });
    assertMatch(page.url(), /\/\?device=touch$/);
    await page.getByLabel("Device").selectOption("Any device");
    await page.getByLabel("Ended too").check();
    await page.getByLabel("Subject or session").fill("CA");
    await rowOf(page, "ada").waitFor({ state: "detached" });
    assertEquals(await subjectsOf(page), ["cay"]);
    await page.reload();
    assertEquals(await page.getByLabel("Subject or session").inputValue(), "CA");
    assertEquals(await subjectsOf(page), ["cay"]);
    await page.getByLabel("Subject or session").fill("nobody");
    await page.getByText("No session is like that right now.").waitFor();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Clear the filter" }).click();
    await rowOf(page, "bob").waitFor();
    assertEquals(new URL(page.url()).search, "");
  });
});

browserTest("/ is narrowed by its form where no script runs", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  await putSession(kv, createSession("a", Date.now(), { subject: "ada" }));
  await putSession(
    kv,
    createSession("b", Date.now(), { subject: "bob", reasons: STRANGE_REASONS }),
  );
  const server = await serveDashboard(kv);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  try {
    await page.goto(server.origin);
    assertEquals(await subjectsOf(page), ["bob", "ada"]);
    await page.getByLabel("Level").selectOption("low");
    await page.getByRole("button", { name: "Apply" }).click();
    assertEquals(await subjectsOf(page), ["ada"]);
    await page.getByRole("link", { name: "ada" }).click();
    await page.getByRole("heading", { name: "Session of ada" }).waitFor();
  } finally {
    await context.close();
    await server.close();
  }
});

browserTest("/ keeps the place of rows under the pointer while risks change", async (browser) => {
  const seed = async (kv: Deno.Kv) => {
    await putSession(kv, createSession("a", Date.now(), { subject: "ada" }));
    await putSession(kv, createSession("b", Date.now() - 1000, { subject: "bob" }));
  };
  await withSeededPage(browser, "/", seed, async ({ page, kv }) => {
    assertEquals(await subjectsOf(page), ["ada", "bob"]);
    await page.locator(".session-rows").hover();
    const risky = createSession("b", Date.now(), { subject: "bob", reasons: STRANGE_REASONS });
    await putSession(kv, risky);
    await rowOf(page, "bob").filter({ hasText: "High" }).waitFor();
    assertEquals(await subjectsOf(page), ["ada", "bob"]);
    await page.getByText("it has changed meanwhile").waitFor();
    await page.getByRole("heading", { name: "Sessions now" }).hover();
    await page.locator(".session-rows .session-row:first-child", { hasText: "bob" }).waitFor();
  });
});

browserTest(
  "/ draws the rows in sight of a thousand, and says how many there are",
  async (browser) => {
    await withSeededPage(browser, "/", (kv) => seedMany(kv, 1000), async ({ page }) => {
      const list = page.getByRole("table", { name: "Sessions" });
      const rows = page.locator(".session-rows .session-row");
      await page.locator(".session-rows-virtual").waitFor();
      assertEquals(await list.getAttribute("aria-rowcount"), "1001");
      assert(await rows.count() < 60, `${await rows.count()} rows`);
      await page.evaluate(() => document.querySelector("#main")!.scrollIntoView({ block: "end" }));
      const last = rows.filter({ hasText: "subject-999" });
      await last.waitFor();
      assertEquals(await last.getAttribute("aria-rowindex"), "1001");
      assert(await rows.count() < 60, `${await rows.count()} rows`);
      await expectAccessible(page);
    });
  },
);

browserTest(
  "/ is used by keyboard alone, and never loses the focus while rows come and go",
  async (browser) => {
    await withSeededPage(browser, "/", (kv) => seedMany(kv, 300), async ({ page, kv }) => {
      const focused = () =>
        page.evaluate(() => document.activeElement?.getAttribute("data-session"));
      for (let i = 0; i < 40 && !await focused(); i++) await page.keyboard.press("Tab");
      assertEquals(await focused(), "s0000");
      await page.keyboard.press("End");
      await page.locator("[data-session=s0299]").waitFor();
      assertEquals(await focused(), "s0299");
      await page.keyboard.press("ArrowUp");
      assertEquals(await focused(), "s0298");
      // All change their places, one by one and twice; the one with the focus is worst of all.
      for (const turn of [1, 2]) {
        const nowMs = Date.now() + turn;
        for (let i = 0; i < 300; i += 3) {
          const session = `s${String(299 - i).padStart(4, "0")}`;
          const subject = `subject-${299 - i}`;
          const reasons = turn === 1 ? STRANGE_REASONS : USUAL_REASONS;
          await putSession(kv, createSession(session, nowMs, { subject, reasons }));
        }
        const worst = createSession("s0298", nowMs, {
          subject: "subject-298",
          risk: 98 + turn / 10,
          level: "critical",
          action: "step_up",
        });
        await putSession(kv, worst);
        await rowOf(page, "subject-298").filter({ hasText: "Critical" }).waitFor();
        assertEquals(await focused(), "s0298");
      }
      await page.evaluate(() => scrollTo(0, 0));
      await page.locator("[data-session=s0000]").waitFor();
      assertEquals(await focused(), "s0298");
      await page.keyboard.press("Home");
      assertEquals(await focused(), "s0000");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Session of subject-0" }).waitFor();
    });
  },
);

browserTest("/ says when the server is gone and comes back by itself", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  let server = await serveDashboard(kv);
  const { page, context, close } = await openPage(browser, server.origin);
  try {
    await page.locator(".pill-live").waitFor();
    const { port } = server;
    await server.close();
    await page.locator(".pill-reconnecting").waitFor();
    await page.locator(".notice", { hasText: "does not answer" }).waitFor();
    await expectAccessible(page);
    server = await serveDashboard(kv, port);
    await page.locator(".pill-live").waitFor();
    assertEquals(await page.locator(".notice").count(), 0);
    await context.setOffline(true);
    await page.locator(".notice", { hasText: "no network" }).waitFor();
    await context.setOffline(false);
    await page.locator(".pill-live").waitFor();
  } finally {
    await close();
    await server.close();
  }
});
