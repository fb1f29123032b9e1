/**
 * Bundles what runs in a browser into static/build: the collector as one self-contained file, as
 * other sites load it, and every dashboard island (`islands/*.tsx`) with what they share in chunks.
 */
import * as esbuild from "esbuild";

const ROOT = new URL("../", import.meta.url);
const OUT_DIR = new URL("static/build/", ROOT);
const COLLECTOR = "islands/collector/script.ts";
const COLLECTOR_TYPES = "islands/collector/collector.d.ts";

/** A build that goes on when sources change; `dispose` ends it. */
export interface IslandBuild {
  dispose(): Promise<void>;
}

/**
 * Builds `static/build/*.js` and `static/build/collector.d.ts`. With `watch` it resolves after the
 * first build and rebuilds on change until disposed; without, esbuild has ended when it resolves.
 * @throws {Error} esbuild's, when a source does not bundle (while watching it is logged instead).
 */
export async function buildIslands({ watch = false } = {}): Promise<IslandBuild> {
  await Deno.mkdir(OUT_DIR, { recursive: true });
  for await (const { name } of Deno.readDir(OUT_DIR)) {
    if (name.startsWith("chunk-")) await Deno.remove(new URL(name, OUT_DIR));
  }
  await copyCollectorTypes();
  const contexts = await Promise.all([
    esbuild.context({ ...await collectorOptions(), sourcemap: watch }),
    esbuild.context({ ...await islandOptions(), sourcemap: watch }),
  ]);
  const dispose = async () => {
    await Promise.all(contexts.map((context) => context.dispose()));
    await esbuild.stop();
  };
  try {
    if (watch) await Promise.all(contexts.map((context) => context.watch()));
    else await Promise.all(contexts.map((context) => context.rebuild()));
  } catch (error) {
    await dispose();
    throw error;
  }
  if (!watch) await dispose();
  return { dispose: watch ? dispose : () => Promise.resolve() };
}

/** The collector as `static/build/collector.js` holds it, or another entry, without writing it. */
export async function bundleCollector(entry = COLLECTOR): Promise<Uint8Array> {
  try {
    const { outputFiles } = await esbuild.build({ ...await collectorOptions(entry), write: false });
    return outputFiles[0]!.contents;
  } finally {
    await esbuild.stop();
  }
}

async function collectorOptions(entry = COLLECTOR) {
  return {
    ...await sharedOptions(),
    entryPoints: [{ in: entry, out: "collector" }],
  } satisfies esbuild.BuildOptions;
}

async function islandOptions() {
  const islands: string[] = [];
  for await (const { name, isFile } of Deno.readDir(new URL("islands/", ROOT))) {
    if (isFile && name.endsWith(".tsx")) islands.push(`islands/${name}`);
  }
  return {
    ...await sharedOptions(),
    entryPoints: islands.sort(),
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

async function copyCollectorTypes(): Promise<void> {
  await Deno.copyFile(new URL(COLLECTOR_TYPES, ROOT), new URL("collector.d.ts", OUT_DIR));
}

function pathOf(url: URL): string {
  return decodeURIComponent(url.pathname);
}

if (import.meta.main) await buildIslands({ watch: Deno.args.includes("--watch") });
