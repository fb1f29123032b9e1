import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type Crowd, CrowdDetector, crowdOf } from "../../../core/models/crowd.ts";
import type { Detector } from "../../../core/models/detector.ts";
import { unitCentroid } from "../../../core/models/sequence.ts";
import { checkDetector, createObservations } from "./detector_contract.ts";

const at = (...values: number[]) => ({
  endMs: 0,
  vector: new Float64Array(1),
  embedding: Float32Array.from(values),
});

function taught(crowd: Crowd): CrowdDetector {
  const detector = new CrowdDetector(crowd);
  for (let i = 0; i < 8; i++) detector.learnOne();
  return detector;
}

Deno.test("crowdOf() reads signed bytes as directions of unit length", () => {
  const bytes = String.fromCharCode(127, 0, 256 - 127, 127);
  const { directions } = crowdOf({ directions: btoa(bytes), width: 2, concentration: 10 });
  const expected = [1, 0, -Math.SQRT1_2, Math.SQRT1_2];
  expected.forEach((value, i) => assertAlmostEquals(directions[i]!, value, 1e-6));
});

Deno.test("CrowdDetector.scoreOne() is the cosine to a crowd of one", async () => {
  const crowd = { width: 2, directions: Float32Array.of(1, 0), concentration: 10 };
  for (const [x, y] of [[1, 0], [0, 1], [-1, 0], [0.6, 0.8]] as const) {
    assertAlmostEquals((await taught(crowd).scoreOne(at(x, y)))!, x, 1e-6);
  }
});

Deno.test("CrowdDetector.scoreOne() is high among people and low apart from them", async () => {
  const crowd = { width: 2, directions: Float32Array.of(1, 0, 0.8, 0.6), concentration: 10 };
  const scores = await taught(crowd).scoreMany([at(0.96, 0.28), at(1, 0), at(0, 1), at(-1, 0)]);
  for (let i = 1; i < scores.length; i++) assert(scores[i]! < scores[i - 1]!, `${scores}`);
  // Two of whom one is met: half of the mean is lost, in kappa's unit.
  const apart = { width: 2, directions: Float32Array.of(1, 0, -1, 0), concentration: 10 };
  assertAlmostEquals((await taught(apart).scoreOne(at(1, 0)))!, 1 - Math.LN2 / 10, 1e-6);
});

checkDetector("CrowdDetector", () => {
  const observations = createObservations();
  const far = createObservations({ seed: 2 });
  const directions = unitCentroid(far.map(({ embedding }) => embedding));
  const crowd = { width: directions.length, directions, concentration: 10 };
  return Promise.resolve({ create: () => new CrowdDetector(crowd), observations, far });
});

Deno.test("CrowdDetector.scoreMany() says the same whomever it learned", async () => {
  const observations = createObservations();
  const directions = unitCentroid(observations.map(({ embedding }) => embedding));
  const crowd = { width: directions.length, directions, concentration: 10 };
  const [one, other]: Detector[] = [new CrowdDetector(crowd), new CrowdDetector(crowd)];
  for (const observation of observations.slice(0, 4)) one!.learnOne(observation);
  for (const observation of observations.slice(4)) other!.learnOne(observation);
  assertEquals(await one!.scoreMany(observations), await other!.scoreMany(observations));
});
