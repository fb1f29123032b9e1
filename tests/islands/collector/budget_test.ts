import { assert, assertLessOrEqual } from "@std/assert";
import { bundleSiteScript } from "../../../islands/build.ts";
import type * as declared from "../../../islands/collector/collector.d.ts";
import * as collector from "../../../islands/collector/mod.ts";

const BUDGET_BYTES = 6 * 1024;

const source = new TextDecoder().decode(await bundleSiteScript("islands/collector/script.ts"));

Deno.test("collector.js is at most 6 KiB gzip", async () => {
  const gzip = new Blob([source]).stream().pipeThrough(new CompressionStream("gzip"));
  assertLessOrEqual((await new Response(gzip).bytes()).length, BUDGET_BYTES);
});

Deno.test("collector.js reads no name of a key and no content", () => {
  assert(source.includes(".code"), "the search must be able to find a property");
  for (const name of ["key", "char", "charCode", "which", "data", "value", "clipboardData"]) {
    // `data` is read once, destructured, of a message of the socket.
    assert(!source.includes(`.${name}`) || !new RegExp(`\\.${name}\\b`).test(source), name);
  }
  assert(!/\b(eval|Function)\s*\(|innerHTML|\.style\b/.test(source));
});

Deno.test("collector.js holds the encoder alone of the codec", () => {
  assert(!/Cannot read frame|GaitkeeperError/.test(source));
});

Deno.test("collector.d.ts declares what the module exports", () => {
  const start: typeof declared.start = collector.start;
  assert(start === collector.start);
});
