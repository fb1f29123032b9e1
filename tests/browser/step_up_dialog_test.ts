import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { TOTP } from "otpauth";
import { decodeFrame } from "../../core/wire.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { getSession } from "../../core/store/sessions.ts";
import { buildIslands } from "../../islands/build.ts";
import { type HostSite, openHostSite } from "../islands/step_up/host_site.ts";
import { SeenPage } from "../islands/step_up/seen_page.ts";
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
  await seen.find("textbox", "Six-digit code", true);
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
    assert((await seen.find("textbox", "Six-digit code", true)).invalid);
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
  await seen.find("textbox", "Six-digit code", true);
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
  await seen.find("textbox", "Six-digit code", true);
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
  await seen.find("alert", "nothing to confirm with");
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
    await seen.find("alert", "try again in 30 seconds");
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
