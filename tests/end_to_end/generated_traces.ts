/** Trace files of people who do not exist, in the format of recorded ones. */
import type { TraceSession } from "../../core/trace.ts";
import type { Zone } from "../../core/zones.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";

/** A legacy `keyCode` of each zone: what is typed does not matter, its rhythm does. */
const KEY_CODES: Readonly<Record<Zone, number>> = {
  letter: 65,
  digit: 49,
  punctuation: 190,
  space: 32,
  erase: 8,
  enterOrTab: 13,
  modifier: 16,
  navigation: 37,
  other: 0,
};

/** Sessions of one generated typist, `strokes` each. */
export function generateTraces(seed: number, sessions: number, strokes: number): TraceSession[] {
  const typist = createTypist(seed);
  return Array.from({ length: sessions }, (_, i) => ({
    subject: `typist-${seed}`,
    session: String(i).padStart(2, "0"),
    keys: typist.type(strokes, 0).map(({ timeMs, holdMs, zone }) => {
      return [timeMs, timeMs + holdMs, KEY_CODES[zone]] as [number, number, number];
    }),
  }));
}

/** Writes a trace file: gzipped NDJSON. */
export async function writeTraceFile(path: string, traces: readonly TraceSession[]): Promise<void> {
  const lines = traces.map((trace) => `${JSON.stringify(trace)}\n`).join("");
  const bytes = new Blob([lines]).stream().pipeThrough(new CompressionStream("gzip"));
  await Deno.writeFile(path, bytes);
}
