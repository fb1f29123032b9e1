import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { findApiKey } from "../../core/store/api_keys.ts";
import { cookieOf, seedOperator } from "../routes/operators/seeded_operators.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest, openPage } from "./browser.ts";
import { createDashboardDeps, serveDashboard } from "./dashboard_server.ts";
import { decodeFrame } from "../../core/wire.ts";

async function withDevelopers(
  browser: Browser,
  use: (page: Page, kv: Deno.Kv, origin: string) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const server = await serveDashboard(kv);
  const { page, context, errors, close } = await openPage(browser, "about:blank");
  try {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`${server.origin}/developers`);
    await page.locator("[data-hydrated]").waitFor();
    await use(page, kv, server.origin);
    // A policy that was violated is an error in the console; so is a form that was refused.
    assertEquals(errors.filter((error) => !error.includes("400 (Bad Request)")), []);
  } finally {
    await close();
    await server.close();
  }
}

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

browserTest("/developers copies each example as it stands", async (browser) => {
  await withDevelopers(browser, async (page, _kv, origin) => {
    await expectAccessible(page);
    await page.getByRole("button", { name: "behaviour.js" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await clipboard(page);
    assertEquals(copied, await page.locator("#code-script").textContent());
    assert(copied.includes(`import { start } from "${origin}/collector.js";`), copied);
  });
});

browserTest("/developers shows one language at a time, by the keyboard alone", async (browser) => {
  await withDevelopers(browser, async (page) => {
    const shown = () => page.locator(".example:visible").count();
    assertEquals(await shown(), 1);
    await page.getByRole("radio", { name: "curl" }).focus();
    for (const name of ["site.mjs", "site.py", "site.go"]) {
      await page.keyboard.press("ArrowRight");
      await page.getByRole("region", { name, exact: true }).waitFor();
      assertEquals(await shown(), 1);
      await expectAccessible(page);
    }
  });
});

browserTest("/developers makes a key and revokes it, and its secret is copied", async (browser) => {
  await withDevelopers(browser, async (page, kv) => {
    await page.getByText("New key").click();
    await expectAccessible(page);
    await page.getByLabel("Name, to tell it apart").fill("Shop");
    await page.getByRole("button", { name: "Make the key" }).click();
    const made = page.getByRole("region", { name: "The secret of “Shop”" });
    await made.getByRole("button", { name: "Copy" }).click();
    await made.getByRole("button", { name: "Copied" }).waitFor();
    const secret = await clipboard(page);
    const found = await findApiKey(kv, secret, Date.now());
    assertEquals(found?.key.scopes, ["tickets:create", "sessions:read", "alerts:read"]);
    await expectAccessible(page);
    const row = page.getByRole("row", { name: "Shop" });
    await row.getByText("Revoke", { exact: false }).first().click();
    await row.getByRole("button", { name: "Yes, revoke Shop" }).click();
    await page.getByRole("status").filter({ hasText: "opens nothing any more" }).waitFor();
    assertEquals(await findApiKey(kv, secret, Date.now()), undefined);
    assertEquals(await page.getByText(secret).count(), 0);
  });
});

browserTest("/developers tells of a wrong origin, and takes a right one", async (browser) => {
  await withDevelopers(browser, async (page) => {
    const field = page.getByLabel("Origin of your pages");
    await field.fill("https://shop.example/checkout");
    await page.getByRole("button", { name: "Allow it" }).click();
    await page.getByRole("alert").waitFor();
    await expectAccessible(page);
    await field.fill("https://shop.example");
    await page.getByRole("button", { name: "Allow it" }).click();
    await page.getByRole("button", { name: "Remove https://shop.example" }).waitFor();
  });
});

browserTest(
  "/developers shows what its own page sends, and nothing before it is asked",
  async (browser) => {
    await withDevelopers(browser, async (page) => {
      const frames: Uint8Array[] = [];
      await page.routeWebSocket("**/v1/stream", (socket) => {
        socket.onMessage((data) => {
          const bytes = Uint8Array.from(data as unknown as Uint8Array);
          frames.push(bytes);
          const { stream, sequence } = decodeFrame(bytes);
          socket.send(JSON.stringify({ type: "ack", stream, sequence }));
        });
        socket.send(JSON.stringify({ type: "resume", session: "own", streams: {} }));
      });
      const field = page.getByLabel("Type anything");
      await field.pressSequentially("ab");
      await page.getByText("Nothing was sent yet.").waitFor();
      await page.getByRole("switch", { name: "Capture this page" }).click();
      await field.pressSequentially("abc 1", { delay: 20 });
      const zone = (name: string) =>
        page.locator(".zones li", { hasText: new RegExp(`^${name}`) }).locator(".number");
      await zone("digit").filter({ hasText: "1" }).waitFor();
      assertEquals(await zone("letter").textContent(), "3");
      await page.locator(".frames tbody tr", { hasText: "yes" }).first().waitFor();
      const bytes = frames.reduce((sum, { length }) => sum + length, 0);
      const said = (await page.locator(".facts").textContent())!;
      assert(said.includes(`Sent in all${bytes.toLocaleString("en")} bytes`), `${said}, ${bytes}`);
      await expectAccessible(page);
    });
  },
);

browserTest("/developers and /docs are whole where no script runs", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  const server = await serveDashboard(kv);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  try {
    await page.goto(`${server.origin}/developers`);
    assertEquals(await page.locator("button[data-copy]:visible").count(), 0);
    await page.getByRole("radio", { name: "Python" }).check();
    assert((await page.locator(".example:visible").textContent())!.includes("import json"));
    await page.getByLabel("Origin of your pages").fill("https://shop.example");
    await page.getByRole("button", { name: "Allow it" }).click();
    await page.getByRole("button", { name: "Remove https://shop.example" }).waitFor();
    await page.goto(`${server.origin}/docs#post-v1-tickets`);
    await page.getByText("201 A ticket").first().click();
    await page.getByText("Second WebSocket subprotocol").waitFor();
    await page.getByRole("searchbox").fill("tickets:create");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.getByRole("status").filter({ hasText: "One operation" }).waitFor();
  } finally {
    await context.close();
    await server.close();
  }
});

for (const width of [1280, 390]) {
  browserTest(`/docs can be used by everybody, ${width} px wide`, async (browser) => {
    using kv = await Deno.openKv(":memory:");
    const server = await serveDashboard(kv);
    const { page, errors, close } = await openPage(browser, "about:blank");
    try {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${server.origin}/docs`);
      await page.getByRole("navigation", { name: "Operations" })
        .getByRole("link", { name: "Mint a ticket" }).click();
      await page.locator("#post-v1-tickets:target").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= width, `${wide} px`);
      await expectAccessible(page);
      await page.goto(`${server.origin}/docs?q=nothing-such`);
      await expectAccessible(page);
      assertEquals(errors, []);
    } finally {
      await close();
      await server.close();
    }
  });
}

for (const role of ["viewer", "analyst"] as const) {
  browserTest(
    `/developers lets whoever is a ${role} look, and says what is not theirs`,
    async (browser) => {
      using kv = await Deno.openKv(":memory:");
      const deps = { ...await createDashboardDeps(kv), dev: false };
      const server = await serveDashboard(kv, 0, { dev: false });
      const { operator } = await seedOperator(deps, { role });
      const cookie = await cookieOf(deps, operator);
      const [name, value] = [cookie.slice(0, cookie.indexOf("=")), cookie.split("=")[1]!];
      const { page, context, errors, close } = await openPage(browser, "about:blank");
      try {
        await context.addCookies([{ name, value, url: "https://localhost/", secure: true }]);
        await page.goto(`${server.origin}/developers`);
        await page.getByText("Owners see the keys").waitFor();
        assertEquals(await page.getByRole("button", { name: "Allow it" }).count(), 0);
        await expectAccessible(page);
        assertEquals(errors, []);
      } finally {
        await close();
        await server.close();
      }
    },
  );
}
