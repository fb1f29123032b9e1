import { assertAlmostEquals, assertEquals } from "@std/assert";
import { fusedNats } from "../../../core/evidence.ts";
import type { Fusion } from "../../../core/models/model_set.ts";
import { probeScore } from "../../../models/evaluation/figures.ts";

const term = (weightNats: number, neutral: number) =>
  ({ transform: "identity", weightNats, neutral }) as const;
const TERMS: Fusion = {
  isolationForest: term(2, 0.5),
  sequence: term(4, 0.4),
  verifier: term(1, 0.5),
  steadiness: term(1, 0.8),
};
const window = (sequence: number, isolationForest = 0.6) => {
  return { scores: { sequence, isolationForest, verifier: 0.7 }, amount: 1000 };
};

Deno.test("probeScore() adds windows' ratios up where the fusion pools nothing", () => {
  const windows = [window(0.3), window(0.9), window(0.5)];
  const probe = { windows, pooled: { sequence: 0.2 } };
  const sum = windows.reduce((nats, { scores }) => nats + fusedNats(TERMS, scores)!, 0);
  assertAlmostEquals(probeScore(probe, "fused", {}, TERMS), sum, 1e-12);
  assertAlmostEquals(probeScore(probe, "sequence", {}, TERMS), (0.3 + 0.9 + 0.5) / 3, 1e-12);
});

Deno.test("probeScore() of one window is the window's ratio, pooled or not", () => {
  const windows = [window(0.3)];
  const probe = { windows, pooled: { sequence: 0.3 } };
  const pooling = { resultant: 0.7 };
  const nats = fusedNats(TERMS, windows[0]!.scores)!;
  assertAlmostEquals(probeScore(probe, "fused", { pooling }, TERMS), nats, 1e-12);
});

Deno.test("probeScore() of many windows that say the same says what one of them does", () => {
  const nats = fusedNats(TERMS, window(0.6).scores)!;
  for (const many of [2, 1000]) {
    const windows = Array.from({ length: many }, () => window(0.6));
    // The mean of windows that are all alike is as near as each of them.
    const probe = { windows, pooled: { sequence: 0.6 } };
    const pooling = { resultant: 1 };
    assertAlmostEquals(probeScore(probe, "fused", { pooling }, TERMS), nats, 1e-9);
  }
});

Deno.test("probeScore() reads a centroid's distance as one window's", () => {
  // Windows of a hand of resultant 0.8, each 0.36 away from the profile, whose noise is at right angles.
  const [resultant, windows] = [0.8, 4];
  const length = Math.sqrt(resultant ** 2 + (1 - resultant ** 2) / windows);
  const probe = {
    windows: Array.from({ length: windows }, () => window(0.36)),
    pooled: { sequence: 1 - 0.64 / length },
  };
  const pooling = { resultant };
  assertAlmostEquals(probeScore(probe, "sequence", { pooling }, TERMS), 0.36, 1e-12);
  assertEquals(
    probeScore(probe, "isolationForest", { pooling }, TERMS),
    probeScore(probe, "isolationForest", {}, TERMS),
  );
});
