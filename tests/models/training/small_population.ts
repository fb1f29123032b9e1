/** People who do not exist, few and busy, as trace files to train on. */
import type { TraceSession } from "../../../core/trace.ts";
import { foldOf, type Part, partOf } from "../../../models/training/split.ts";
import {
  generateHandTraces,
  generateTraces,
  writeTraceFile,
} from "../../end_to_end/generated_traces.ts";

/** Seeds whose people's names put `counts` of them in each group. */
function seedsOf<Group extends PropertyKey>(
  nameOf: (seed: number) => string,
  groupOf: (name: string) => Group | undefined,
  counts: Readonly<Partial<Record<Group, number>>>,
): number[] {
  const left = new Map(Object.entries(counts) as [string, number][]);
  const seeds: number[] = [];
  for (let seed = 1; [...left.values()].some((count) => count > 0); seed++) {
    const group = String(groupOf(nameOf(seed)));
    const count = left.get(group) ?? 0;
    if (!count) continue;
    left.set(group, count - 1);
    seeds.push(seed);
  }
  return seeds;
}

/** Typists of each part, eight sessions of sixty strokes each. */
export function smallTypists(counts: Readonly<Record<Part, number>>): TraceSession[] {
  return seedsOf((seed) => `typist-${seed}`, partOf, counts)
    .flatMap((seed) => generateTraces(seed, 8, 60));
}

/** Hands of each fold, with a session to enrol with and a shorter one to probe with. */
export function smallHands(eachFold: number, heldOut: number): TraceSession[] {
  const groupOf = (name: string) => foldOf(name) ?? "heldOut";
  const counts = { 0: eachFold, 1: eachFold, 2: eachFold, heldOut };
  return seedsOf((seed) => `hand-${seed}`, groupOf, counts).flatMap((seed) =>
    generateHandTraces(seed, [
      { session: "1min", durationMs: 30_000 },
      { session: "3min", durationMs: 50_000 },
    ])
  );
}

/** Runs with a folder of its own, in which the sessions lie as a trace file. */
export async function withTraces(
  sessions: readonly TraceSession[],
  run: (file: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const file = `${folder}/people.ndjson.gz`;
    await writeTraceFile(file, sessions);
    await run(file, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
