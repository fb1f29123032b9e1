import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { getTenant, updateTenant } from "../../core/store/tenants.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../core/tenant.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { serveGaitkeeper } from "../../routes/server.ts";
import { seedCourse, seedVerdict } from "../routes/seeded_courses.ts";
import { TEST_ACTOR } from "../routes/test_service.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest, openPage } from "./browser.ts";
import { createDashboardDeps } from "./dashboard_server.ts";

const { policy } = DEFAULT_TENANT_SETTINGS;

interface Opened {
  readonly page: Page;
  readonly deps: AppDeps;
  readonly origin: string;
}

/** Of five sessions, one is an impostor's; at 50 one genuine one is stepped up, at 30 two. */
const RISKS = [2, 4, 35, 60, 75];
const IMPOSTOR = "s4";

function policyTest(
  name: string,
  run: (opened: Opened) => Promise<void>,
  { path = "/policy", isEmpty = false, expected = 0 } = {},
) {
  browserTest(name, async (browser) => {
    using kv = await Deno.openKv(":memory:");
    const deps = await createDashboardDeps(kv);
    if (!isEmpty) {
      for (const [i, risk] of RISKS.entries()) await seedCourse(deps.audit, `s${i}`, [1, risk]);
      await seedVerdict(deps.audit, IMPOSTOR, "impostor");
    }
    const server = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
    const origin = `http://localhost:${server.port}`;
    const { page, errors, close } = await openPage(browser, origin + path);
    try {
      await page.locator("#policy[data-hydrated]").waitFor();
      await run({ page, deps, origin });
      assertEquals(errors.length, expected, errors.join("\n"));
    } finally {
      await close();
      await server.close();
    }
  });
}

const sum = (page: Page, genuine: number, caught: number) =>
  page.getByText(new RegExp(`stepped up ${genuine} genuine sessions? in 4 and caught ${caught} of`))
    .waitFor();
const slider = (page: Page, name: string) => page.getByRole("slider", { name });
const saved = async ({ kv }: AppDeps) => (await getTenant(kv, DEFAULT_TENANT))!.policy;

policyTest("/policy tells what a slider does while it is moved, and saves it", async (opened) => {
  const { page, deps } = opened;
  await sum(page, 1, 1);
  await expectAccessible(page);
  await slider(page, "Leave high below").fill("20");
  await slider(page, "Enter high at").fill("30");
  await sum(page, 2, 1);
  assertEquals(await page.getByRole("spinbutton", { name: "Enter high at" }).inputValue(), "30");
  await page.getByText("Enter high at 50 → 30 of 100").waitFor();
  await page.getByText("As a table").click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  assertEquals((await saved(deps)).levels.high, { enter: 30, leave: 20 });
  await page.getByText("by Dev").waitFor();
  await expectAccessible(page);
});

policyTest("/policy is used by keys alone", async ({ page }) => {
  await slider(page, "Enter high at").focus();
  for (let i = 0; i < 15; i++) await page.keyboard.press("ArrowRight");
  await sum(page, 0, 1);
  assertEquals(await slider(page, "Enter high at").inputValue(), "65");
});

policyTest("/policy asks one thing at a time, and shows the last of it", async ({ page }) => {
  let [now, most, asked] = [0, 0, 0];
  await page.route("**/v1/tenant/policy/simulate", async (route) => {
    asked++;
    most = Math.max(most, ++now);
    const response = await route.fetch();
    now--;
    await route.fulfill({ response });
  });
  for (let at = 51; at <= 80; at++) await slider(page, "Enter high at").fill(String(at));
  await sum(page, 0, 0);
  assertEquals(most, 1);
  assert(asked < 15, `${asked}`);
});

policyTest("/policy says what is wrong before it is saved", async ({ page }) => {
  await page.getByRole("spinbutton", { name: "Enter high at" }).fill("10");
  await page.getByText("must be under the one at which it is entered").waitFor();
  assert(await page.getByRole("button", { name: "Save" }).isDisabled());
  await expectAccessible(page);
  await page.getByRole("spinbutton", { name: "Enter high at" }).fill("55");
  await sum(page, 1, 1);
});

