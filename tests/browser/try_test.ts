import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { createSession, putSession } from "../routes/seeded_store.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest } from "./browser.ts";
import { serveDashboard } from "./dashboard_server.ts";

interface TryPage {
  readonly page: Page;
  readonly kv: Deno.Kv;
  /** Paths of every request and socket so far. */
  readonly asked: readonly string[];
  /** Begins, and hands back the session of the page. */
  begin(): Promise<string>;
}

async function withTry(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0],
  use: (opened: TryPage) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const server = await serveDashboard(kv);
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const [asked, errors]: [string[], string[]] = [[], []];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  page.on("websocket", (socket) => asked.push(new URL(socket.url()).pathname));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  // What the page shows is what the test put in the store: the service hears nothing of it.
  await page.routeWebSocket("**/v1/stream", () => {});
  try {
    await page.goto(`${server.origin}/try`);
    await page.locator("[data-hydrated]").waitFor();
    await page.locator(".pill-live").waitFor();
    const begin = async () => {
      const ticket = page.waitForResponse(`${server.origin}/live/ticket`);
      await page.getByRole("button", { name: "Begin" }).click();
      return (await (await ticket).json()).session as string;
    };
    await use({ page, kv, asked, begin });
    assertEquals(errors, []);
  } finally {
    await context.close();
    await server.close();
  }
}

const TEXT = "the people on the quay know";
const drawn = (page: Page) => page.locator(".ridge-yours").count();
const cell = (page: Page, row: string) =>
  page.getByRole("row", { name: row }).first().locator("td.number").first();

browserTest("/try draws the rhythm of who types, from nothing, and forgets it", async (browser) => {
  await withTry(browser, {}, async ({ page, begin, asked }) => {
    await expectAccessible(page);
    await page.getByText("It draws itself as you type").waitFor();
    await begin();
    const before = asked.length;
    await page.locator("#typing").pressSequentially(TEXT, { delay: 25 });
    await cell(page, "Letters").filter({ hasText: /^\d+$/ }).waitFor();
    assert(await drawn(page) >= 3, `${await drawn(page)} ridges`);
    assert(await page.locator(".strip rect").count() > 5);
    await expectAccessible(page);
    // The picture is made of what is captured anyway: nothing else is asked or told for it.
    assertEquals(asked.slice(before).filter((path) => path !== "/live/feed"), []);
    await page.getByRole("button", { name: "Forget me" }).click();
    await page.getByText("It draws itself as you type").waitFor();
  });
});

browserTest("/try draws a stranger over it, by the keyboard alone", async (browser) => {
  await withTry(browser, { reducedMotion: "reduce" }, async ({ page, kv, begin }) => {
    const own = await begin();
    await page.locator("#typing").pressSequentially(TEXT, { delay: 25 });
    await putSession(kv, createSession(own, Date.now() + 60_000, { subject: "you" }));
    const other = page.getByRole("button", { name: "another typist" });
    await page.locator(".steps [aria-current]", { hasText: "Hand over" }).waitFor();
    await other.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "The rhythm of who is typing" }).waitFor();
    await page.locator(".ridge-theirs").first().waitFor();
    const mine = await page.locator(".ridge-yours").first().getAttribute("d");
    await page.getByRole("columnheader", { name: "Stranger" }).first().waitFor();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Take the keyboard back" }).press("Enter");
    await page.getByRole("heading", { name: "Your rhythm" }).waitFor();
    // What a stranger typed is no part of the person's own picture.
    assertEquals(await page.locator(".ridge-yours").first().getAttribute("d"), mine);
  });
});

browserTest("/try says on a phone that it wants a real keyboard", async (browser) => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  await withTry(browser, phone, async ({ page }) => {
    assert(await page.getByText("This wants a real keyboard").isVisible());
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= 390, `${wide} px`);
    await expectAccessible(page);
  });
  await withTry(browser, {}, async ({ page }) => {
    assert(!await page.getByText("This wants a real keyboard").isVisible());
  });
});
