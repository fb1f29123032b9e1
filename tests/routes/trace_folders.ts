/** Trace folders for tests. */
import { parseTraceLine, type TraceSession } from "../../core/trace.ts";
import { derivePseudonymKey } from "../../routes/secret_key.ts";
import { TraceFolder } from "../../routes/trace_folder.ts";

export const MASTER_KEY = "5a".repeat(32);

/** Runs with a folder of its own, in a place that is gone afterwards. */
export async function withTraceFolder(
  run: (folder: TraceFolder, path: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const path = `${root}/traces`;
  try {
    await run(await TraceFolder.open(path, await derivePseudonymKey(MASTER_KEY)), path);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Names of all that lies in a folder. */
export async function namesIn(path: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(path), ({ name }) => name)).sort();
}

/** Every stay that was written, in the order of the files' names. */
export async function readStays(folder: TraceFolder): Promise<TraceSession[]> {
  const stays: TraceSession[] = [];
  for (const { path } of await folder.files()) {
    const lines = (await unzipped(path)).split("\n").filter((line) => line);
    stays.push(...lines.map((line, i) => parseTraceLine(line, i + 1)));
  }
  return stays;
}

/** The text of a gzipped file. */
export async function unzipped(path: string): Promise<string> {
  const bytes = new Blob([await Deno.readFile(path)]).stream();
  return await new Response(bytes.pipeThrough(new DecompressionStream("gzip"))).text();
}
