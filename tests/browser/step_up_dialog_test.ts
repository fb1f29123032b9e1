import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { TOTP } from "otpauth";
import { decodeFrame } from "../../core/wire.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { getSession } from "../../core/store/sessions.ts";
import { buildIslands } from "../../islands/build.ts";
import { type HostSite, openHostSite } from "../islands/step_up/host_site.ts";
import { SeenPage } from "../islands/step_up/seen_page.ts";
import { expectAccessible } from "./accessibility.ts";
import { browserTest } from "./browser.ts";

Deno.test.beforeAll(async () => {
  await buildIslands();
});

const TITLE = "Confirm it is you";

/** A test on a page of another origin, which must not have seen an error after it. */
function dialogTest(
  name: string,
  run: (seen: SeenPage, site: HostSite) => Promise<void>,
  open: Parameters<typeof SeenPage.open>[2] = {},
): void {
  browserTest(name, async (browser) => {
    await using site = await openHostSite();
    const seen = await SeenPage.open(browser, site, open);
    try {
      await run(seen, site);
      const errors = (await seen.told()).filter(([type]) => type === "error");
      assertEquals([...seen.errors, ...errors], []);
    } finally {
      await seen.close();
    }
  });
}

const sessionOf = async ({ deps }: HostSite) =>
  (await getSession(deps.kv, DEFAULT_TENANT, "s", deps.nowMs()))!;

/** Registers an authenticator app through the dialog; its codes, `steps` of 30 s from now. */
async function enrolApp(seen: SeenPage, { deps }: HostSite) {
  await seen.do(`site.enrol("totp", "Phone")`);
  const secret = await shownSecret(seen);
  await seen.enterCode(codeOf(secret, deps.nowMs()));
  const factor = await seen.hears("enrolled", { kind: "totp" });
  assertEquals(factor.name, "Phone");
  return (steps = 1) => codeOf(secret, deps.nowMs() + 30_000 * steps);
}

async function shownSecret(seen: SeenPage): Promise<string> {
  const { node } = await seen.find("dialog", "Add an authenticator app");
  await seen.click("textbox", "Code from");
  return (await seen.evaluate(
    node,
    "function () { return this.querySelector('.key').textContent; }",
  )).replaceAll(" ", "");
}

function codeOf(secret: string, timestamp: number): string {
  return new TOTP({ secret, algorithm: "SHA1", digits: 6, period: 30 }).generate({ timestamp });
}

async function enrolPasskey(seen: SeenPage) {
  await seen.giveAuthenticator();
  await seen.do(`site.enrol("passkey", "Laptop")`);
  await seen.find("dialog", "Add a passkey");
  await seen.find("button", "Create a passkey", true);
  await seen.page.keyboard.press("Enter");
  const factor = await seen.hears("enrolled");
  assertEquals([factor.kind, factor.name], ["passkey", "Laptop"]);
}

dialogTest("an alarmed session is asked for a passkey, and let go on by it", async (seen, site) => {
  await enrolPasskey(seen);
  await site.alarm();
  await seen.page.focus("#message");
  await seen.do("site.begin()");
  const dialog = await seen.find("dialog", TITLE);
  assertMatch(dialog.description, /not usual for you/);
  await seen.find("button", "Use your passkey", true);
  // The page under it is out of reach.
  assert(!(await seen.has("textbox", "Message")));
  await seen.page.keyboard.press("Enter");
  const passed = await seen.hears("passed");
  assertEquals([passed.action, passed.level, passed.acr], ["allow", "low", "phr"]);
  await seen.hears("action", { action: "allow" });
  await seen.find("textbox", "Message", true);
  assert(!(await seen.has("dialog")));
  assertEquals((await sessionOf(site)).action, "allow");
  // The stream goes on, and says so itself.
  const allowed = async () =>
    (await seen.told()).filter(([type, { action }]) => type === "action" && action === "allow")
      .length;
  const before = await allowed();
  await until(async () => {
    await seen.page.keyboard.type("a");
    return await allowed() > before;
  }, 300);
  const types = (await seen.told()).map(([type]) => type);
  assert(!types.includes("closed") && !types.includes("problem"), `${types}`);
});

