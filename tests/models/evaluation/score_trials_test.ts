import { assert, assertEquals } from "@std/assert";
import {
  type Detector,
  type DetectorName,
  IMPARTIAL_DETECTORS,
  MINIMUM_REFERENCES,
  type Observation,
} from "../../../core/models/detector.ts";
import { CrowdDetector } from "../../../core/models/crowd.ts";
import type { TraceSession } from "../../../core/trace.ts";
import type { Eye } from "../../../models/evaluation/observe.ts";
import { scoreTrials } from "../../../models/evaluation/score_trials.ts";
import type { Trials } from "../../../models/evaluation/trials.ts";

const [SUBJECTS, PROBES, WINDOWS] = [["a", "b", "c"], 2, 3];

const session = (subject: string, name: string): TraceSession => ({
  subject,
  session: name,
  keys: [[0, 80, 65]],
});
const TRIALS: Trials = {
  enrolled: SUBJECTS.map((subject) => ({
    subject,
    sessions: Array.from({ length: MINIMUM_REFERENCES }, (_, i) => session(subject, `${i}`)),
  })),
  probes: new Map(SUBJECTS.map((subject) => [
    subject,
    Array.from({ length: PROBES }, (_, i) => ({ subject, sessions: [session(subject, `p${i}`)] })),
  ])),
};

/** How far a window's only number lies from the mean of those that were learned. */
class Distance implements Detector {
  readonly reads = "embedding";
  #learned: number[] = [];
  constructor(readonly name: DetectorName) {}
  learnOne({ embedding }: Observation) {
    this.#learned.push(embedding[0]!);
  }
  async scoreOne(observation: Observation) {
    return (await this.scoreMany([observation]))[0];
  }
  scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]> {
    const centre = this.#learned.reduce((sum, value) => sum + value / this.#learned.length, 0);
    return Promise.resolve(observations.map(({ embedding }) => Math.abs(embedding[0]! - centre)));
  }
}

/** Sees windows of a number each, and counts what the crowd is asked of. */
function eyeOf() {
  const asked = new Map<Observation, number>();
  class CountedCrowd extends CrowdDetector {
    override scoreMany(observations: readonly Observation[]) {
      for (const observation of observations) {
        asked.set(observation, (asked.get(observation) ?? 0) + 1);
      }
      return super.scoreMany(observations);
    }
  }
  const crowd = { width: 1, directions: Float32Array.of(1), concentration: 2 };
  let made = 0;
  const eye = {
    modality: "keyboard",
    window: { length: 50, hop: 10 },
    models: {
      version: "1",
      withinDeviation: Float64Array.of(1),
      createDetectors: () => [new Distance("sequence"), new CountedCrowd(crowd)],
    },
    observe: (sessions: readonly TraceSession[], choose: (all: unknown[]) => unknown[]) => {
      const count = sessions[0]!.session.startsWith("p") ? WINDOWS : sessions.length;
      const windows = Array.from({ length: count }, () => {
        const value = ++made / 100;
        const embedding = Float32Array.of(value);
        const observation = { endMs: 1000 * made, vector: Float64Array.of(value), embedding };
        return { observation, endMs: 1000 * made, amount: 10, at: 10 * made };
      });
      return Promise.resolve(choose(windows));
    },
  } as unknown as Eye;
  return { eye, asked };
}

Deno.test("scoreTrials() gives every comparison the scores that its own profile gives it", async () => {
  const { eye } = eyeOf();
  const { comparisons } = await scoreTrials(eye, TRIALS, { seed: 1 });
  assertEquals(comparisons.length, SUBJECTS.length * (PROBES + SUBJECTS.length - 1));
  for (const { windows } of comparisons) {
    for (const { scores } of windows) {
      assert(Number.isFinite(scores.sequence) && Number.isFinite(scores.crowd));
    }
  }
  // Of one probe against two profiles the distance differs, the likeness to the crowd does not.
  const [own, other] = ["a", "b"].map((_, claimed) =>
    comparisons.filter((one) => one.claimed === claimed).flatMap(({ windows }) => windows)
  );
  const shared = own!.flatMap((mine) =>
    other!.filter((theirs) => theirs.scores.crowd === mine.scores.crowd)
      .map((theirs) => [mine.scores.sequence, theirs.scores.sequence])
  );
  assert(shared.length > 0);
  for (const [mine, theirs] of shared) assert(mine !== theirs);
});

Deno.test("scoreTrials() asks an impartial detector of a window once, however many profiles", async () => {
  const { eye, asked } = eyeOf();
  const { comparisons } = await scoreTrials(eye, TRIALS, { seed: 1 });
  assert(IMPARTIAL_DETECTORS.has("crowd"));
  assert(comparisons.flatMap(({ windows }) => windows).length > asked.size);
  for (const count of asked.values()) assertEquals(count, 1);
});

Deno.test("scoreTrials() scores probes as wholes only where it is asked to", async () => {
  const [apart, pooled] = await Promise.all([false, true].map(async (pools) => {
    const { eye } = eyeOf();
    return (await scoreTrials(eye, TRIALS, { seed: 1, pools })).comparisons;
  }));
  for (const one of apart!) assertEquals(one.pooled, {});
  for (const [i, { windows, pooled: whole }] of pooled!.entries()) {
    assertEquals(windows, apart![i]!.windows);
    assertEquals(Object.keys(whole).sort(), ["crowd", "sequence"]);
  }
});
