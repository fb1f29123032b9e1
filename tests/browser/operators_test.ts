import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { issueSetupSecret } from "../../core/store/setup_link.ts";
import { buildIslands } from "../../islands/build.ts";
import { serveGaitkeeper } from "../../routes/server.ts";
import { codeOf, cookieOf, seedOperator } from "../routes/operators/seeded_operators.ts";
import { createSession, putSession } from "../routes/seeded_store.ts";
import { browserTest } from "./browser.ts";
import { createDashboardDeps } from "./dashboard_server.ts";

const PASSWORD = "correct horse battery";

Deno.test.beforeAll(async () => {
  await buildIslands();
});

/** The origin is part of what a passkey signs, so the port must be known before the service starts. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The service as `start` serves it: on localhost, which browsers take for secure. */
async function serveOperators(kv: Deno.Kv) {
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const deps = { ...await createDashboardDeps(kv), dev: false, origin };
  const server = await serveGaitkeeper(deps, { port, hostname: "127.0.0.1" });
  return { deps, origin, close: () => server.close() };
}

/** A person with a browser of their own, and, if they like, a passkey in it. */
async function person(browser: Browser, { script = true } = {}) {
  const context = await browser.newContext({ locale: "en-US", javaScriptEnabled: script });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  // There are no models here, and nobody's typing is of interest.
  await page.routeWebSocket("**/v1/stream", () => {});
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    // The page that is not allowed is asked for on purpose.
    if (message.type() === "error" && !/status of (401|403)/.test(text)) errors.push(text);
  });
  return { context, page, errors };
}

/** A platform authenticator with discoverable credentials, whose user is always willing. */
async function giveAuthenticator(context: BrowserContext, page: Page) {
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    setVerified: (isUserVerified: boolean) =>
      session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
  };
}

const heading = (page: Page, name: string) => page.getByRole("heading", { name }).waitFor();

browserTest(
  "set-up, passkey, sign-out, sign-in, invitation: two people come to an installation",
  async (browser) => {
    using kv = await Deno.openKv(":memory:");
    const server = await serveOperators(kv);
    const { context, page, errors } = await person(browser);
    const authenticator = await giveAuthenticator(context, page);
    try {
      const secret = await issueSetupSecret(kv, Date.now());
      const seen: string[] = [];
      page.on("request", (request) => {
        seen.push(`${request.url()} ${request.headers().referer ?? ""}`);
      });
      await page.goto(`${server.origin}/setup#${secret}`);
      await page.getByLabel("E-mail address").fill("ada@example.com");
      assert(!page.url().includes(secret!));
      await page.getByLabel("Your name").fill("Ada");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.getByRole("button", { name: "Make a passkey" }).click();
      await heading(page, "keep these codes");
      assertEquals(await page.locator(".codes li").count(), 10);
      const [cookie] = await context.cookies();
      assertMatch(cookie!.name, /^__Host-/);
      assertEquals([cookie!.secure, cookie!.httpOnly, cookie!.sameSite], [true, true, "Lax"]);
      await page.getByRole("link", { name: "go on" }).click();
      await page.locator(".pill-live").waitFor();
      assertEquals(seen.filter((text) => text.includes(secret!)), []);

      await page.getByRole("button", { name: "Sign out" }).click();
      await heading(page, "Sign in");
      assertEquals(
        await context.cookies().then((all) => all.filter(({ name }) => name.startsWith("__Host-"))),
        [],
      );
      await page.goto(`${server.origin}/operators`);
      await heading(page, "Sign in");
      // Whoever cannot prove themselves to the authenticator stays out.
      await authenticator.setVerified(false);
      await page.getByRole("button", { name: "passkey" }).click();
      await page.getByText("No passkey was used").waitFor();
      await authenticator.setVerified(true);
      await page.getByRole("button", { name: "passkey" }).click();
      await heading(page, "Operators");

      await page.getByLabel("E-mail address").fill("grace@example.com");
      await page.getByLabel("Role", { exact: true }).selectOption("viewer");
      await page.getByRole("button", { name: "Invite" }).click();
      const link = await page.locator(".link-once").textContent();
      await inviteeRegisters(browser, link!);
      await page.goto(`${server.origin}/operators`);
      await page.getByText("grace@example.com").waitFor();
      assertEquals(errors, []);
    } finally {
      await context.close();
      await server.close();
    }
  },
);

