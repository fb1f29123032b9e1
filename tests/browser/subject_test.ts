import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { pauseConsent } from "../../core/store/pauses.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { serveGaitkeeper } from "../../routes/server.ts";
import { PICTURED_MODELS, seedSubject } from "../routes/seeded_subjects.ts";
import { TEST_ACTOR } from "../routes/test_service.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest, openPage } from "./browser.ts";
import { createDashboardDeps } from "./dashboard_server.ts";

interface Scene {
  readonly page: Page;
  readonly deps: AppDeps;
  readonly origin: string;
}

async function withSubjects(browser: Browser, run: (scene: Scene) => Promise<void>): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const deps = { ...await createDashboardDeps(kv), models: Promise.resolve(PICTURED_MODELS) };
  const server = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
  const { page, errors, close } = await openPage(browser, "about:blank");
  try {
    await run({ page, deps, origin: `http://localhost:${server.port}` });
    assertEquals(errors.filter((error) => !/status of 40[04]/.test(error)), []);
  } finally {
    await close();
    await server.close();
  }
}

browserTest("/subjects and a subject can be used by everybody in every state", async (browser) => {
  await withSubjects(browser, async ({ page, deps, origin }) => {
    await page.goto(`${origin}/subjects`);
    await page.getByText("Nobody was seen yet").waitFor();
    await expectAccessible(page);
    await seedSubject(deps, { subject: "ada" });
    await seedSubject(deps, { subject: "bob", strokes: 60, movedMs: 0 });
    await page.reload();
    await expectAccessible(page);
    await page.getByLabel("Id begins with").fill("bo");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "bob" }).click();
    await page.getByText("No picture of the typing rhythm yet").waitFor();
    await expectAccessible(page);
    await pauseConsent(deps.audit, { tenant: DEFAULT_TENANT, subject: "ada" }, TEST_ACTOR);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${origin}/subjects/ada`);
      await page.getByText("Erase this subject").click();
      await expectAccessible(page);
      // Wide parts scroll by themselves, the page does not.
      const beyond = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      assertEquals(beyond, 0, `at ${width}`);
    }
    await page.goto(`${origin}/subjects/nobody`);
    await expectAccessible(page);
  });
});

browserTest(
  "a subject's profile is rolled back, their consent withdrawn, and they are erased",
  async (browser) => {
    await withSubjects(browser, async ({ page, deps, origin }) => {
      await seedSubject(deps, { subject: "ada" });
      await page.goto(`${origin}/subjects/ada`);
      const keyboard = page.getByRole("region", { name: "Keyboard versions" });
      await keyboard.locator("summary").last().click();
      await keyboard.getByRole("button", { name: "Forget what came after version 1" }).click();
      await page.getByRole("status").filter({ hasText: "rolled back" }).waitFor();
      await keyboard.getByText("Rolled back to version 1").waitFor();
      await page.locator("summary", { hasText: "Withdraw" }).click();
      await page.getByRole("button", { name: "End their streams" }).click();
      await page.getByText("Nobody watches this subject").waitFor();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download everything" }).click();
      assert((await download).suggestedFilename().endsWith(".json"));
      await page.getByText("Erase this subject").click();
      await page.getByLabel("To go on, type the id").fill("Ada");
      await page.getByRole("button", { name: "Erase for good" }).click();
      await page.getByRole("alert").waitFor();
      await page.getByText("Erase this subject").click();
      await page.getByLabel("To go on, type the id").fill("ada");
      await page.getByRole("button", { name: "Erase for good" }).click();
      await page.getByRole("heading", { name: "The subject was erased" }).waitFor();
      await expectAccessible(page);
    });
  },
);

browserTest(
  "pictures have their numbers beside them for those who hear the page",
  async (browser) => {
    await withSubjects(browser, async ({ page, deps, origin }) => {
      await seedSubject(deps, { subject: "ada" });
      await page.goto(`${origin}/subjects/ada`);
      const holds = page.getByRole("table", { name: "How long keys are held" });
      const row = holds.getByRole("row", { name: /^Letters/ });
      assertEquals(await row.getByRole("cell").count(), 4);
      assert(await holds.locator("svg path").count() > 1);
      const rose = page.getByRole("img", { name: /Share of movement by direction; most goes/ });
      await rose.waitFor();
    });
  },
);
