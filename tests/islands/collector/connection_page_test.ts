import { assert, assertEquals, assertGreater } from "@std/assert";
import { collectorTest } from "./collector_page.ts";

collectorTest("collector resumes after a cut: every event once, in order", async (host) => {
  const { site, page, start } = host;
  await start();
  await page.focus("#plain");
  await page.keyboard.type("1a");
  await site.until(() => site.of("stroke").length === 2);
  // From here nothing becomes durable, so the cut must bring it all back.
  site.acknowledges = false;
  await page.keyboard.type("2b");
  await site.until(() => site.of("stroke").length === 4);
  site.cut();
  await page.keyboard.type("3c");
  site.acknowledges = true;
  await site.until(() => site.of("stroke").length === 6);
  assertEquals(
    site.of("stroke").map(({ zone }) => zone),
    ["digit", "letter", "digit", "letter", "digit", "letter"],
  );
  assertEquals(new Set(site.frames.map(({ stream }) => stream)).size, 1);
  const sequences = site.frames.map(({ sequence }) => sequence);
  assertGreater(sequences.length, new Set(sequences).size, "some frame must have come twice");
  assertEquals([...new Set(sequences)], Array.from(new Set(sequences), (_, i) => i + 1));
  assertEquals(site.tickets, ["ticket-1", "ticket-2"]);
});

collectorTest("collector stop() ends capturing and sending", async ({ site, page, start }) => {
  await start();
  await page.focus("#plain");
  await page.keyboard.type("ab");
  await site.until(() => site.of("stroke").length === 2);
  const frames = site.frames.length;
  await page.keyboard.type("cd");
  await page.evaluate(() => globalThis.run.collector.stop());
  await site.until(() => site.connections === 0);
  await page.keyboard.type("ef");
  await page.mouse.move(300, 300);
  await page.evaluate(() => globalThis.run.collector.resume());
  // Longer than a flush.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  assertEquals(site.frames.length, frames);
  assertEquals(site.tickets.length, 1);
  assertEquals(await page.evaluate(() => globalThis.run.states), ["connecting", "open", "stopped"]);
});

collectorTest(
  "collector pause() delivers what it has, hangs up, and can resume()",
  async (host) => {
    const { site, page, start, reach } = host;
    await start();
    await page.focus("#plain");
    await page.keyboard.type("ab");
    await page.evaluate(() => globalThis.run.collector.pause());
    await site.until(() => site.of("stroke").length === 2 && site.connections === 0);
    await page.keyboard.type("cdef");
    await page.evaluate(() => globalThis.run.collector.resume());
    await reach("open");
    await page.keyboard.type("7");
    await site.until(() => site.of("stroke").length > 2);
    assertEquals(site.of("stroke").map(({ zone }) => zone), ["letter", "letter", "digit"]);
    assertEquals(new Set(site.frames.map(({ stream }) => stream)).size, 1);
  },
);

collectorTest("collector flushes when the page goes away", async ({ site, page, start }) => {
  await start();
  await page.focus("#plain");
  await page.keyboard.type("bye");
  await page.goto(`${site.origin}/inner`);
  await site.until(() => site.of("stroke").length === 3);
  assertEquals(site.marks.at(-1), "hidden");
});

collectorTest("collector hands on actions", async ({ site, page, start }) => {
  await start();
  site.send({ type: "action", action: "step_up", level: "high", alert: "01J" });
  site.send({ type: "action", action: "allow", level: "low" });
  await page.waitForFunction(() => globalThis.run.actions.length === 2);
  assertEquals(await page.evaluate(() => globalThis.run.actions), [
    { action: "step_up", level: "high", alert: "01J" },
    { action: "allow", level: "low" },
  ]);
});

collectorTest("collector waits for new input when another page took over", async (host) => {
  const { site, page, start, reach } = host;
  site.refusal = { code: 4409, reason: "session_superseded" };
  await start("waiting");
  assertEquals(
    await page.evaluate(() => globalThis.run.states.at(-1)),
    "waiting:session_superseded",
  );
  site.refusal = undefined;
  await page.focus("#plain");
  await page.keyboard.press("7");
  await reach("open");
  await site.until(() => site.of("stroke").length === 1);
});

collectorTest("collector gives up when its origin is refused", async ({ site, page, start }) => {
  site.refusal = { code: 4403, reason: "origin_refused" };
  await start("failed");
  assertEquals(await page.evaluate(() => globalThis.run.states.at(-1)), "failed:origin_refused");
  assert(site.tickets.length === 1);
});

collectorTest("start() joins a transport of the caller's, which outlives the run", async (host) => {
  const { site, page } = host;
  await page.evaluate(async (endpoint) => {
    const module: typeof import("../../../islands/collector/mod.ts") = await import(
      "/module.js" as string
    );
    const transport = new module.Transport({ endpoint, ticket: () => "own", flushMs: 250 });
    const collector = module.start({ transport });
    transport.open();
    Object.assign(globalThis, { own: { transport, collector } });
  }, site.origin);
  await page.focus("#plain");
  await page.keyboard.press("7");
  await site.until(() => site.of("stroke").length === 1);
  const states = await page.evaluate(() => {
    const { transport, collector } = (globalThis as unknown as {
      own: {
        transport: import("../../../islands/collector/mod.ts").Transport;
        collector: import("../../../islands/collector/mod.ts").Collector;
      };
    }).own;
    collector.pause();
    const timeMs = performance.timeOrigin + performance.now();
    transport.push({ kind: "stroke", timeMs, holdMs: 80, zone: "space" });
    return [collector.state, transport.state];
  });
  assertEquals(states, ["paused", "open"]);
  await page.keyboard.press("a");
  await site.until(() => site.of("stroke").length === 2);
  assertEquals(site.of("stroke").map(({ zone }) => zone), ["digit", "space"]);
  assertEquals(new Set(site.frames.map(({ stream }) => stream)).size, 1);
  assertEquals(site.tickets, ["own"]);
});

collectorTest("start() ends the run before it", async ({ site, page, start }) => {
  await start();
  await page.evaluate(() => Object.assign(globalThis, { first: globalThis.run.collector }));
  await start();
  const first = await page.evaluate(() =>
    (globalThis as unknown as { first: { state: string } }).first.state
  );
  assertEquals(first, "stopped");
  await page.focus("#plain");
  await page.keyboard.press("7");
  await site.until(() => site.of("stroke").length > 0);
  assertEquals([site.of("stroke").length, site.connections], [1, 1]);
});
