import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../core/random.ts";
import { SteadinessDetector } from "../../../core/models/steadiness.ts";
import { unitCentroid } from "../../../core/models/sequence.ts";
import type { Observation } from "../../../core/models/detector.ts";

const OVERLAP = 5;

/** Windows about one direction, each off it by as much as `noise`; neighbours share their noise. */
function windows(count: number, noise: number, seed = 1): Observation[] {
  const random = seededRandom(seed);
  const off = Array.from(
    { length: count + OVERLAP },
    () => Array.from({ length: 8 }, () => noise * (2 * random() - 1)),
  );
  return Array.from({ length: count }, (_, i) => {
    const shared = off.slice(i, i + OVERLAP);
    const values = Array.from(
      { length: 8 },
      (_, axis) => (axis ? 0 : 1) + shared.reduce((sum, row) => sum + row[axis]!, 0),
    );
    const embedding = unitCentroid([Float32Array.from(values)]);
    return { endMs: i, vector: new Float64Array(), embedding };
  });
}

function taught(references: readonly Observation[]): SteadinessDetector {
  const detector = new SteadinessDetector(OVERLAP);
  for (const reference of references) detector.learnOne(reference);
  return detector;
}

Deno.test("SteadinessDetector is undefined until windows that share nothing are there", async () => {
  const [probe] = windows(1, 0.1, 2);
  const detector = new SteadinessDetector(OVERLAP);
  for (const reference of windows(OVERLAP + 4, 0.1)) {
    assertEquals(await detector.scoreOne(probe!), undefined);
    detector.learnOne(reference);
  }
  assert(Number.isFinite(await detector.scoreOne(probe!)));
});

Deno.test("SteadinessDetector scores the steadier person higher, whatever the window", async () => {
  const [steady, unsteady] = [0.05, 0.4].map((noise) => taught(windows(30, noise)));
  const probes = windows(3, 1, 9);
  const high = await steady!.scoreMany(probes);
  const low = await unsteady!.scoreMany(probes);
  assert(high[0]! > low[0]!, `${high[0]} against ${low[0]}`);
  assertEquals(new Set(high).size, 1);
  assertEquals(await steady!.scoreOne(probes[2]!), high[0]);
});

Deno.test("SteadinessDetector does not take overlapping windows for alike", async () => {
  // Neighbours share four fifths of their noise; all the same, twice the windows say no more.
  const some = await taught(windows(40, 0.4)).scoreOne(windows(1, 1)[0]!);
  const naive = windows(40, 0.4);
  const centroid = unitCentroid(naive.map(({ embedding }) => embedding));
  const flattered = naive.reduce(
    (sum, { embedding }) =>
      sum + embedding.reduce((dot, value, i) => dot + value * centroid[i]!, 0),
    0,
  ) / naive.length;
  assert(some! < flattered);
});
