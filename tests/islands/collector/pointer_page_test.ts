import { assert, assertEquals, assertGreaterOrEqual } from "@std/assert";
import { collectorTest } from "./collector_page.ts";

collectorTest("collector samples the pointer at 125 Hz at most and never drifts", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.mouse.move(100, 500);
  // Fractions of a pixel, to show that rounding does not add up.
  for (let i = 1; i <= 60; i++) await page.mouse.move(100 + i * 3.3, 500 + i * 1.4);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 10)));
  await page.mouse.move(300, 590);
  await site.until(() => site.of("pointer").reduce((sum, { dx }) => sum + dx, 0) === 200);
  const samples = site.of("pointer");
  assertEquals(samples.reduce((sum, { dy }) => sum + dy, 0), 90);
  for (const [i, { timeMs, dragging }] of samples.entries()) {
    // Times are rounded to 0.1 ms on the wire.
    if (i) assertGreaterOrEqual(timeMs - samples[i - 1]!.timeMs, 7.85);
    assertEquals(dragging, false);
  }
  assertEquals(site.of("device").map(({ device }) => device), ["mouse"]);
  assertEquals(site.events[0]!.kind, "device");
});

collectorTest("collector times presses, chords too, and tells dragging", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.mouse.move(900, 700);
  await page.mouse.down();
  await page.mouse.move(920, 700);
  await page.mouse.down({ button: "right" });
  await page.mouse.move(960, 700);
  await page.mouse.up({ button: "right" });
  await page.mouse.up();
  await page.evaluate(() => new Promise((done) => setTimeout(done, 10)));
  await page.mouse.move(1000, 700);
  await site.until(() => site.of("button").length === 2 && site.of("pointer").length > 1);
  assertEquals(site.of("button").map(({ button }) => button), [2, 0]);
  const [right, left] = site.of("button");
  assert(left!.timeMs < right!.timeMs && left!.dwellMs > right!.dwellMs && right!.dwellMs >= 0);
  const dragging = site.of("pointer").map(({ dragging }) => dragging);
  assertEquals([dragging[0], dragging.at(-1)], [true, false]);
});

collectorTest("collector sends wheel steps in pixels", async ({ site, page, start }) => {
  await start();
  await page.mouse.move(900, 700);
  await page.mouse.wheel(0, 120);
  await page.mouse.wheel(30, -40);
  await site.until(() => site.of("wheel").length === 2);
  assertEquals(site.of("wheel").map(({ dx, dy }) => [dx, dy]), [[0, 120], [30, -40]]);
});

collectorTest("collector measures the step of the browser's timestamps", async (host) => {
  const { site, page, start } = host;
  await start();
  for (let i = 0; i < 50; i++) await page.mouse.move(100 + i * 5, 600);
  await site.until(() => site.of("clock").length > 0);
  const { quantumMs } = site.of("clock")[0]!;
  assert(quantumMs >= 0.1 && quantumMs <= 1, `got ${quantumMs}`);
});

collectorTest("collector marks paste and drop, never what they bring", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.fill("#plain", "canaryword");
  await page.locator("#plain").press("Control+a");
  await page.keyboard.press("Control+c");
  await page.focus("#long");
  await page.keyboard.press("Control+v");
  await page.dragAndDrop("#words", "#long");
  await site.until(() => site.marks.includes("drop"));
  assertEquals(site.marks.filter((mark) => mark === "paste"), ["paste"]);
  assertEquals(site.marks.filter((mark) => mark === "drop"), ["drop"]);
});

collectorTest("collector counts what a script dispatches, and takes none of it", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.focus("#plain");
  await page.keyboard.press("7");
  await page.evaluate(() => {
    const field = document.querySelector("#plain")!;
    for (const type of ["keydown", "keyup"]) {
      field.dispatchEvent(new KeyboardEvent(type, { code: "KeyA", bubbles: true, composed: true }));
    }
    for (let i = 0; i < 5; i++) {
      const at = { clientX: i * 50, clientY: 9, bubbles: true, isPrimary: true };
      field.dispatchEvent(new PointerEvent("pointermove", { ...at, pointerType: "pen" }));
    }
    field.dispatchEvent(new WheelEvent("wheel", { deltaY: 40, bubbles: true }));
    // In a secret field even the count is nobody's business.
    document.querySelector("#secret")!.dispatchEvent(
      new KeyboardEvent("keydown", { code: "KeyA" }),
    );
  });
  await site.until(() => site.of("trust").length > 0);
  assertEquals(site.of("trust").map(({ trusted, untrusted }) => [trusted, untrusted]), [[2, 8]]);
  assertEquals(site.of("stroke").map(({ zone }) => zone), ["digit"]);
  for (const kind of ["pointer", "wheel", "device"] as const) assertEquals(site.of(kind), []);
});

collectorTest(
  "collector keeps out of what it is asked to ignore",
  async ({ site, page, start }) => {
    await start();
    const { x, y } = (await page.locator("#ignored").boundingBox())!;
    await page.mouse.move(x + 5, y + 5);
    await page.mouse.move(x + 50, y + 5, { steps: 5 });
    await page.mouse.down();
    await page.mouse.wheel(0, 1);
    await page.mouse.move(900, 700);
    await page.mouse.up();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 10)));
    await page.mouse.move(910, 700);
    await site.until(() => site.of("pointer").length > 0);
    assertEquals(site.of("pointer").map(({ dx }) => dx), [10]);
    assertEquals([site.of("button"), site.of("wheel")], [[], []]);
  },
);
