import { assert, assertEquals, assertRejects } from "@std/assert";
import { buildIslands } from "../../islands/build.ts";

async function inTemporaryFolder(run: (folder: URL) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await run(new URL(`file://${path}/build/`));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("buildIslands() bundles the collector, its types and every island", async () => {
  const islands: string[] = [];
  for await (const { name } of Deno.readDir(new URL("../../islands/", import.meta.url))) {
    if (name.endsWith(".tsx")) islands.push(name.replace(/tsx$/, "js"));
  }
  await inTemporaryFolder(async (outDir) => {
    await buildIslands({ outDir });
    const built = new Set<string>();
    for await (const { name } of Deno.readDir(outDir)) built.add(name);
    for (const name of ["collector.js", "collector.d.ts", ...islands]) {
      assert(built.has(name), name);
    }
  });
});

Deno.test("buildIslands() makes the collector one file that imports nothing", async () => {
  await inTemporaryFolder(async (outDir) => {
    await buildIslands({ outDir });
    const source = await Deno.readTextFile(new URL("collector.js", outDir));
    assert(!/\bimport\b/.test(source));
    const exports = /export\s*\{([^}]*)\};?\s*$/.exec(source);
    assertEquals(exports?.[1]?.replace(/\w+ as /, ""), "start");
  });
});

Deno.test("buildIslands() leaves no chunk of an earlier build", async () => {
  await inTemporaryFolder(async (outDir) => {
    await Deno.mkdir(outDir, { recursive: true });
    const stale = new URL("chunk-OLD.js", outDir);
    await Deno.writeTextFile(stale, "");
    await buildIslands({ outDir });
    await assertRejects(() => Deno.stat(stale), Deno.errors.NotFound);
  });
});

Deno.test("buildIslands() that watches has built when it resolves, and can be ended", async () => {
  await inTemporaryFolder(async (outDir) => {
    const { dispose } = await buildIslands({ outDir, watch: true });
    try {
      await Deno.stat(new URL("collector.js", outDir));
    } finally {
      await dispose();
    }
  });
});
