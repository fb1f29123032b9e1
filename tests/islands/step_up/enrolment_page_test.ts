import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { codeOf, dialogTest, shownSecret, wrongCode } from "./dialog_page.ts";

dialogTest(
  "a wrong first code may be followed by a right one, of the same key",
  async (seen, site) => {
    await seen.do(`site.enrol("totp")`);
    const first = await shownSecret(seen);
    await seen.find("image", "QR code");
    await seen.enterCode(wrongCode(codeOf(first, site.deps.nowMs())));
    await seen.find("alert", "wrong or already used");
    assertEquals(await shownSecret(seen), first);
    assertMatch((await seen.find("link", "Open an app")).name, /on this device/);
    await seen.enterCode(codeOf(first, site.deps.nowMs()));
    assertEquals((await seen.hears("enrolled")).name, "Authenticator app");
  },
);

dialogTest("a key that was waited with for too long is followed by another", async (seen, site) => {
  await seen.do(`site.enrol("totp")`);
  const first = await shownSecret(seen);
  const challenges = await Array.fromAsync(site.deps.kv.list({ prefix: ["challenge"] }));
  for (const { key } of challenges) await site.deps.kv.delete(key);
  await seen.enterCode(codeOf(first, site.deps.nowMs()));
  await seen.find("alert", "new key");
  const second = await shownSecret(seen);
  assertNotEquals(first, second);
  await seen.enterCode(codeOf(second, site.deps.nowMs()));
  assertEquals((await seen.hears("enrolled")).name, "Authenticator app");
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
    await seen.page.keyboard.press("Escape");
    assertEquals(await seen.hears("enrolled"), undefined as never);
  },
);
