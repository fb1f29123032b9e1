/** The page of whoever puts Gaitkeeper on a site, and the API reference. */
import type { Page } from "playwright-core";
import { createApiKey } from "../../core/store/api_keys.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { updateTenant } from "../../core/store/tenants.ts";
import { decodeFrame } from "../../core/wire.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { cookieOf, seedOperator } from "../routes/operators/seeded_operators.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "../routes/seeded_store.ts";
import type { State } from "./state.ts";

const BY = { actor: { kind: "service" as const, id: "pictures" } };
const HOUR_MS = 3600_000;
const PATH = "/developers";

const empty = () => Promise.resolve({ path: PATH });

async function joined({ kv, audit, nowMs }: AppDeps) {
  await updateTenant(audit, DEFAULT_TENANT, {
    origins: ["https://shop.example", "https://account.shop.example"],
  }, BY);
  await createApiKey(audit, DEFAULT_TENANT, {
    name: "Shop's back end",
    scopes: ["tickets:create", "sessions:read", "alerts:read"],
  }, BY);
  const risky = createSession("a", nowMs(), { subject: "user-4711", reasons: STRANGE_REASONS });
  await putSession(kv, risky, createAlert(risky, "01KAPQ60000000000000000000", nowMs()));
}

const signedIn = async (deps: AppDeps, role: "owner" | "viewer") => {
  const { operator } = await seedOperator(deps, { role, change: { name: "Ada Lovelace" } });
  return await cookieOf(deps, operator);
};

/** Acknowledges whatever the page sends, as the service does. */
async function answerStream(page: Page): Promise<void> {
  await page.routeWebSocket("**/v1/stream", (socket) => {
    socket.onMessage((data) => {
      const { stream, sequence } = decodeFrame(Uint8Array.from(data as Uint8Array));
      socket.send(JSON.stringify({ type: "ack", stream, sequence }));
    });
    socket.send(JSON.stringify({ type: "resume", session: "own", streams: {} }));
  });
}

export const STATES: Readonly<Record<string, State>> = {
  "developers-empty": { seed: empty },
  developers: { seed: async (deps) => (await joined(deps), { path: PATH }) },
  "developers-secret": {
    seed: async (deps) => (await joined(deps), { path: PATH }),
    act: async (page) => {
      await page.getByText("New key").click();
      await page.getByLabel("Name, to tell it apart").fill("Reports");
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.locator(".made-key").waitFor();
    },
  },
  "developers-new-key": {
    seed: async (deps) => (await joined(deps), { path: PATH }),
    act: (page) => page.getByText("New key").click(),
  },
  "developers-problem": {
    seed: empty,
    act: async (page) => {
      await page.getByLabel("Origin of your pages").fill("https://shop.example/checkout");
      await page.getByRole("button", { name: "Allow it" }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  "developers-inspected": {
    seed: async (deps) => (await joined(deps), { path: PATH }),
    act: async (page) => {
      await answerStream(page);
      await page.getByRole("switch").click();
      await page.getByLabel("Type anything").pressSequentially("Nothing of this leaves: 12 keys.", {
        delay: 40,
      });
      const surface = (await page.locator(".surface").boundingBox())!;
      for (let i = 0; i < 40; i++) {
        await page.mouse.move(surface.x + 5 * i, surface.y + 40 + 30 * Math.sin(i / 6));
        await page.waitForTimeout(16);
      }
      await page.locator(".frames tbody tr", { hasText: "pointer" }).first().waitFor();
      await page.waitForTimeout(600);
    },
  },
  "developers-viewer": {
    dev: false,
    seed: async (deps) => {
      await joined(deps);
      return { path: PATH, cookie: await signedIn(deps, "viewer") };
    },
  },
  "developers-later": {
    dev: false,
    seed: async (deps, clock) => {
      await joined(deps);
      const cookie = await signedIn(deps, "owner");
      clock.nowMs += HOUR_MS;
      return { path: PATH, cookie };
    },
  },
  docs: { seed: () => Promise.resolve({ path: "/docs" }), isLong: true },
  "docs-filtered": { seed: () => Promise.resolve({ path: "/docs?q=tickets%3Acreate" }) },
  "docs-nothing": { seed: () => Promise.resolve({ path: "/docs?q=nothing-such" }) },
  "docs-operation": {
    seed: () => Promise.resolve({ path: "/docs#post-v1-tickets" }),
    isLong: true,
  },
};
