/** The step-up dialog, on a page of another origin. */
import { TOTP } from "otpauth";
import { type HostSite, openHostSite } from "../islands/step_up/host_site.ts";
import { SeenPage } from "../islands/step_up/seen_page.ts";
import type { Look } from "./state.ts";

/** Nobody's code, but for once in a million. */
const WRONG = "000000";

function picture(act: (seen: SeenPage, site: HostSite) => Promise<void>) {
  return async ({ browser, viewport, colorScheme, path }: Look) => {
    await using site = await openHostSite();
    const seen = await SeenPage.open(browser, site, { options: { viewport, colorScheme } });
    try {
      await act(seen, site);
      await seen.page.waitForTimeout(400);
      await seen.page.screenshot({ path });
    } finally {
      await seen.close();
    }
  };
}

async function enrolApp(seen: SeenPage, { deps }: HostSite): Promise<void> {
  await seen.do(`site.enrol("totp")`);
  await seen.click("textbox", "Code from");
  const { node } = await seen.find("dialog", "Add an authenticator app");
  const key = await seen.evaluate(
    node,
    "function () { return this.querySelector('.key').textContent; }",
  );
  const totp = new TOTP({ secret: key.replaceAll(" ", ""), algorithm: "SHA1" });
  await seen.enterCode(totp.generate({ timestamp: deps.nowMs() }));
  await seen.hears("enrolled", { kind: "totp" });
}

async function enrolPasskey(seen: SeenPage): Promise<void> {
  await seen.giveAuthenticator();
  await seen.do(`site.enrol("passkey")`);
  await seen.find("button", "Create a passkey", true);
  await seen.page.keyboard.press("Enter");
  await seen.hears("enrolled", { kind: "passkey" });
}

async function ask(seen: SeenPage, site: HostSite): Promise<void> {
  await site.alarm();
  await seen.do("site.begin()");
  await seen.find("dialog", "Confirm it is you");
}

export const PICTURES: Readonly<Record<string, (look: Look) => Promise<void>>> = {
  "dialog-passkey": picture(async (seen, site) => {
    await enrolPasskey(seen);
    await enrolApp(seen, site);
    await ask(seen, site);
    await seen.find("button", "Use your passkey", true);
  }),
  "dialog-passkey-cancelled": picture(async (seen, site) => {
    await enrolPasskey(seen);
    await enrolApp(seen, site);
    await ask(seen, site);
    await seen.find("button", "Use your passkey", true);
    await seen.page.evaluate(() => {
      navigator.credentials.get = () => Promise.reject(new DOMException("", "NotAllowedError"));
    });
    await seen.page.keyboard.press("Enter");
    await seen.find("alert", "No passkey came");
  }),
  "dialog-code": picture(async (seen, site) => {
    await enrolApp(seen, site);
    await ask(seen, site);
    await seen.find("textbox", "Code from", true);
    await seen.page.keyboard.type("123 4");
  }),
  "dialog-code-wrong": picture(async (seen, site) => {
    await enrolPasskey(seen);
    await enrolApp(seen, site);
    await ask(seen, site);
    await seen.click("button", "Use a code instead");
    await seen.enterCode(WRONG);
    await seen.find("alert", "wrong or already used");
  }),
  "dialog-delay": picture(async (seen, site) => {
    await enrolApp(seen, site);
    await ask(seen, site);
    for (let i = 0; i < 5; i++) {
      await seen.enterCode(WRONG);
      if (i < 4) await seen.find("alert", "wrong or already used");
    }
    await seen.find("alert", "Too many wrong answers");
  }),
  "dialog-no-factor": picture(async (seen, site) => {
    await ask(seen, site);
    await seen.find("alert", "cannot confirm it here");
  }),
  "dialog-unreachable": picture(async (seen, site) => {
    await site.alarm();
    await seen.page.route("**/v1/step-up", (route) => route.abort());
    await seen.do("site.begin()");
    await seen.find("alert", "No answer came");
  }),
  "dialog-add-passkey": picture(async (seen) => {
    await seen.giveAuthenticator();
    await seen.do(`site.enrol("passkey")`);
    await seen.find("button", "Create a passkey", true);
  }),
  "dialog-add-app": picture(async (seen) => {
    await seen.do(`site.enrol("totp")`);
    await seen.find("image", "QR code");
  }),
};
