import { assert, assertEquals } from "@std/assert";
import { collectorTest } from "./collector_page.ts";

const CANARY = "Zebra-47 quick";

collectorTest("collector frames hold nothing that was typed", async ({ site, page, start }) => {
  await start();
  await page.focus("#plain");
  await page.keyboard.type(CANARY);
  await site.until(() => site.of("stroke").length >= CANARY.length);
  assertEquals(await page.inputValue("#plain"), CANARY);
  const sent = site.raw.map((bytes) => new TextDecoder("latin1").decode(bytes)).join("\n");
  for (const word of [CANARY, ...CANARY.split(/\W/), "Key", "Digit"]) {
    assert(!sent.toLowerCase().includes(word.toLowerCase()), word);
  }
  // The letters apart: whatever was typed, the frames of the same rhythm would be the same.
  assertEquals(new Set(site.of("stroke").map((stroke) => Object.keys(stroke).join())).size, 1);
});

collectorTest("collector never asks an event for its key, text or content", async (host) => {
  const { site, page, start } = host;
  await page.evaluate(() => {
    const reads: string[] = Object.assign(globalThis, { reads: [] as string[] }).reads;
    const watched: [object, string][] = [
      [KeyboardEvent.prototype, "key"],
      [KeyboardEvent.prototype, "charCode"],
      [UIEvent.prototype, "which"],
      [InputEvent.prototype, "data"],
      [InputEvent.prototype, "dataTransfer"],
      [CompositionEvent.prototype, "data"],
      [ClipboardEvent.prototype, "clipboardData"],
      [DragEvent.prototype, "dataTransfer"],
      [HTMLInputElement.prototype, "value"],
      [HTMLTextAreaElement.prototype, "value"],
    ];
    for (const [prototype, name] of watched) {
      const { get } = Object.getOwnPropertyDescriptor(prototype, name)!;
      Object.defineProperty(prototype, name, {
        configurable: true,
        get() {
          reads.push(name);
          return get!.call(this);
        },
      });
    }
  });
  await start();
  await page.focus("#plain");
  await page.keyboard.type("ab");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  await page.focus("#long");
  await page.keyboard.press("Control+v");
  await site.until(() => site.marks.includes("paste") && site.of("stroke").length >= 8);
  const reads = () => (globalThis as unknown as { reads: string[] }).reads;
  assertEquals(await page.evaluate(reads), []);
  await page.evaluate(() => document.querySelector<HTMLInputElement>("#plain")!.value);
  assertEquals(await page.evaluate(reads), ["value"], "the watch must be able to see a read");
});

collectorTest(
  "collector under a policy without its service fails, and the page lives",
  async (host) => {
    const { site, page, start } = host;
    await start("failed");
    assertEquals(
      await page.evaluate(() => globalThis.run.states.at(-1)),
      "failed:connection_refused",
    );
    await page.focus("#plain");
    await page.keyboard.type("alive");
    assertEquals(await page.inputValue("#plain"), "alive");
    assertEquals(site.tickets, []);
  },
  {
    path: `/?policy=${encodeURIComponent("default-src 'none'; script-src 'self'")}`,
    refused: true,
  },
);

const HOSTILITIES = ["no WebSocket", "no MutationObserver", "no randomness", "no listeners"];
for (const name of HOSTILITIES) {
  collectorTest(`collector on a page with ${name} fails without a throw`, async (host) => {
    const { page } = host;
    const state = await page.evaluate(async ([spoil, endpoint]) => {
      const errors: string[] = [];
      addEventListener("error", ({ message }) => errors.push(message));
      if (spoil === "no WebSocket") Reflect.deleteProperty(globalThis, "WebSocket");
      if (spoil === "no MutationObserver") Reflect.deleteProperty(globalThis, "MutationObserver");
      if (spoil === "no randomness") {
        crypto.getRandomValues = () => {
          throw new Error("none");
        };
      }
      if (spoil === "no listeners") {
        EventTarget.prototype.addEventListener = () => {
          throw new Error("none");
        };
      }
      const collector = gaitkeeper!.start({ endpoint: endpoint!, ticket: () => "t" });
      await new Promise((done) => setTimeout(done, 50));
      collector.pause();
      collector.resume();
      collector.stop();
      return [collector.state, ...errors];
    }, [name, host.site.origin]);
    assertEquals(state, ["failed"]);
    await page.focus("#plain");
    await page.keyboard.type("alive");
    assertEquals(await page.inputValue("#plain"), "alive");
  });
}
