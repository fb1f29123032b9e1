import { assert, assertEquals } from "@std/assert";
import { KEYSTROKE_FEATURES } from "../../../core/features/keystroke.ts";
import { checkDetector, createObservations } from "./detector_contract.ts";
import { loadKeyboard } from "../../../core/models/load.ts";
import { readModelFile } from "./model_files.ts";

const width = KEYSTROKE_FEATURES.length;

/** Vectors that vary about a typical typist as much as the population's windows do. */
async function createCase() {
  const { createDetectors, withinDeviation } = await loadKeyboard(readModelFile);
  const typical = Float64Array.from(withinDeviation, (deviation) => 4 * deviation);
  const spread = (offset: number, seed: number) =>
    createObservations({ width, seed }).map((one) => ({
      ...one,
      vector: one.vector.map((value, i) => typical[i]! + (value + offset) * withinDeviation[i]!),
    }));
  return {
    create: (seed: number) => createDetectors(seed).find(({ name }) => name === "verifier")!,
    observations: spread(0, 1),
    far: spread(4, 2),
  };
}

checkDetector("VerifierDetector", createCase);

Deno.test("VerifierDetector.scoreOne() is a probability", async () => {
  const { create, observations, far } = await createCase();
  const detector = create(1);
  for (const observation of observations) detector.learnOne(observation);
  const scores = await detector.scoreMany([...observations, ...far]);
  assert(scores.every((score) => score! >= 0 && score! <= 1));
  assertEquals(scores.length, observations.length + far.length);
});
