import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { errorRates } from "../../../models/evaluation/metrics.ts";
import {
  IsolationForest,
  IsolationForestDetector,
  meanPathLength,
} from "../../../core/models/isolation_forest.ts";
import { seededRandom } from "../../../core/random.ts";
import fixture from "../../fixtures/sklearn_isolation_forest.json" with { type: "json" };
import { alongFeatures } from "../features/discriminants.ts";
import { checkDetector, createObservations } from "./detector_contract.ts";

const cloud = (count: number, width: number, seed: number) => {
  const random = seededRandom(seed);
  const normal = () => random() + random() + random() + random() - 2;
  return Array.from({ length: count }, () => Float64Array.from({ length: width }, normal));
};

Deno.test("IsolationForest given scikit-learn's trees returns scikit-learn's scores to 1e-6", () => {
  const forest = new IsolationForest(fixture.trees, fixture.sampleSize);
  fixture.probes.forEach((probe, i) => {
    assertAlmostEquals(forest.score(Float64Array.from(probe)), fixture.scores[i]!, 1e-6);
  });
});

Deno.test("meanPathLength() is that of the paper", () => {
  assertEquals([0, 1, 2].map(meanPathLength), [0, 0, 1]);
  assertAlmostEquals(meanPathLength(256), 10.244770920119438, 1e-9);
});

Deno.test("IsolationForest.fit() finds what lies apart", () => {
  const forest = IsolationForest.fit(cloud(200, 5, 1), { random: seededRandom(2) });
  const own = cloud(100, 5, 3).map((row) => forest.score(row));
  const strange = cloud(100, 5, 4).map((row) => forest.score(row.map((value) => value + 2)));
  assert(errorRates(own, strange).auc > 0.98);
});

Deno.test("IsolationForest.score() lies in (0, 1) and repeats under a seed", () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 40 }), (seed, count) => {
      const rows = cloud(count, 3, seed);
      const scores = [1, 2].map(() => {
        const forest = IsolationForest.fit(rows, { random: seededRandom(seed), trees: 10 });
        return rows.map((row) => forest.score(row));
      });
      assertEquals(scores[0], scores[1]);
      assert(scores[0]!.every((score) => score > 0 && score < 1));
    }),
    { numRuns: 30 },
  );
});

Deno.test("IsolationForest.fit() copes with rows that are all alike", () => {
  const rows = Array.from({ length: 20 }, () => Float64Array.from([1, 2, 3]));
  const forest = IsolationForest.fit(rows, { random: seededRandom(1) });
  assert(Number.isFinite(forest.score(Float64Array.from([1, 2, 3]))));
});

Deno.test("IsolationForestDetector.scoreOne() takes a missing value as the references' median", async () => {
  const references = cloud(9, 2, 1);
  const detector = new IsolationForestDetector({
    seed: 1,
    discriminant: alongFeatures(Float64Array.from([1, 1])),
  });
  const at = (...vector: number[]) => {
    return { endMs: 0, vector: Float64Array.from(vector), embedding: new Float32Array(0) };
  };
  for (const vector of references) detector.learnOne(at(...vector));
  const median = references.map(([, value]) => value!).sort((a, b) => a - b)[4]!;
  assertEquals(await detector.scoreOne(at(3, NaN)), await detector.scoreOne(at(3, median)));
});

checkDetector("IsolationForestDetector", () => {
  const observations = createObservations();
  const width = observations[0]!.vector.length;
  const discriminant = alongFeatures(new Float64Array(width).fill(1));
  return Promise.resolve({
    create: (seed: number) => new IsolationForestDetector({ seed, discriminant }),
    observations,
    far: observations.map((one) => ({ ...one, vector: one.vector.map((value) => value + 8) })),
  });
});
