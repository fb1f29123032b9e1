import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { SequenceDetector, unitCentroid } from "../../../core/models/sequence.ts";
import { checkDetector, createObservations } from "./detector_contract.ts";

const point = (...values: number[]) => Float32Array.from(values);

Deno.test("unitCentroid() is the direction of the sum", () => {
  assertEquals([...unitCentroid([point(1, 0), point(1, 0)])], [1, 0]);
  assertAlmostEquals(unitCentroid([point(1, 0), point(0, 1)])[0]!, Math.SQRT1_2, 1e-6);
});

Deno.test("SequenceDetector.scoreOne() is 1 - cosine to the centroid: 0 on it, 2 opposite", async () => {
  const detector = new SequenceDetector();
  const at = (embedding: Float32Array) => ({ endMs: 0, vector: new Float64Array(1), embedding });
  for (let i = 0; i < 8; i++) detector.learnOne(at(point(0, 1)));
  assertAlmostEquals((await detector.scoreOne(at(point(0, 1))))!, 0, 1e-6);
  assertAlmostEquals((await detector.scoreOne(at(point(1, 0))))!, 1, 1e-6);
  assertAlmostEquals((await detector.scoreOne(at(point(0, -1))))!, 2, 1e-6);
});

/** Windows of a hand that varies along the second axis, hardly along the third. */
function gallery(windows: number, apartMs: number) {
  return Array.from({ length: windows }, (_, i) => {
    const turn = 2 * Math.PI * i / 8;
    const [wide, narrow] = [0.4 * Math.sin(turn), 0.02 * Math.cos(turn)];
    const length = Math.hypot(1, wide, narrow);
    const embedding = point(1 / length, wide / length, narrow / length);
    return { endMs: i * apartMs, vector: new Float64Array(1), embedding };
  });
}

Deno.test("SequenceDetector.scoreOne() of a long gallery learns which way its subject varies", async () => {
  const long = { apartMs: 1000, windows: [24, 72] } as const;
  const scores = async (windows: number, apartMs: number) => {
    const detector = new SequenceDetector(long);
    for (const observation of gallery(windows, apartMs)) detector.learnOne(observation);
    const off = (...values: number[]) => {
      const length = Math.hypot(...values);
      const embedding = Float32Array.from(values, (value) => value / length);
      return { endMs: 0, vector: new Float64Array(1), embedding };
    };
    const [wide, narrow] = await detector.scoreMany([off(1, 0.3, 0), off(1, 0, 0.3)]);
    return narrow! / wide!;
  };
  const short = await scores(24, 1000);
  assertAlmostEquals(short, 1, 0.05);
  // As many windows that share input are one sitting.
  assertAlmostEquals(await scores(72, 100), short, 0.05);
  const half = await scores(48, 1000);
  const full = await scores(96, 1000);
  assert(full > half && half > 1.3 * short, `${short} ${half} ${full}`);
});

Deno.test("SequenceDetector.scoreOne() finds a long gallery's own windows as near by either metric", async () => {
  const windows = gallery(96, 1000);
  const mean = async (detector: SequenceDetector) => {
    for (const observation of windows) detector.learnOne(observation);
    const scores = await detector.scoreMany(windows);
    return scores.reduce((sum: number, score) => sum + score!, 0) / scores.length;
  };
  const sphere = await mean(new SequenceDetector());
  const own = await mean(new SequenceDetector({ apartMs: 1000, windows: [24, 72] }));
  assertAlmostEquals(own, sphere, 1e-9);
});

checkDetector("SequenceDetector", () => {
  const observations = createObservations();
  const far = createObservations({ seed: 2 });
  return Promise.resolve({ create: () => new SequenceDetector(), observations, far });
});

checkDetector("SequenceDetector of a long gallery", () => {
  const observations = createObservations().map((observation, i) => {
    return { ...observation, endMs: 1000 * i };
  });
  const far = createObservations({ seed: 2 });
  const create = () => new SequenceDetector({ apartMs: 1000, windows: [2, 4] });
  return Promise.resolve({ create, observations, far });
});
