import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  createAlert,
  createCourse,
  createSession,
  putSession,
  STRANGE_REASONS,
} from "../routes/seeded_store.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest, openPage } from "./browser.ts";
import { serveDashboard } from "./dashboard_server.ts";
import { withSeededPage } from "./seeded_page.ts";

async function seedTaken(kv: Deno.Kv) {
  const nowMs = Date.now();
  const session = createSession("a", nowMs, {
    subject: "ada",
    reasons: STRANGE_REASONS,
    alert: "alert-1",
    ...createCourse(nowMs, "taken"),
  });
  await putSession(kv, session, createAlert(session, "alert-1", nowMs - 70_000));
}

browserTest(
  "/sessions/:id draws risk and sources, and says each picture in words",
  async (browser) => {
    await withSeededPage(browser, "/sessions/a", seedTaken, async ({ page }) => {
      await page.locator(".timeline-plot canvas").waitFor();
      assertEquals(await page.locator(".evidence-plot canvas").count(), 2);
      assertMatch(await page.getByRole("meter").getAttribute("aria-valuetext") ?? "", /82.*High/);
      const told = await page.locator("figcaption.visually-hidden").allTextContents();
      assertMatch(
        told.join(" "),
        /now 82, highest 82 of 100.*Keyboard over time: .*Pointer over time/,
      );
      assert(await page.locator(".reasons tbody tr").count() > 5);
      assertEquals(
        await page.locator(".range-words").first().textContent(),
        "62 ms, below the usual range of 84 to 118 ms",
      );
      assertEquals(await page.locator(".step-ups .turn").allTextContents(), [
        "Step-ups failed: blocked",
        "Step-up asked",
        "Alert High",
        "Step-up passed",
        "Step-up asked",
      ]);
      await expectAccessible(page);
    });
  },
);

browserTest("/sessions/:id goes on live, and hears of its own session alone", async (browser) => {
  await withSeededPage(browser, "/sessions/a", seedTaken, async ({ page, kv }) => {
    await putSession(kv, createSession("b", Date.now(), { subject: "bob" }));
    await putSession(kv, createSession("a", Date.now() + 1, { subject: "ada" }));
    await page.locator(".gauge .level-low", { hasText: "Low" }).waitFor();
    assertEquals(await page.getByText("bob").count(), 0);
    const worse = createSession("a", Date.now() + 2, { subject: "ada", reasons: STRANGE_REASONS });
    await putSession(kv, worse, createAlert(worse, "alert-2", Date.now() + 10_000));
    const said = page.locator(".session-course [role=status]");
    await said.filter({ hasText: "New alert: high risk for ada" }).waitFor({ state: "attached" });
    assertEquals(await page.getByRole("link", { name: "Alert", exact: true }).count(), 2);
  });
});

browserTest(
  "/sessions/:id calls what was not given missing, and never suspicious",
  async (browser) => {
    const seed = (kv: Deno.Kv) => {
      const nowMs = Date.now();
      const facts = { subject: "ada", ...createCourse(nowMs, "calm") };
      return putSession(kv, createSession("a", nowMs, facts));
    };
    await withSeededPage(browser, "/sessions/a", seed, async ({ page }) => {
      assertEquals(await page.locator(".missing strong").allTextContents(), [
        "No pointer movement.",
        "Pasted 3 times.",
        "Filled in twice.",
        "Input method once.",
        "1 gap.",
        "A coarse clock.",
      ]);
      assert(!/suspicious/i.test(await page.locator("main").innerText()));
      await expectAccessible(page);
    });
  },
);

browserTest(
  "/sessions/:id of a session that learns says what is missing, and claims nothing",
  async (browser) => {
    const status = { stage: "learning" as const, learned: 4, scored: 0, nats: 0 };
    const keyboard = { ...status, missing: { amount: 96, unit: "strokes" as const } };
    const seed = (kv: Deno.Kv) =>
      putSession(kv, createSession("a", Date.now(), { reasons: [], history: [], keyboard }));
    await withSeededPage(browser, "/sessions/a", seed, async ({ page }) => {
      await page.getByText("No opinion yet").waitFor();
      await page.getByText("96 more strokes").waitFor();
      await page.getByText("The line begins with the first window that is judged.").waitFor();
      await expectAccessible(page);
    });
  },
);

browserTest("/sessions/:id of none says so on a page of its own", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  const server = await serveDashboard(kv);
  const { page, close } = await openPage(browser, "about:blank");
  try {
    const answer = await page.goto(`${server.origin}/sessions/none`);
    assertEquals(answer!.status(), 404);
    await page.getByRole("heading", { name: "No such session" }).waitFor();
    await expectAccessible(page);
  } finally {
    await close();
    await server.close();
  }
});

browserTest(
  "/sessions/:id says when the server is gone, and comes back by itself",
  async (browser) => {
    using kv = await Deno.openKv(":memory:");
    await seedTaken(kv);
    let server = await serveDashboard(kv);
    const { page, close } = await openPage(browser, `${server.origin}/sessions/a`);
    try {
      await page.locator(".pill-live").waitFor();
      const { port } = server;
      await server.close();
      await page.locator(".notice", { hasText: "does not answer" }).waitFor();
      await expectAccessible(page);
      server = await serveDashboard(kv, port);
      await page.locator(".pill-live").waitFor();
    } finally {
      await close();
      await server.close();
    }
  },
);
