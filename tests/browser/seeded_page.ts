/** A page of the dashboard on a store of its own, opened and alive. */
import { assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { openPage } from "./browser.ts";
import { serveDashboard } from "./dashboard_server.ts";

export interface SeededPage {
  readonly page: Page;
  readonly kv: Deno.Kv;
  readonly origin: string;
}

/** Fills the store, opens the page, waits until it hears from the server, ends with what went wrong. */
export async function withSeededPage(
  browser: Browser,
  path: string,
  seed: (kv: Deno.Kv) => Promise<unknown>,
  use: (opened: SeededPage) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  await seed(kv);
  const server = await serveDashboard(kv);
  const { page, errors, close } = await openPage(browser, server.origin + path);
  try {
    await page.locator(".pill-live").waitFor();
    await use({ page, kv, origin: server.origin });
    // A policy that was violated is an error in the console.
    assertEquals(errors, []);
  } finally {
    await close();
    await server.close();
  }
}
