import { assertEquals } from "@std/assert";
import { expectAccessible } from "../../browser/accessibility.ts";
import { codeOf, dialogTest, shownSecret } from "./dialog_page.ts";

const LOOKS = [
  { viewport: { width: 1280, height: 800 }, colorScheme: "light" },
  { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
] as const;

for (const look of LOOKS) {
  dialogTest(
    `axe-core finds nothing in it, and its targets are big enough, ${look.viewport.width} px wide`,
    async (seen, site) => {
      const check = async () => {
        await expectAccessible(seen.page);
        const { narrow, small, wide } = await seen.page.evaluate(() => {
          const root = document.querySelector("gaitkeeper-step-up")!.shadowRoot!;
          const dialog = root.querySelector("dialog")!;
          const targets = [...root.querySelectorAll<HTMLElement>("button, a, input")]
            .filter((target) => target.checkVisibility()).map((target) =>
              target.getBoundingClientRect()
            );
          return {
            narrow: dialog.scrollWidth > dialog.clientWidth,
            small: targets.filter(({ width, height }) => width < 44 || height < 44).length,
            wide: dialog.getBoundingClientRect().right > innerWidth,
          };
        });
        assertEquals([narrow, small, wide], [false, 0, false]);
      };
      await seen.giveAuthenticator();
      await seen.do(`site.enrol("passkey")`);
      await seen.find("button", "Create a passkey", true);
      await check();
      await seen.page.keyboard.press("Enter");
      await seen.hears("enrolled");
      await seen.do(`site.enrol("totp")`);
      await seen.find("image", "QR code");
      await check();
      const secret = await shownSecret(seen);
      await seen.enterCode(codeOf(secret, site.deps.nowMs()));
      await seen.hears("enrolled", { kind: "totp" });
      await site.alarm();
      await seen.do("site.begin()");
      await seen.find("button", "Use your passkey", true);
      await check();
      await seen.click("button", "Use a code instead");
      for (let i = 0; i < 5; i++) {
        await seen.enterCode("000000");
        if (i < 4) await seen.find("alert", "wrong or already used");
      }
      await seen.find("alert", "Wait 30 seconds");
      await check();
    },
    {
      // What is still fading in has the contrast of neither.
      options: { ...look, reducedMotion: "reduce" },
      // axe-core looks into open trees alone.
      before: (page) =>
        page.addInitScript(() => {
          const { attachShadow } = Element.prototype;
          Element.prototype.attachShadow = function () {
            return attachShadow.call(this, { mode: "open" });
          };
        }).then(() => {}),
    },
  );
}
