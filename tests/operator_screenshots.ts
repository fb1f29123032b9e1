/** Pictures of operators' pages, errors included, for tests/screenshots.ts. */
import type { Browser, Page } from "playwright-core";
import { createInvitation } from "../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../core/store/keys.ts";
import { issueSetupSecret } from "../core/store/setup_link.ts";
import type { AppDeps } from "../routes/deps.ts";
import { serveGaitkeeper } from "../routes/server.ts";
import { createDashboardDeps } from "./browser/dashboard_server.ts";
import { codeOf, cookieOf, PASSWORD, seedOperator } from "./routes/operators/seeded_operators.ts";

/** What a state is pictured with. */
export interface Scene {
  readonly browser: Browser;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: "light" | "dark";
  readonly path: string;
}

export interface OperatorState {
  /** Fills the store. @returns the path to open, and the cookie of who is signed in. */
  seed(deps: AppDeps, clock: { nowMs: number }): Promise<{ path: string; cookie?: string }>;
  act?(page: Page): Promise<void>;
}

const BY = { actor: { kind: "service" as const, id: "pictures" } };
const HOUR_MS = 3600_000;

async function owner(deps: AppDeps) {
  const passkey = { publicKey: "", counter: 0, transports: [], createdAtMs: deps.nowMs() };
  const passkeys = [
    { ...passkey, id: "a", name: "Laptop", lastUsedAtMs: deps.nowMs() + HOUR_MS },
    { ...passkey, id: "b", name: "Phone" },
  ];
  const change = { name: "Ada Lovelace", passkeys };
  const { operator } = await seedOperator(deps, { email: "ada@example.com", change });
  return { operator, cookie: await cookieOf(deps, operator) };
}

async function setUp(page: Page) {
  await page.getByLabel("E-mail address").fill("ada@example.com");
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.locator(".qr").waitFor();
}

async function tenant(deps: AppDeps) {
  const members = [["Grace Hopper", "analyst"], ["Alan Turing", "viewer"]] as const;
  for (const [name, role] of members) {
    const email = `${name.split(" ")[0]!.toLowerCase()}@example.com`;
    await seedOperator(deps, { email, role, change: { name } });
  }
  const request = { tenant: DEFAULT_TENANT, email: "edsger@example.com", role: "viewer" as const };
  await createInvitation(deps.audit, request, BY);
  return (await owner(deps)).cookie;
}

const setupPath = async ({ kv, nowMs }: AppDeps) => ({
  path: `/setup#${await issueSetupSecret(kv, nowMs())}`,
});

export const OPERATOR_STATES: Record<string, OperatorState> = {
  "sign-in": {
    seed: async (deps) => (await seedOperator(deps), { path: "/sign-in" }),
  },
  "sign-in-new": { seed: () => Promise.resolve({ path: "/sign-in" }) },
  "sign-in-wrong": {
    seed: async (deps) => (await owner(deps), { path: "/sign-in" }),
    act: async (page) => {
      await page.getByLabel("E-mail address").fill("ada@example.com");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("textbox", { name: "Code" }).fill("000000");
      await page.getByRole("button", { name: "with password" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  "sign-in-recovery": { seed: () => Promise.resolve({ path: "/sign-in/recovery" }) },
  setup: { seed: setupPath },
  "setup-ways": { seed: setupPath, act: setUp },
  "setup-wrong-code": {
    seed: setupPath,
    act: async (page) => {
      await setUp(page);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("textbox", { name: "Code" }).fill("000000");
      await page.getByRole("button", { name: "with password" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  "setup-codes": {
    seed: setupPath,
    act: async (page) => {
      await setUp(page);
      const secret = (await page.locator(".secret").textContent())!.replaceAll(" ", "");
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("textbox", { name: "Code" }).fill(codeOf(secret, Date.now()));
      await page.getByRole("button", { name: "with password" }).click();
      await page.locator(".codes").waitFor();
    },
  },
  "invitation-dead": {
    seed: () => Promise.resolve({ path: "/invitation#no-longer-good" }),
    act: (page) => page.getByRole("alert").waitFor(),
  },
  operators: {
    seed: async (deps) => ({ path: "/operators", cookie: await tenant(deps) }),
  },
  "operators-invited": {
    seed: async (deps) => ({ path: "/operators", cookie: await tenant(deps) }),
    act: async (page) => {
      await page.getByLabel("E-mail address").fill("barbara@example.com");
      await page.getByRole("button", { name: "Invite" }).click();
      await page.locator(".link-once").waitFor();
    },
  },
  "operators-later": {
    seed: async (deps, clock) => {
      const cookie = await tenant(deps);
      clock.nowMs += HOUR_MS;
      return { path: "/operators", cookie };
    },
  },
  "operators-forbidden": {
    seed: async (deps) => {
      const { operator } = await seedOperator(deps, {
        role: "viewer",
        change: { name: "Alan Turing" },
      });
      return { path: "/operators", cookie: await cookieOf(deps, operator) };
    },
  },
  confirm: {
    seed: async (deps) => ({ path: "/confirm", cookie: (await owner(deps)).cookie }),
  },
  account: {
    seed: async (deps) => {
      const { operator, cookie } = await owner(deps);
      await cookieOf(deps, operator);
      return { path: "/account", cookie };
    },
    act: async (page) => {
      await page.getByText("Set both anew").click();
    },
  },
  "account-codes": {
    seed: async (deps) => ({ path: "/account", cookie: (await owner(deps)).cookie }),
    act: async (page) => {
      await page.getByText("Make new ones").click();
      await page.getByRole("button", { name: "Yes, make ten" }).click();
      await page.locator(".codes").waitFor();
    },
  },
};

/** The origin is part of a passkey's options, so the port must be known before the service starts. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Pictures one state into `path`. */
export async function pictureOperators(
  state: OperatorState,
  { browser, viewport, colorScheme, path }: Scene,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const clock = { nowMs: Date.now() };
  const port = freePort();
  const origin = `http://localhost:${port}`;
  const deps = { ...await createDashboardDeps(kv, () => clock.nowMs), dev: false, origin };
  const server = await serveGaitkeeper(deps, { port, hostname: "127.0.0.1" });
  const context = await browser.newContext({ viewport, colorScheme, locale: "en-US" });
  const page = await context.newPage();
  page.on("pageerror", (error) => console.error(path, error));
  try {
    const { path: at, cookie } = await state.seed(deps, clock);
    if (cookie) {
      const [name, value] = [cookie.slice(0, cookie.indexOf("=")), cookie.split("=")[1]!];
      await context.addCookies([{ name, value, url: "https://localhost/", secure: true }]);
    }
    await page.goto(origin + at);
    await state.act?.(page);
    await page.waitForTimeout(200);
    await page.screenshot({ path, fullPage: true });
  } finally {
    await context.close();
    await server.close();
  }
}
