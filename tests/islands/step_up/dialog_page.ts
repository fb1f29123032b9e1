/** Tests of the step-up dialog: pages of another origin, and what is done in each. */
import { assertEquals } from "@std/assert";
import { TOTP } from "otpauth";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getSession } from "../../../core/store/sessions.ts";
import { buildIslands } from "../../../islands/build.ts";
import { browserTest } from "../../browser/browser.ts";
import { type HostSite, openHostSite } from "./host_site.ts";
import { SeenPage } from "./seen_page.ts";

Deno.test.beforeAll(async () => {
  await buildIslands();
});

export const TITLE = "Confirm it is you";

/** A test on a page of another origin, which must not have seen an error after it. */
export function dialogTest(
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

export const sessionOf = async ({ deps }: HostSite) =>
  (await getSession(deps.kv, DEFAULT_TENANT, "s", deps.nowMs()))!;

/** Registers an authenticator app through the dialog; its codes, `steps` of 30 s from now. */
export async function enrolApp(seen: SeenPage, { deps }: HostSite) {
  await seen.do(`site.enrol("totp", "Phone")`);
  const secret = await shownSecret(seen);
  await seen.enterCode(codeOf(secret, deps.nowMs()));
  const factor = await seen.hears("enrolled", { kind: "totp" });
  assertEquals(factor.name, "Phone");
  return (steps = 1) => codeOf(secret, deps.nowMs() + 30_000 * steps);
}

/** The key that the dialog shows; its code field has the focus then. */
export async function shownSecret(seen: SeenPage): Promise<string> {
  const { node } = await seen.find("dialog", "Add an authenticator app");
  await seen.click("textbox", "Code from");
  return (await seen.evaluate(
    node,
    "function () { return this.querySelector('.key').textContent; }",
  )).replaceAll(" ", "");
}

export function codeOf(secret: string, timestamp: number): string {
  return new TOTP({ secret, algorithm: "SHA1", digits: 6, period: 30 }).generate({ timestamp });
}

/** A code that is not this one. */
export function wrongCode(code: string): string {
  return code === "000000" ? "111111" : "000000";
}

/** Registers a passkey through the dialog, in a device of the page's own. */
export async function enrolPasskey(seen: SeenPage) {
  await seen.giveAuthenticator();
  await seen.do(`site.enrol("passkey", "Laptop")`);
  await seen.find("dialog", "Add a passkey");
  await seen.find("button", "Create a passkey", true);
  await seen.page.keyboard.press("Enter");
  const factor = await seen.hears("enrolled");
  assertEquals([factor.kind, factor.name], ["passkey", "Laptop"]);
}
