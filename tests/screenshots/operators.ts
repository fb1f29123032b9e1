/** Operators' pages, errors included. */
import type { Page } from "playwright-core";
import { createInvitation } from "../../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { issueSetupSecret } from "../../core/store/setup_link.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { codeOf, cookieOf, PASSWORD, seedOperator } from "../routes/operators/seeded_operators.ts";
import type { State } from "./state.ts";

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

/** They are those of `deno task start`, where operators sign in. */
export const STATES: Readonly<Record<string, State>> = Object.fromEntries(
  Object.entries<Omit<State, "dev">>({
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
  }).map(([name, state]) => [name, { ...state, dev: false }]),
);
