import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { collectorTest } from "./collector_page.ts";

collectorTest(
  "collector captures and sends nothing before start()",
  async ({ site, page, start }) => {
    await page.focus("#plain");
    await page.keyboard.type("before");
    await page.mouse.move(200, 200);
    assertEquals(site.tickets, []);
    await start();
    await page.keyboard.type("a");
    await site.until(() => site.of("stroke").length > 0);
    assertEquals(site.of("stroke").length, 1);
  },
);

collectorTest("collector pairs every press with its release", async ({ site, page, start }) => {
  await start();
  await page.focus("#plain");
  const startMs = await page.evaluate(() => performance.timeOrigin + performance.now());
  for (
    const key of ["a", "7", "Space", "Comma", "Backspace", "Enter", "ArrowLeft", "Shift", "F5"]
  ) {
    await page.keyboard.press(key === "F5" ? "F2" : key, { delay: 12 });
  }
  const endMs = await page.evaluate(() => performance.timeOrigin + performance.now());
  await site.until(() => site.of("stroke").length === 9);
  const strokes = site.of("stroke");
  assertEquals(strokes.map(({ zone }) => zone), [
    "letter",
    "digit",
    "space",
    "punctuation",
    "erase",
    "enterOrTab",
    "navigation",
    "modifier",
    "other",
  ]);
  for (const { timeMs, holdMs } of strokes) {
    assertGreaterOrEqual(holdMs, 10);
    assert(timeMs >= startMs - 1 && timeMs + holdMs <= endMs + 1);
  }
});

collectorTest(
  "collector emits rolled-over strokes in press order",
  async ({ site, page, start }) => {
    await start();
    await page.focus("#plain");
    const { keyboard } = page;
    // 1 inside a, then a and 1 interleaved: the zones tell the strokes apart.
    for (const [turn, key] of ["da", "d1", "u1", "ua", "da", "d1", "ua", "u1"].entries()) {
      if (turn % 4) await page.evaluate(() => new Promise(requestAnimationFrame));
      await (key[0] === "d" ? keyboard.down(key[1]!) : keyboard.up(key[1]!));
    }
    await site.until(() => site.of("stroke").length === 4);
    const strokes = site.of("stroke");
    assertEquals(strokes.map(({ zone }) => zone), ["letter", "digit", "letter", "digit"]);
    const [outer, inner, first, second] = strokes.map(({ timeMs, holdMs }) => timeMs + holdMs);
    assert(inner! < outer!, "the first letter must enclose the digit");
    assert(first! < second!);
  },
);

collectorTest(
  "collector drops auto-repeat and marks it once a run",
  async ({ site, page, start }) => {
    await start();
    await page.focus("#plain");
    for (let i = 0; i < 5; i++) await page.keyboard.down("a");
    await page.keyboard.up("a");
    await site.until(() => site.of("stroke").length === 1);
    assertEquals(site.marks.filter((mark) => mark === "repeat"), ["repeat"]);
    assertEquals(await page.inputValue("#plain"), "aaaaa");
  },
);

collectorTest("collector neither loses nor doubles a key held across a flush", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.focus("#plain");
  await page.keyboard.down("a");
  await page.mouse.move(900, 700);
  await page.mouse.move(950, 700);
  await site.until(() => site.of("pointer").length > 0);
  assertEquals(site.of("stroke"), []);
  await page.keyboard.up("a");
  await site.until(() => site.of("stroke").length > 0);
  await page.mouse.move(990, 700);
  await site.until(() => site.of("pointer").length > 1);
  assertEquals(site.of("stroke").length, 1);
  assertGreaterOrEqual(site.of("stroke")[0]!.holdMs, 200);
});

collectorTest("collector invents no hold for a key that is down at blur", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.focus("#plain");
  await page.keyboard.down("a");
  await page.focus("#frame");
  await page.keyboard.up("a");
  await page.focus("#plain");
  await page.keyboard.press("7");
  await site.until(() => site.of("stroke").length > 0);
  assertEquals(site.of("stroke").map(({ zone }) => zone), ["digit"]);
  assertEquals(site.marks.filter((mark) => mark !== "focus"), ["blur"]);
});

collectorTest("collector drops composition and marks it once a run", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.focus("#plain");
  const devtools = await page.context().newCDPSession(page);
  for (const text of ["n", "に", "にh"]) {
    const key = { key: "Process", code: "KeyN", windowsVirtualKeyCode: 229 };
    await devtools.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
    await devtools.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
    await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  }
  await devtools.send("Input.insertText", { text: "日" });
  await page.keyboard.press("7");
  await site.until(() => site.of("stroke").length > 0);
  assertEquals(site.of("stroke").map(({ zone }) => zone), ["digit"]);
  assertEquals(site.marks.filter((mark) => mark === "composition"), ["composition"]);
});
