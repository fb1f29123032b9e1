import { assert, assertEquals, assertRejects } from "@std/assert";
import { buildIslands } from "../../islands/build.ts";

const SITE_FILES = [
  "collector.js",
  "collector.d.ts",
  "step-up.js",
  "step-up-qr.js",
  "step-up.d.ts",
];

async function inTemporaryFolder(run: (folder: URL) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await run(new URL(`file://${path}/build/`));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("buildIslands() bundles what other sites load, its types and every island", async () => {
  const islands: string[] = [];
  for await (const { name } of Deno.readDir(new URL("../../islands/", import.meta.url))) {
    if (name.endsWith(".tsx")) islands.push(name.replace(/tsx$/, "js"));
  }
  await inTemporaryFolder(async (outDir) => {
    await buildIslands({ outDir });
    const built = new Set<string>();
    for await (const { name } of Deno.readDir(outDir)) built.add(name);
    for (const name of [...SITE_FILES, ...islands]) {
      assert(built.has(name), name);
    }
  });
});

Deno.test("buildIslands() makes each script of other sites one file that imports nothing", async () => {
  const exported = {
    "collector.js": ["start"],
    "step-up.js": ["enrolFactor", "offerStepUp"],
    "step-up-qr.js": ["qrPath"],
  };
  await inTemporaryFolder(async (outDir) => {
    await buildIslands({ outDir });
    for (const [name, names] of Object.entries(exported)) {
      const source = await Deno.readTextFile(new URL(name, outDir));
      // At run time, from the service's own origin, one may.
      assert(!/\bimport\b(?!\(`\$\{\w+\}\/step-up-qr\.js`\))/.test(source), name);
      const exports = /export\s*\{([^}]*)\};?\s*$/.exec(source);
      assertEquals(exports?.[1]?.replace(/\w+ as /g, "").split(",").sort(), names);
    }
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