dialogTest(
  "a wrong code is told of, may be followed by a right one, and is heard by nobody",
  async (seen, site) => {
    const code = await enrolApp(seen, site);
    await site.alarm();
    await seen.do("site.begin()");
    await seen.find("dialog", TITLE);
    const shortcuts = await seen.do("site.shortcuts");
    await seen.enterCode("12 34");
    await seen.find("alert", "six digits");
    assert((await seen.find("textbox", "Code from", true)).invalid);
    await seen.page.keyboard.press("Control+A");
    await seen.enterCode(code() === "000000" ? "111111" : "000000");
    await seen.hears("problem", { code: "proof_refused" });
    await seen.find("alert", "wrong or already used");
    assertEquals((await sessionOf(site)).action, "step_up");
    await seen.enterCode(code().replace(/^.../, "$& "));
    assertEquals((await seen.hears("passed")).acr, "otp");
    await seen.hears("action", { action: "allow" });
    // The page's shortcuts heard no digit, nor did the collector; the page goes on as before.
    assertEquals(await seen.do("site.shortcuts"), shortcuts);
    await seen.page.focus("#message");
    await seen.page.keyboard.type("a");
    await until(() => strokes(seen).length > 0);
    assertEquals(strokes(seen).map(({ zone }) => zone), ["letter"]);
  },
);

function strokes({ sent }: SeenPage) {
  return sent.flatMap((frame) => decodeFrame(frame).events).filter(({ kind }) =>
    kind === "stroke"
  ) as { zone: string }[];
}

