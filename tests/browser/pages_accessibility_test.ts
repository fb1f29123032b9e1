import { browserTest, openPage } from "./browser.ts";
import { expectAccessible } from "./accessibility.ts";
import { serveDashboard } from "./dashboard_server.ts";

for (
  const path of [
    "/",
    "/try",
    "/docs",
    "/developers",
    "/quality",
    "/account",
    "/operators",
    "/nowhere",
  ]
) {
  browserTest(`${path} can be used by everybody (WCAG 2.2 AA)`, async (browser) => {
    using kv = await Deno.openKv(":memory:");
    const server = await serveDashboard(kv);
    const { page, close } = await openPage(browser, server.origin + path);
    await expectAccessible(page);
    await close();
    await server.close();
  });
}
