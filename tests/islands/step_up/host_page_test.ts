import { assert, assertEquals } from "@std/assert";
import { dialogTest, enrolApp, TITLE, wrongCode } from "./dialog_page.ts";

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
  await seen.enterCode(wrongCode(code()));
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
