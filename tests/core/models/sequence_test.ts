import { assertAlmostEquals, assertEquals } from "@std/assert";
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

checkDetector("SequenceDetector", () => {
  const observations = createObservations();
  const far = createObservations({ seed: 2 });
  return Promise.resolve({ create: () => new SequenceDetector(), observations, far });
});
