import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { getHandlings, handleAlert } from "../../core/store/alert_handlings.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { serveGaitkeeper } from "../../routes/server.ts";
import { seedAlerts } from "../routes/seeded_alerts.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "../routes/seeded_store.ts";
import { TEST_ACTOR } from "../routes/test_service.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest, openPage } from "./browser.ts";
import { createDashboardDeps } from "./dashboard_server.ts";
import { STATES } from "../screenshots/alerts.ts";
import { staged } from "../screenshots/state.ts";

interface Queue {
  readonly page: Page;
  readonly kv: Deno.Kv;
  readonly ids: readonly string[];
  readonly origin: string;
}

function queueTest(
  name: string,
  run: (queue: Queue) => Promise<void>,
  { path = "/alerts", alerts = 12 } = {},
) {
  browserTest(name, async (browser) => {
    using kv = await Deno.openKv(":memory:");
    const deps = await createDashboardDeps(kv);
    const ids = await seedAlerts(deps.audit, alerts);
    const server = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
    const origin = `http://localhost:${server.port}`;
    const { page, errors, close } = await openPage(browser, origin + path);
    try {
      await page.locator("#alerts[data-hydrated]").waitFor();
      await run({ page, kv, ids, origin });
      assertEquals(errors, []);
    } finally {
      await close();
      await server.close();
    }
  });
}

const rows = (page: Page) => page.locator(".queue-row");
const handlingOf = async (kv: Deno.Kv, id: string) =>
  (await getHandlings(kv, DEFAULT_TENANT, [id])).get(id);
const tab = (page: Page, name: string) => page.getByRole("link", { name, exact: true });

queueTest("/alerts is told live what is raised, and says so once", async ({ page, kv }) => {
  await page.locator(".pill-live").waitFor();
  const before = await rows(page).count();
  const session = createSession("01KAPQ9000000000000000000A", Date.now(), {
    subject: "newcomer",
    reasons: STRANGE_REASONS,
  });
  await putSession(kv, session, createAlert(session, "01KAPZ0000000000000000000A", Date.now() + 1));
  await rows(page).filter({ hasText: "newcomer" }).waitFor();
  assertEquals(await rows(page).count(), before + 1);
  await page.getByText("New alert: critical risk for newcomer").or(
    page.getByText("New alert: high risk for newcomer"),
  ).waitFor({ state: "attached" });
});

queueTest(
  "/alerts is worked through by keys alone, and an act can be taken back",
  async (queue) => {
    const { page, kv, ids } = queue;
    // Of four alerts, the second is acknowledged and the third resolved.
    const newest = ids.filter((_, i) => [0, 3].includes(i % 4)).toReversed();
    await page.keyboard.press("j");
    await page.locator("#detail-heading").waitFor();
    assert(page.url().endsWith(`/alerts/${newest[0]}`), page.url());
    await page.keyboard.press("i");
    await page.getByText("1 alert resolved as an impostor's.").waitFor();
    const handling = await handlingOf(kv, newest[0]!);
    assertEquals([handling?.state, handling?.verdict], ["resolved", "impostor"]);
    // The next one is looked at, and has the focus.
    assert(page.url().endsWith(`/alerts/${newest[1]}`), page.url());
    assertEquals(
      await page.evaluate(() => (document.activeElement as HTMLElement).dataset.alert),
      newest[1],
    );
    await page.getByRole("button", { name: "Undo" }).click();
    await tab(page, "Open 6").waitFor();
    const back = await handlingOf(kv, newest[0]!);
    assertEquals([back?.state, back?.verdict], ["open", undefined]);
    // What had the focus is gone: it is on what came back, not at the top of the page.
    await page.locator(`[data-alert="${newest[0]}"]:focus`).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("a");
    await tab(page, "Acknowledged 4").waitFor();
    await page.keyboard.press("z");
    await tab(page, "Acknowledged 3").waitFor();
    assertEquals((await handlingOf(kv, newest[1]!))?.state, "open");
  },
);

queueTest("/alerts acts on all that are chosen", async ({ page, kv, ids }) => {
  await page.getByRole("checkbox", { name: "All" }).check();
  await page.getByRole("button", { name: "Acknowledge" }).first().click();
  await page.getByText("6 alerts acknowledged.").waitFor();
  await page.getByText("Nothing is open.").waitFor();
  assertEquals((await handlingOf(kv, ids[0]!))?.state, "acknowledged");
  await expectAccessible(page);
});

queueTest(
  "/alerts lets keys be switched off, and hears none while somebody types",
  async ({ page, kv, ids }) => {
    await page.keyboard.press("/");
    await page.keyboard.type("air");
    assertEquals(await page.getByRole("searchbox").inputValue(), "air");
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await expectAccessible(page);
    await page.getByRole("switch", { name: "Single keys" }).click();
    await page.getByRole("button", { name: "Close" }).click();
    await page.keyboard.press("j");
    await page.keyboard.press("r");
    assertEquals(await page.locator("#detail-heading").count(), 0);
    assertEquals(await handlingOf(kv, ids[0]!), undefined);
  },
);