async function until(holds: () => boolean | Promise<boolean>, everyMs = 20): Promise<void> {
  const endMs = Date.now() + 15_000;
  while (!await holds()) {
    if (Date.now() > endMs) throw new Error(`It never came to be: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

dialogTest("a person with both may go from passkey to code and back", async (seen, site) => {
  await enrolPasskey(seen);
  const code = await enrolApp(seen, site);
  await site.alarm();
  await seen.do("site.begin()");
  await seen.find("button", "Use your passkey", true);
  await seen.click("button", "Use a code instead");
  await seen.find("textbox", "Code from", true);
  await seen.click("button", "Use your passkey instead");
  await seen.find("button", "Use your passkey", true);
  await seen.click("button", "Use a code instead");
  await seen.enterCode(code());
  assertEquals((await seen.hears("passed")).acr, "otp");
});

dialogTest("closing it is not passing, and it can be asked again", async (seen, site) => {
  const code = await enrolApp(seen, site);
  await site.alarm();
  await seen.page.focus("#message");
  await seen.do("site.begin()");
  await seen.find("textbox", "Code from", true);
  await seen.page.keyboard.press("Escape");
  assertEquals(await seen.hears("closed"), { reason: "person" });
  await seen.find("textbox", "Message", true);
  assertEquals((await sessionOf(site)).action, "step_up");
  await seen.do("void site.offer.open().then((passed) => site.told.push(['resolved', passed]))");
  await seen.enterCode(code());
  assertEquals((await seen.hears("resolved")).acr, "otp");
});

dialogTest("who has registered nothing is told so, and so is the page", async (seen, site) => {
  await site.alarm();
  await seen.do("site.begin()");
  await seen.hears("problem", { code: "factor_missing" });
  await seen.find("alert", "cannot confirm it here");
  await seen.find("button", "Close", true);
  await seen.page.keyboard.press("Enter");
  await seen.hears("closed");
});

dialogTest(
  "five wrong codes cost a time that is counted down, and are forgiven after it",
  async (seen, site) => {
    const code = await enrolApp(seen, site);
    await site.alarm();
    await seen.page.clock.install();
    await seen.do("site.begin()");
    for (let i = 0; i < 5; i++) {
      await seen.enterCode(code() === "000000" ? "111111" : "000000");
      if (i < 4) await seen.find("alert", "wrong or already used");
    }
    assertEquals((await seen.hears("problem", { code: "step_up_delayed" })).retryAfterS, 30);
    await seen.find("alert", "Wait 30 seconds");
    assert(!(await seen.has("button", "Try again")));
    assertEquals((await sessionOf(site)).action, "block");
    await seen.page.clock.runFor(31_000);
    site.clock.offsetMs += 31_000;
    await seen.find("status", "You can try again now.");
    await seen.click("button", "Try again");
    await seen.enterCode(code());
    assertEquals((await seen.hears("passed")).action, "allow");
    await seen.hears("action", { action: "allow" });
  },
);

dialogTest("a wrong first code makes a new key, with a picture of its own", async (seen, site) => {
  await seen.do(`site.enrol("totp")`);
  const first = await shownSecret(seen);
  const picture = await seen.find("image", "QR code");
  await seen.enterCode(codeOf(first, site.deps.nowMs()) === "000000" ? "111111" : "000000");
  await seen.find("alert", "new key");
  const second = await shownSecret(seen);
  assertNotEquals(first, second);
  assertNotEquals((await seen.find("image", "QR code")).node, picture.node);
  assertMatch((await seen.find("link", "Open an app")).name, /on this device/);
  await seen.enterCode(codeOf(second, site.deps.nowMs()));
  assertEquals((await seen.hears("enrolled")).name, "Authenticator app");
});

dialogTest("a device that gives no passkey may be asked again", async (seen, site) => {
  await enrolPasskey(seen);
  await site.alarm();
  await seen.do("site.begin()");
  await seen.find("button", "Use your passkey", true);
  await seen.page.evaluate(() => {
    const { get } = CredentialsContainer.prototype;
    navigator.credentials.get = () => {
      navigator.credentials.get = get;
      return Promise.reject(new DOMException("They said no.", "NotAllowedError"));
    };
  });
  await seen.page.keyboard.press("Enter");
  await seen.find("alert", "No passkey came");
  await seen.find("button", "Use your passkey", true);
  await seen.page.keyboard.press("Enter");
  assertEquals((await seen.hears("passed")).acr, "phr");
});

dialogTest("a browser without passkeys is offered the code at once", async (seen, site) => {
  await enrolPasskey(seen);
  const code = await enrolApp(seen, site);
  await site.alarm();
  await seen.do("delete globalThis.PublicKeyCredential");
  await seen.do("site.begin()");
  await seen.find("textbox", "Code from", true);
  assert(!(await seen.has("button", "Use your passkey instead")));
  await seen.enterCode(code());
  assertEquals((await seen.hears("passed")).acr, "otp");
});

dialogTest(
  "a browser without passkeys says that it cannot, where there is no code",
  async (seen, site) => {
    await enrolPasskey(seen);
    await site.alarm();
    await seen.do("delete globalThis.PublicKeyCredential");
    await seen.do("site.begin()");
    await seen.find("alert", "This browser cannot use passkeys");
    await seen.hears("problem", { code: "passkey_unsupported" });
    await seen.page.keyboard.press("Escape");
    await seen.hears("closed");
    await seen.do(`site.enrol("passkey")`);
    await seen.find("alert", "This browser cannot use passkeys");
  },
);

dialogTest(
  "a challenge that has grown old is asked for anew before it is answered",
  async (seen, site) => {
    const code = await enrolApp(seen, site);
    await site.alarm();
    await seen.page.clock.install();
    await seen.do("site.begin()");
    await seen.find("textbox", "Code from", true);
    await seen.page.clock.runFor(130_000);
    site.clock.offsetMs += 130_000;
    await seen.enterCode(code());
    assertEquals((await seen.hears("passed")).acr, "otp");
    assert(!(await seen.told()).some(([type]) => type === "problem"));
  },
);

dialogTest(
  "what was asked and is no longer asked closes the dialog, and so does stop()",
  async (seen, site) => {
    await enrolApp(seen, site);
    await site.alarm();
    const stream = (action: string) =>
      seen.do(`site.collector.dispatchEvent(
      new CustomEvent("action", { detail: { action: "${action}", level: "low" } }))`);
    await seen.do("site.begin()");
    await seen.find("dialog", TITLE);
    await stream("allow");
    assertEquals(await seen.hears("closed"), { reason: "allowed" });
    await stream("step_up");
    await seen.find("dialog", TITLE);
    await stream("step_up");
    assertEquals((await seen.nodes()).filter(({ role }) => role === "dialog").length, 1);
    await seen.do("site.offer.stop()");
    await seen.hears("closed", { reason: "stopped" });
    await stream("step_up");
    assert(!(await seen.has("dialog")));
  },
);

dialogTest("a page that takes the dialog away may open it again", async (seen, site) => {
  await enrolApp(seen, site);
  await site.alarm();
  await seen.do("site.begin()");
  await seen.find("textbox", "Code from", true);
  await seen.do(`document.querySelector("gaitkeeper-step-up").remove()`);
  await seen.do("void site.offer.open()");
  await seen.find("textbox", "Code from", true);
});

dialogTest("with one ticket there is one try", async (seen, site) => {
  const code = await enrolApp(seen, site);
  await site.alarm();
  await seen.do(`fetch("/ticket", { method: "POST" }).then((response) => response.text())
    .then((ticket) => { site.follow({ ticket }); void site.offer.open(); })`);
  await seen.enterCode(code() === "000000" ? "111111" : "000000");
  await seen.find("alert", "begin again");
  await seen.hears("problem", { code: "ticket_spent" });
});

dialogTest("whatever is wrong is told and shown, and thrown at nobody", async (seen, site) => {
  await site.alarm();
  const wrong: [options: string, code: string, words?: string][] = [
    [`endpoint: "http://["`, "internal"],
    [`endpoint: undefined`, "internal"],
    [`endpoint: "mailto:x@example.com"`, "internal"],
    [`ticket: undefined`, "ticket_failed", "does not work"],
    [`ticket: () => { throw new Error("no") }`, "ticket_failed", "does not work"],
    [`ticket: () => Promise.reject()`, "ticket_failed", "does not work"],
    [`ticket: "no such ticket"`, "ticket_invalid", "does not work"],
  ];
  for (const [options, code, words] of wrong) {
    await seen.do(`site.told.length = 0; site.follow({ ${options} }); void site.offer.open()`);
    await seen.hears("problem", { code });
    if (words) await seen.find("alert", words);
    await seen.do("site.offer.stop()");
    assert(!(await seen.has("dialog")), options);
  }
  // A service that is gone, then there.
  await seen.page.route("**/v1/step-up", (route) => route.abort());
  await seen.do("site.follow({}); void site.offer.open()");
  await seen.find("alert", "No answer came");
  await seen.page.unrouteAll();
  await seen.find("button", "Try again", true);
  await seen.page.keyboard.press("Enter");
  await seen.hears("problem", { code: "factor_missing" });
  await seen.do("site.offer.stop()");
  // A page that hands over nothing, or half of it.
  await seen.do(`void import("${site.serviceOrigin}/step-up.js").then(async (module) => {
    module.offerStepUp(undefined, undefined).stop();
    await module.offerStepUp(null, {}).open();
    site.told.push(["survived", await module.enrolFactor({ kind: "totp", endpoint: "x:y" })]);
  })`);
  await seen.hears("survived");
  seen.errors.splice(
    0,
    Infinity,
    ...seen.errors.filter((error) => !/net::ERR_FAILED/.test(error)),
  );
});

dialogTest(
  "a sign-in that is not strong enough registers nothing, and the page hears why",
  async (seen) => {
    await seen.page.route(
      "**/ticket?strong",
      (route) => route.continue({ url: route.request().url().replace("?strong", "") }),
    );
    await seen.do(`site.enrol("totp")`);
    await seen.find("alert", "Sign in to this site again");
    await seen.hears("problem", { code: "acr_insufficient" });
    await seen.page.keyboard.press("Enter");
    assertEquals(await seen.hears("enrolled"), undefined as never);
  },
);

dialogTest("it speaks the page's words, in their language", async (seen, site) => {
  await enrolApp(seen, site);
  await site.alarm();
  await seen.do(`site.begin({
    lang: "de", confirmTitle: "Sind Sie es?", codeRefused: "Falsch.", delayed: "Noch {time}.",
  })`);
  const { node } = await seen.find("dialog", "Sind Sie es?");
  assertEquals(await seen.evaluate(node, "function () { return this.lang; }"), "de");
  for (let i = 0; i < 5; i++) {
    await seen.enterCode("000000");
    if (i < 4) await seen.find("alert", "Falsch.");
  }
  await seen.find("alert", "Noch 30 Sekunden.");
});

dialogTest("its tree is closed to the page", async (seen, site) => {
  await site.alarm();
  await seen.do("site.begin()");
  await seen.find("dialog", TITLE);
  const host = `document.querySelector("gaitkeeper-step-up")`;
  assertEquals(await seen.do(`[${host}.shadowRoot, ${host}.children.length]`), [null, 0]);
});

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
