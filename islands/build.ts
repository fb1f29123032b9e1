/**
 * Bundles what a browser loads into static/build: what other sites load (the collector, the step-up
 * dialog) as self-contained files, every dashboard island (`islands/*.tsx`) with what they share in chunks, and the one
 * stylesheet of all pages.
 */
import * as esbuild from "esbuild";

const ROOT = new URL("../", import.meta.url);
const OUT_DIR = new URL("static/build/", ROOT);
/** What pages of other sites load, each file alone. */
const SITE_SCRIPTS: Readonly<Record<string, string>> = {
  collector: "islands/collector/script.ts",
  "step-up": "islands/step_up/script.ts",
  "step-up-qr": "islands/step_up/qr.ts",
};
const SITE_TYPES: Readonly<Record<string, string>> = {
  "collector.d.ts": "islands/collector/collector.d.ts",
  "step-up.d.ts": "islands/step_up/step_up.d.ts",
};
const STYLES = "static/styles/all.css";

/** A build that goes on when sources change; `dispose` ends it. */
export interface IslandBuild {
  dispose(): Promise<void>;
}

/**
 * Builds `*.js`, `styles.css` and the `*.d.ts` of what other sites load into `outDir`, a folder's URL. With `watch` it resolves after the
 * first build and rebuilds on change until disposed; without, esbuild has ended when it resolves.
 * @throws {Error} esbuild's, when a source does not bundle; later, while watching, it is logged.
 */
export async function buildIslands({ watch = false, outDir = OUT_DIR } = {}): Promise<IslandBuild> {
  await Deno.mkdir(outDir, { recursive: true });
  for await (const { name } of Deno.readDir(outDir)) {
    if (name.startsWith("chunk-") || name.endsWith(".map")) {
      await Deno.remove(new URL(name, outDir));
    }
  }
  for (const [name, types] of Object.entries(SITE_TYPES)) {
    await Deno.copyFile(new URL(types, ROOT), new URL(name, outDir));
  }
  const where = { sourcemap: watch, outdir: pathOf(outDir) };
  const contexts = await Promise.all([
    esbuild.context({ ...await siteScriptOptions(SITE_SCRIPTS), ...where }),
    esbuild.context({ ...await islandOptions(), ...where }),
  ]);
  const dispose = async () => {
    await Promise.all(contexts.map((context) => context.dispose()));
    await esbuild.stop();
  };
  try {
    await Promise.all(contexts.map((context) => context.rebuild()));
    if (watch) await Promise.all(contexts.map((context) => context.watch()));
  } catch (error) {
    await dispose();
    throw error;
  }
  if (!watch) await dispose();
  return { dispose: watch ? dispose : () => Promise.resolve() };
}

/** What static/build would hold of an entry that other sites load, without writing it. */
export async function bundleSiteScript(entry: string): Promise<Uint8Array> {
  try {
    const options = await siteScriptOptions({ script: entry });
    const { outputFiles } = await esbuild.build({ ...options, write: false });
    return outputFiles[0]!.contents;
  } finally {
    await esbuild.stop();
  }
}

async function siteScriptOptions(entries: Readonly<Record<string, string>>) {
  return {
    ...await sharedOptions(),
    entryPoints: Object.entries(entries).map(([out, entry]) => ({ in: entry, out })),
  } satisfies esbuild.BuildOptions;
}

async function islandOptions() {
  const islands: string[] = [];
  for await (const { name, isFile } of Deno.readDir(new URL("islands/", ROOT))) {
    if (isFile && name.endsWith(".tsx")) islands.push(`islands/${name}`);
  }
  return {
    ...await sharedOptions(),
    entryPoints: [
      ...islands.sort().map((island) => ({ in: island, out: island.slice(8, -4) })),
      { in: STYLES, out: "styles" },
    ],
    splitting: true,
    chunkNames: "chunk-[hash]",
  } satisfies esbuild.BuildOptions;
}

async function sharedOptions() {
  return {
    absWorkingDir: pathOf(ROOT),
    outdir: pathOf(OUT_DIR),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: ["es2022"],
    minify: true,
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    alias: await importMapAliases(),
    logLevel: "warning",
  } satisfies esbuild.BuildOptions;
}

/** The import map's names that node_modules does not know by themselves, such as `@std/ulid`. */
async function importMapAliases(): Promise<Record<string, string>> {
  const config = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const aliases: Record<string, string> = {};
  for (const [name, target] of Object.entries<string>(config.imports)) {
    const bare = /^npm:(@?[^@]+)@[^/]+(\/.*)?$/.exec(target);
    if (!bare) continue;
    const specifier = bare[1]! + (bare[2] ?? "");
    if (specifier !== name) aliases[name] = specifier;
  }
  return aliases;
}

function pathOf(url: URL): string {
  return decodeURIComponent(url.pathname);
}

if (import.meta.main) await buildIslands({ watch: Deno.args.includes("--watch") });