policyTest("/policy switches shadow mode on, and says so as long as it is", async (opened) => {
  const { page, deps } = opened;
  await page.getByRole("switch", { name: "Decide, but do nothing" }).check();
  await page.getByText("Shadow mode on", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Shadow mode is on.").waitFor();
  assertEquals(await saved(deps), { ...policy, shadow: true });
  await expectAccessible(page);
});

policyTest(
  "/policy blocks nobody until somebody says so, and then from a confidence",
  async (opened) => {
    const { page, deps } = opened;
    assert(await slider(page, "Block from confidence").isDisabled());
    await page.getByRole("checkbox", { name: "Block critical sessions" }).check();
    await slider(page, "Block from confidence").fill("90");
    await slider(page, "Leave critical below").fill("40");
    await slider(page, "Enter critical at").fill("55");
    await page.getByText("1 genuine session (1 of them blocked) in 4").waitFor();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    assertEquals((await saved(deps)).blockConfidence, 0.9);
  },
);

policyTest("/policy lets an owner look at what was before, and bring it back", async (opened) => {
  const { page, deps, origin } = opened;
  const theirs = { ...policy, stepUpConfidence: 0.6 };
  await updateTenant(deps.audit, DEFAULT_TENANT, { policy: theirs }, TEST_ACTOR);
  await page.goto(`${origin}/policy`);
  await page.getByRole("link", { name: "Try what it was before" }).click();
  await page.getByText("confidence 60 → 40 %").waitFor();
  await page.locator("#policy[data-hydrated]").waitFor();
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved.").waitFor();
  assertEquals(await saved(deps), policy);
});

policyTest("/policy says when it cannot try, and tries again", async ({ page }) => {
  const path = "**/v1/tenant/policy/simulate";
  await page.route(path, (route) => route.fulfill({ status: 503, body: "{}" }));
  await slider(page, "Enter high at").fill("65");
  await page.getByText("That could not be tried just now.").waitFor();
  await expectAccessible(page);
  await page.unroute(path);
  await slider(page, "Enter high at").fill("66");
  await sum(page, 0, 1);
}, { expected: 1 });

policyTest(
  "/policy of a site without sessions says that there is nothing to try yet",
  async ({ page }) => {
    await page.getByText("No session of the last 30 days can be tried yet.").waitFor();
    await expectAccessible(page);
  },
  { isEmpty: true },
);

browserTest("/policy works without script: dry run, then save", async (browser) => {
  using kv = await Deno.openKv(":memory:");
  const deps = await createDashboardDeps(kv);
  for (const [i, risk] of RISKS.entries()) await seedCourse(deps.audit, `s${i}`, [1, risk]);
  await seedVerdict(deps.audit, IMPOSTOR, "impostor");
  const server = await serveGaitkeeper(deps, { port: 0, hostname: "127.0.0.1" });
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  try {
    await page.goto(`http://localhost:${server.port}/policy`);
    await page.getByRole("spinbutton", { name: "Enter high at" }).fill("65");
    await page.getByRole("switch", { name: "Decide, but do nothing" }).check();
    await page.getByRole("button", { name: "Dry run" }).click();
    await sum(page, 0, 1);
    assertEquals(await saved(deps), policy);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const now = await saved(deps);
    assertEquals([now.levels.high.enter, now.shadow], [65, true]);
  } finally {
    await context.close();
    await server.close();
  }
});

policyTest(
  "/policy keeps its outcome in sight on a phone while a slider is moved",
  async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await slider(page, "Leave high below").fill("20");
    await slider(page, "Enter high at").fill("30");
    const brief = page.locator(".policy-brief");
    await brief.getByText("2 of 4 genuine asked").waitFor();
    await slider(page, "Evidence halves in").scrollIntoViewIfNeeded();
    const { y } = (await brief.boundingBox())!;
    assert(y >= 0 && y < 844, `at ${y} px`);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    await brief.waitFor({ state: "hidden" });
  },
);
