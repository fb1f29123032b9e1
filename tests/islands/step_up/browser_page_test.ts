import { assert, assertEquals } from "@std/assert";
import { dialogTest, enrolApp, enrolPasskey } from "./dialog_page.ts";

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
