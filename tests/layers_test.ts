import { assert, assertEquals } from "@std/assert";
import {
  forbiddenArrows,
  importsOf,
  readImportGraph,
  unplaced,
  unsharedValues,
} from "./import_graph.ts";

const ROOT = new URL("../", import.meta.url);

Deno.test("the import graph has no forbidden arrow", async () => {
  assertEquals(forbiddenArrows(await readImportGraph(ROOT)), []);
});

Deno.test("every module of core has its place in the order of the data's way", async () => {
  assertEquals(unplaced(await readImportGraph(ROOT)), []);
});

Deno.test("forbiddenArrows() finds each kind of forbidden arrow", () => {
  const arrows: [string, string][] = [
    ["core/risk.ts", "routes/app.ts"],
    ["core/wire.ts", "islands/live.tsx"],
    ["core/wire.ts", "hono"],
    ["core/features/vector.ts", "core/risk.ts"],
    ["core/models/verifier.ts", "onnxruntime-web/wasm"],
    ["islands/live.tsx", "core/store/feed.ts"],
    ["routes/tickets.ts", "routes/sessions.ts"],
    ["routes/stream/registry.ts", "main.ts"],
    ["core/alert.ts", "tests/layers_test.ts"],
  ];
  for (const [from, to] of arrows) {
    assertEquals(forbiddenArrows(new Map([[from, [to]]])).length, 1, `${from} -> ${to}`);
  }
  assertEquals(forbiddenArrows(new Map([["core/risk.ts", ["core/evidence.ts"]]])), []);
});

Deno.test("importsOf() reads static, multi-line, type and dynamic imports", () => {
  const text = `import { a } from "./a.ts";
import type {
  B,
} from "../b.ts";
export { c } from "c";
const d = await import("./d.ts");`;
  assertEquals(importsOf("core/x.ts", text), ["core/a.ts", "b.ts", "c", "core/d.ts"]);
});

Deno.test("islands take what is shared with the browser, and types", async () => {
  const graph = await readImportGraph(ROOT);
  const islands = [...graph.keys()].filter((path) => path.startsWith("islands/"));
  assert(islands.length > 5);
  for (const path of islands) {
    assertEquals(unsharedValues(path, await Deno.readTextFile(new URL(path, ROOT))), [], path);
  }
  const types = 'import type { FeedMessage } from "../routes/live/feed.ts";';
  assertEquals(unsharedValues("islands/live.tsx", types), []);
  const taken = 'import { followTenant } from "../core/store/feed.ts";';
  assertEquals(unsharedValues("islands/live.tsx", taken), ["core/store/feed.ts"]);
});

Deno.test("core stages read no clock, no chance and no Deno; the store alone knows Deno.Kv", async () => {
  const graph = await readImportGraph(ROOT);
  const ambient =
    /\bDeno\.(?!Kv|AtomicOperation)|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b/;
  const kv = /\bDeno\.Kv/;
  for (const path of graph.keys()) {
    if (!path.startsWith("core/")) continue;
    const text = await Deno.readTextFile(new URL(path, ROOT));
    assertEquals(ambient.exec(text)?.[0], undefined, path);
    if (!/^core\/(store\/|session_terms\.ts)/.test(path)) {
      assertEquals(kv.exec(text)?.[0], undefined, path);
    }
  }
  assert(ambient.test("Math.random()") && ambient.test("Deno.env") && !ambient.test("Deno.Kv"));
});

Deno.test("no file is named after nothing", async () => {
  const graph = await readImportGraph(ROOT);
  const named = [...graph.keys()].filter((path) =>
    /(^|\/)(utils?|common|helpers?|manager)\b/.test(path)
  );
  assertEquals(named, []);
});