queueTest("/alerts says that an act failed, and changes nothing", async ({ page, kv, ids }) => {
  await page.evaluate(() => {
    globalThis.fetch = () => Promise.resolve(Response.json({}, { status: 503 }));
  });
  await page.keyboard.press("r");
  await page.getByText("That could not be saved.").waitFor();
  assertEquals(await page.locator("#detail-heading").count(), 1);
  assertEquals(await handlingOf(kv, ids[8]!), undefined);
}, { path: "/alerts/01KAPQ60000000000000000008" });

queueTest(
  "/alerts/:id shows why, keeps a note, and can be used by everybody",
  async ({ page, kv, ids }) => {
    await page.getByText("holds on letters 38 ms shorter").last().waitFor();
    await page.getByLabel("Note").fill("Rang them up: it was not them");
    await page.getByRole("button", { name: "Save note" }).click();
    await page.getByText("Saved.").waitFor();
    assertEquals((await handlingOf(kv, ids[8]!))?.note, "Rang them up: it was not them");
    await expectAccessible(page);
  },
  { path: "/alerts/01KAPQ60000000000000000008" },
);

queueTest(
  "/alerts/:id takes a verdict by the buttons beside it, and takes it back",
  async ({ page, kv, ids }) => {
    const detail = page.locator(".queue-detail");
    await detail.getByRole("button", { name: "Impostor" }).click();
    await tab(page, "Resolved 4").waitFor();
    const handling = await handlingOf(kv, ids[8]!);
    assertEquals([handling?.state, handling?.verdict], ["resolved", "impostor"]);
    await page.getByRole("button", { name: "Undo" }).click();
    await tab(page, "Resolved 3").waitFor();
    await page.locator(`[aria-current][href$="${ids[8]}"]`).waitFor();
    await detail.getByRole("button", { name: "Acknowledge" }).click();
    await tab(page, "Acknowledged 4").waitFor();
    assertEquals((await handlingOf(kv, ids[8]!))?.state, "acknowledged");
    await page.goto(page.url().replace(/alerts.*/, `alerts/${ids[8]}`));
    await detail.getByText("by Dev").waitFor();
  },
  { path: "/alerts/01KAPQ60000000000000000008" },
);

browserTest("/alerts works without script", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  const deps = await createDashboardDeps(kv);
  const ids = await seedAlerts(deps.audit, 8);
  const server = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`http://localhost:${server.port}/alerts`);
  await page.getByRole("checkbox").first().check();
  await page.getByRole("button", { name: "Genuine" }).first().click();
  await page.getByRole("link", { name: "Open 3", exact: true }).waitFor();
  const handling = await handlingOf(kv, ids[7]!);
  assertEquals([handling?.state, handling?.verdict], ["resolved", "genuine"]);
  await page.getByRole("link", { name: /risk/ }).first().click();
  await page.locator("#detail-heading").waitFor();
  await page.getByLabel("Note").fill("Seen");
  await page.getByRole("button", { name: "Save note" }).click();
  await page.getByText("with a note").first().waitFor();
  await context.close();
  await server.close();
});

queueTest("/alerts shows what somebody else makes of an alert meanwhile", async (queue) => {
  const { page, kv, ids } = queue;
  await page.locator(".pill-live").waitFor();
  const { audit } = await createDashboardDeps(kv);
  const which = { tenant: DEFAULT_TENANT, alert: ids[8]! };
  await handleAlert(audit, which, { state: "acknowledged", note: "Mine" }, TEST_ACTOR);
  await page.getByText("by the service").waitFor();
  await tab(page, "Acknowledged 4").waitFor();
  assertEquals(await page.locator(`[data-alert="${ids[8]}"]`).count(), 0);
}, { path: "/alerts/01KAPQ60000000000000000008" });

queueTest(
  "/alerts sounds and notifies only where somebody wants it and the browser lets it",
  async ({ page }) => {
    const notify = page.getByRole("switch", { name: "Notify me" });
    const sound = page.getByRole("switch", { name: "Sound" });
    const are = async () => [
      await notify.getAttribute("aria-checked"),
      await sound.getAttribute("aria-checked"),
    ];
    assertEquals(await are(), ["false", "false"]);
    await page.evaluate(() => Notification.requestPermission = () => Promise.resolve("denied"));
    await notify.click();
    await page.getByText("This browser does not allow notifications here.").waitFor();
    await sound.click();
    assertEquals(await are(), ["false", "true"]);
    await expectAccessible(page);
    await page.reload();
    await page.getByRole("switch", { name: "Sound", checked: true }).waitFor();
    assertEquals(await are(), ["false", "true"]);
  },
);

for (const [name, state] of Object.entries(STATES)) {
  browserTest(`/alerts can be used by everybody: ${name} (WCAG 2.2 AA)`, async (browser) => {
    const isDark = name.length % 2 === 0;
    await staged(state, {
      browser,
      viewport: isDark ? { width: 390, height: 844 } : { width: 1280, height: 800 },
      colorScheme: isDark ? "dark" : "light",
    }, async (page) => {
      await expectAccessible(page);
      const over = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return scrollWidth - clientWidth;
      });
      assertEquals(over, 0, "the page is wider than the window");
    });
  });
}
