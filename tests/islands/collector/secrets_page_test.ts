import { assertEquals } from "@std/assert";
import { collectorTest, type HostPage } from "./collector_page.ts";

/** Types where it must not be heard, then one digit where it may: only the digit may arrive. */
async function typesUnheard({ site, page }: HostPage, selector: string): Promise<void> {
  const before = site.of("stroke").length;
  await page.focus(selector);
  await page.keyboard.type("hunter");
  await page.focus("#plain");
  await page.keyboard.press("7");
  await site.until(() => site.of("stroke").length > before);
  assertEquals(site.of("stroke").slice(before).map(({ zone }) => zone), ["digit"]);
}

for (const selector of ["#secret", "#code", "#ignored"]) {
  collectorTest(`collector does not listen in ${selector}`, async (host) => {
    await host.start();
    await typesUnheard(host, selector);
    assertEquals(host.site.of("trust"), []);
  });
}

collectorTest("collector does not listen in a password field that is shown", async (host) => {
  await host.start();
  await host.page.evaluate(() =>
    document.querySelector<HTMLInputElement>("#secret")!.type = "text"
  );
  await typesUnheard(host, "#secret");
  assertEquals(await host.page.inputValue("#secret"), "hunter");
});

collectorTest(
  "collector remembers a password field added after start() and shown",
  async (host) => {
    await host.start();
    await host.page.evaluate(() => {
      const field = document.createElement("input");
      field.type = "password";
      field.id = "late";
      document.body.prepend(field);
      setTimeout(() => field.type = "text");
    });
    await host.page.waitForFunction(() =>
      document.querySelector<HTMLInputElement>("#late")!.type === "text"
    );
    await typesUnheard(host, "#late");
  },
);

collectorTest("collector does not listen in what takes a password field's place", async (host) => {
  await host.start();
  await host.page.evaluate(() => {
    const field = document.querySelector("#secret")!;
    const shown = document.createElement("input");
    shown.name = "pin";
    shown.id = "shown";
    field.replaceWith(shown);
  });
  await typesUnheard(host, "#shown");
});

collectorTest("collector does not listen in a text field dressed as a password", async (host) => {
  await host.start();
  await host.page.evaluate(() => {
    document.querySelector<HTMLElement>("#long")!.style
      .setProperty("-webkit-text-security", "disc");
  });
  await typesUnheard(host, "#long");
});

for (const mode of ["open", "closed"] as const) {
  collectorTest(`collector does not listen in passwords of ${mode} shadow trees`, async (host) => {
    await host.start();
    const { site, page } = host;
    await page.evaluate((mode) => {
      const root = document.querySelector("#host")!.attachShadow({ mode });
      const field = document.createElement("input");
      field.type = "password";
      const toggle = document.createElement("button");
      toggle.textContent = "Show the password";
      toggle.addEventListener("click", () => {
        field.type = "text";
        field.focus();
      });
      root.append(toggle, field);
    }, mode);
    const { x, y, height } = (await page.locator("#host").boundingBox())!;
    await page.mouse.click(x + 12, y + height / 2);
    await page.keyboard.type("hunter");
    const inside = await page.evaluate(() => {
      const focused = document.activeElement;
      return [focused?.id, focused?.shadowRoot?.querySelector("input")?.value];
    });
    assertEquals(inside, ["host", mode === "open" ? "hunter" : undefined]);
    await page.focus("#plain");
    await page.keyboard.press("7");
    await site.until(() => site.of("stroke").length > 0);
    assertEquals(site.of("stroke").map(({ zone }) => zone), ["digit"]);
  });
}

collectorTest("collector drops the key that leads into a password field", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.focus("#plain");
  await page.keyboard.down("Shift");
  await page.focus("#secret");
  await page.keyboard.up("Shift");
  await typesUnheard(host, "#secret");
  assertEquals(site.of("stroke").length, 1);
});

collectorTest("collector marks neither paste nor autofill in a password field", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.fill("#plain", "from elsewhere");
  await page.focus("#plain");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  await page.focus("#secret");
  await page.keyboard.press("Control+v");
  assertEquals(await page.inputValue("#secret"), "from elsewhere");
  await page.focus("#long");
  await page.keyboard.press("Control+v");
  await site.until(() => site.marks.includes("paste"));
  assertEquals(site.marks.filter((mark) => mark === "paste" || mark === "autofill"), ["paste"]);
});
