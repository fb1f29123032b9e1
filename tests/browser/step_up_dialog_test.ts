import { assert, assertEquals, assertMatch } from "@std/assert";
import { decodeFrame } from "../../core/wire.ts";
import {
  dialogTest,
  enrolApp,
  enrolPasskey,
  sessionOf,
  TITLE,
  wrongCode,
} from "../islands/step_up/dialog_page.ts";
import type { SeenPage } from "../islands/step_up/seen_page.ts";

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
    await seen.enterCode(wrongCode(code()));
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
  await seen.find("button", "Close");
  // Whoever types on does not close it before it was read.
  await seen.page.keyboard.type("and so ");
  await seen.page.keyboard.press("Enter");
  await seen.find("alert", "cannot confirm it here");
  await seen.page.keyboard.press("Tab");
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
      await seen.enterCode(wrongCode(code()));
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
