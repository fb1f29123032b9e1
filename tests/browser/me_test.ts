import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { withdrawConsent } from "../../core/store/consents.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { createSubjectLink } from "../../core/store/subject_links.ts";
import { WORDS } from "../../routes/pages/me/words.ts";
import { PICTURED_MODELS, seedSubject } from "../routes/seeded_subjects.ts";
import { TEST_ACTOR } from "../routes/test_service.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest, openPage } from "./browser.ts";
import { createDashboardDeps } from "./dashboard_server.ts";
import { serveGaitkeeper } from "../../routes/server.ts";

const WHOM = { tenant: DEFAULT_TENANT, subject: "ada" };

interface Scene {
  readonly page: Page;
  readonly deps: AppDeps;
  readonly origin: string;
  /** A new link to Ada's page. */
  readonly link: () => Promise<string>;
}

/** A service that knows Ada, and a page; it ends with what went wrong in it. */
async function withAda(browser: Browser, run: (scene: Scene) => Promise<void>): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const deps = { ...await createDashboardDeps(kv), models: Promise.resolve(PICTURED_MODELS) };
  await seedSubject(deps, { subject: WHOM.subject });
  const server = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
  const origin = `http://localhost:${server.port}`;
  const { page, errors, close } = await openPage(browser, "about:blank");
  const link = async () => {
    const { secret } = await createSubjectLink(deps.audit, WHOM, TEST_ACTOR);
    return `${origin}/me/${secret}`;
  };
  try {
    await run({ page, deps, origin, link });
    assertEquals(errors.filter((error) => !/status of 40[03]/.test(error)), []);
  } finally {
    await close();
    await server.close();
  }
}

/** A page of another site, whose link is clicked. */
async function followFromElsewhere(page: Page, url: string): Promise<void> {
  const site = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () =>
      new Response(`<!doctype html><title>Site</title><a href="${url}">My data</a>`, {
        headers: { "Content-Type": "text/html" },
      }),
  );
  try {
    await page.goto(`http://127.0.0.1:${site.addr.port}/`);
    await page.getByRole("link", { name: "My data" }).click();
    await page.getByRole("button", { name: WORDS.open.button }).waitFor();
  } finally {
    await site.shutdown();
  }
}

const open = async (page: Page, link: string) => {
  await page.goto(link);
  await page.getByRole("button", { name: WORDS.open.button }).click();
  await page.getByRole("heading", { name: WORDS.title }).waitFor();
};

browserTest(
  "a link of another site opens, and its secret stays neither in history nor in a referrer",
  async (browser) => {
    await withAda(browser, async ({ page, origin, link }) => {
      const url = await link();
      const secret = url.split("/").at(-1)!;
      const told: string[] = [];
      page.on("request", (request) => {
        told.push(request.headers()["referer"] ?? "");
        if (request.url() !== url) told.push(request.url());
      });
      await followFromElsewhere(page, url);
      assertEquals(page.url(), `${origin}/me`);
      await expectAccessible(page);
      await page.getByRole("button", { name: WORDS.open.button }).click();
      await page.getByRole("heading", { name: WORDS.title }).waitFor();
      await page.reload();
      await page.getByRole("heading", { name: WORDS.title }).waitFor();
      assert(told.length > 4 && !told.some((text) => text.includes(secret)), told.join("\n"));
      // Back leads to the site: the link itself is not on the way.
      const entries = await page.evaluate(() => {
        // deno-lint-ignore no-explicit-any -- younger than the types
        return (globalThis as any).navigation.entries().map(({ url }: { url: string }) => url);
      });
      assert(entries.length >= 1 && !entries.join().includes(secret), entries.join());
      // No script of any page can read the cookie.
      assertEquals(await page.evaluate(() => document.cookie), "");
    });
  },
);

browserTest("the page can be used by everybody in every state (WCAG 2.2 AA)", async (browser) => {
  await withAda(browser, async ({ page, deps, origin, link }) => {
    await open(page, await link());
    await page.getByText(WORDS.withdraw.button, { exact: true }).click();
    await page.getByText(WORDS.erase.button, { exact: true }).click();
    await expectAccessible(page);
    await page.getByRole("button", { name: WORDS.pause.button }).click();
    await page.getByRole("status").waitFor();
    await expectAccessible(page);
    await page.getByText(WORDS.erase.button, { exact: true }).click();
    await page.getByLabel(WORDS.erase.label).fill("no");
    await page.getByRole("button", { name: WORDS.erase.sure }).click();
    await page.getByRole("alert").waitFor();
    await expectAccessible(page);
    assertEquals(await page.getByLabel(WORDS.erase.label).isVisible(), true);
    await withdrawConsent(deps.audit, WHOM.tenant, WHOM.subject, TEST_ACTOR);
    await page.goto(`${origin}/me`);
    await expectAccessible(page);
    await page.getByText(WORDS.erase.button, { exact: true }).click();
    await page.getByLabel(WORDS.erase.label).fill(WORDS.erase.word);
    await page.getByRole("button", { name: WORDS.erase.sure }).click();
    await page.getByRole("heading", { name: WORDS.receipt.title }).waitFor();
    await expectAccessible(page);
    await page.goto(`${origin}/me`);
    await page.getByRole("heading", { name: WORDS.closed.title }).waitFor();
    await expectAccessible(page);
  });
});

browserTest("everything works without script and by keyboard alone", async (browser) => {
  await withAda(browser, async ({ link }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    try {
      await open(page, await link());
      await page.getByLabel(WORDS.pause.label).focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.getByText(WORDS.status.paused).first().waitFor();
      await page.getByRole("button", { name: WORDS.pause.resume }).press("Enter");
      await page.getByText(WORDS.status.on).waitFor();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: WORDS.take.button }).press("Enter");
      assertEquals((await download).suggestedFilename(), "what-is-known-of-me.json");
      await page.getByText(WORDS.withdraw.button, { exact: true }).press("Enter");
      await page.getByRole("button", { name: WORDS.withdraw.sure }).press("Enter");
      await page.getByText(WORDS.status.off).waitFor();
      await page.getByText(WORDS.erase.button, { exact: true }).press("Enter");
      await page.getByLabel(WORDS.erase.label).fill(WORDS.erase.word);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: WORDS.receipt.title }).waitFor();
    } finally {
      await context.close();
    }
  });
});

browserTest("an open page comes back from a site's link to it", async (browser) => {
  await withAda(browser, async ({ page, origin, link }) => {
    await open(page, await link());
    const site = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen: () => {} },
      () =>
        new Response(`<!doctype html><title>Site</title><a href="${origin}/me">Back</a>`, {
          headers: { "Content-Type": "text/html" },
        }),
    );
    await page.goto(`http://127.0.0.1:${site.addr.port}/`);
    await page.getByRole("link", { name: "Back" }).click();
    await page.getByRole("heading", { name: WORDS.title }).waitFor();
    await site.shutdown();
  });
});
