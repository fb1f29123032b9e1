import { assert, assertEquals } from "@std/assert";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { expectAccessible } from "../browser/accessibility.ts";
import { browserTest, openPage } from "../browser/browser.ts";
import { startServiceProcess } from "./service_process.ts";
import { typeStrokes } from "./typing.ts";

/** A quick one. */
const ADA = 8;
/** What a keyboard profile and the first judged windows need, and to spare. */
const STROKES = 320;

browserTest(
  "/try learns who types, then tells a stranger and a script, by its own models",
  async (browser) => {
    const data = await Deno.makeTempDir();
    const service = await startServiceProcess({ data });
    const { page, context, errors, close } = await openPage(browser, "about:blank");
    page.setDefaultTimeout(60_000);
    try {
      const cdp = await context.newCDPSession(page);
      await page.goto(new URL("/try", service.origin).href);
      await page.locator("[data-hydrated]").waitFor();
      await page.getByRole("button", { name: "Begin" }).click();
      await page.getByRole("switch", { checked: true }).waitFor();
      const other = page.getByRole("button", { name: "another typist" });
      let isKnown = false;
      const known = other.and(page.locator(":enabled")).waitFor().then(() => isKnown = true);
      const strokes = createTypist(ADA).type(STROKES, 0);
      await typeStrokes(cdp, strokes, () => isKnown);
      await known;
      assertEquals(await page.locator("dialog[open]").count(), 0);
      assert(await page.locator(".gauge.level-low").count(), "the risk is low for the person");
      await page.getByRole("button", { name: "another typist" }).click();
      await page.getByRole("dialog").waitFor();
      await expectAccessible(page);
      assert(await page.locator(".ridge-theirs").count());
      await page.getByRole("button", { name: "See why" }).click();
      await page.getByRole("button", { name: "Take the keyboard back" }).click();
      const automation = page.locator(".try-reasons tr", {
        hasText: "Automation",
        hasNotText: "everything else",
      });
      assertEquals(await automation.count(), 0);
      await page.getByRole("button", { name: "a script" }).click();
      await page.getByRole("dialog").waitFor();
      await page.getByRole("button", { name: "See why" }).click();
      await automation.first().waitFor();
      assertEquals(errors, []);
    } finally {
      await close();
      await service.end("SIGTERM");
      await Deno.remove(data, { recursive: true });
    }
  },
);