/** Registers by password and code, signs out and in again, and may only look. */
async function inviteeRegisters(browser: Browser, link: string) {
  const { context, page, errors } = await person(browser);
  try {
    await page.goto(link);
    await page.getByLabel("Your name").fill("Grace");
    assertEquals(await page.getByLabel("E-mail address").inputValue(), "grace@example.com");
    await page.getByRole("button", { name: "Continue" }).click();
    const secret = (await page.locator(".secret").textContent())!.replaceAll(" ", "");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, Date.now()));
    await page.getByRole("button", { name: "Register with password" }).click();
    await heading(page, "keep these codes");
    await page.getByRole("link", { name: "go on" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("E-mail address").fill("grace@example.com");
    await page.getByLabel("Password").fill(PASSWORD);
    // The code of now was used when Grace registered.
    await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, Date.now(), 1));
    await page.getByRole("button", { name: "Sign in with password" }).click();
    await page.locator(".pill-live").waitFor();
    assertEquals(await page.getByRole("link", { name: "Operators" }).count(), 0);
    await page.goto(new URL("/operators", link).href);
    await heading(page, "Forbidden");
    assertEquals(errors, []);
  } finally {
    await context.close();
  }
}

browserTest(
  "a page that stays open when its operator signs out elsewhere leads to the sign-in page",
  async (browser) => {
    using kv = await Deno.openKv(":memory:");
    const { deps, ...server } = await serveOperators(kv);
    const { context, page } = await person(browser);
    try {
      const { operator } = await seedOperator(deps);
      const [name, value] = (await cookieOf(deps, operator)).split("=") as [string, string];
      // The prefix wants a secure URL here; the browser sends it to localhost all the same.
      await context.addCookies([{ name, value, url: "https://localhost/", secure: true }]);
      await page.goto(server.origin);
      await page.locator(".pill-live").waitFor();
      const elsewhere = await context.newPage();
      await elsewhere.goto(`${server.origin}/account`);
      await elsewhere.getByRole("button", { name: "Sign out everywhere" }).click();
      await heading(elsewhere, "Sign in");
      await putSession(kv, createSession("any", Date.now()));
      await heading(page, "Sign in");
    } finally {
      await context.close();
      await server.close();
    }
  },
);

browserTest(
  "without script one registers, signs out and signs in by password and code",
  async (browser) => {
    using kv = await Deno.openKv(":memory:");
    const server = await serveOperators(kv);
    const { context, page } = await person(browser, { script: false });
    try {
      const token = await issueSetupSecret(kv, Date.now());
      await page.goto(`${server.origin}/setup#${token}`);
      await page.getByLabel("Your link").fill(`${server.origin}/setup#${token}`);
      await page.getByLabel("E-mail address").fill("ada@example.com");
      await page.getByLabel("Your name").fill("Ada");
      await page.getByRole("button", { name: "Continue" }).click();
      const secret = (await page.locator(".secret").textContent())!.replaceAll(" ", "");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, Date.now()));
      await page.getByRole("button", { name: "Register with password" }).click();
      await heading(page, "keep these codes");
      await page.goto(`${server.origin}/account`);
      await heading(page, "Your account");
      await page.getByRole("button", { name: "Sign out", exact: true }).click();
      await page.getByLabel("E-mail address").fill("ada@example.com");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("textbox", { name: "Code" }).fill("000000");
      await page.getByRole("button", { name: "Sign in with password" }).click();
      await page.getByRole("alert").getByText("Cannot sign in").waitFor();
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, Date.now(), 1));
      await page.getByRole("button", { name: "Sign in with password" }).click();
      await page.getByRole("link", { name: "Ada" }).waitFor();
    } finally {
      await context.close();
      await server.close();
    }
  },
);
