/** The laws that every detector obeys, whatever it is made of. */
import { assert, assertEquals } from "@std/assert";
import {
  type Detector,
  MINIMUM_REFERENCES,
  type Observation,
} from "../../../core/models/detector.ts";
import { seededRandom } from "../../../core/random.ts";

export interface DetectorCase {
  readonly create: (seed: number) => Detector;
  /** Windows of one hand, {@linkcode MINIMUM_REFERENCES} times two or more. */
  readonly observations: readonly Observation[];
  /** Windows of quite another. */
  readonly far: readonly Observation[];
}

/** Registers the laws as tests over one kind of detector. */
export function checkDetector(name: string, make: () => Promise<DetectorCase>): void {
  const law = (criterion: string, check: (one: DetectorCase) => Promise<void>) =>
    Deno.test(`${name} ${criterion}`, async () => await check(await make()));

  law("says undefined, never 0, until it has learned enough", async ({ create, observations }) => {
    const detector = create(1);
    for (const observation of observations.slice(0, MINIMUM_REFERENCES)) {
      assertEquals(await detector.scoreOne(observations.at(-1)!), undefined);
      detector.learnOne(observation);
    }
    assert(Number.isFinite(await detector.scoreOne(observations.at(-1)!)));
  });

  law("scores high what is strange", async ({ create, observations, far }) => {
    const { detector, later } = taught(create(1), observations);
    const [own, strange] = [await mean(detector, later), await mean(detector, far)];
    assert(strange > own, `strange ${strange}, own ${own}`);
  });

  law("learns nothing from what it scores", async ({ create, observations, far }) => {
    const { detector, later } = taught(create(1), observations);
    const before = await detector.scoreMany(later);
    await detector.scoreMany(far);
    for (const observation of far) await detector.scoreOne(observation);
    assertEquals(await detector.scoreMany(later), before);
  });

  law("says the same for the same references and seed", async ({ create, observations }) => {
    const { detector, later } = taught(create(7), observations);
    const again = taught(create(7), observations).detector;
    assertEquals(await again.scoreMany(later), await detector.scoreMany(later));
  });

  law("scores many as it scores one, in their order", async ({ create, observations, far }) => {
    const { detector, later } = taught(create(1), observations);
    const mixed = [...later, ...far];
    const one = await Promise.all(mixed.map((observation) => detector.scoreOne(observation)));
    const many = await detector.scoreMany(mixed);
    many.forEach((score, i) => assert(Math.abs(score! - one[i]!) < 1e-5));
    assertEquals(await detector.scoreMany([]), []);
  });

  law("takes missing features without a NaN", async ({ create, observations }) => {
    const holed = observations.map((observation, i) => ({
      ...observation,
      vector: observation.vector.map((value, place) => (place + i) % 3 ? value : NaN),
    }));
    const { detector, later } = taught(create(1), holed);
    const nothing = { ...later[0]!, vector: later[0]!.vector.map(() => NaN) };
    for (const score of await detector.scoreMany([...later, nothing])) {
      assert(Number.isFinite(score));
    }
  });

  law("says nothing of a feature that no reference has", async ({ create, observations, far }) => {
    const at = (value: number) => (observation: Observation): Observation => ({
      ...observation,
      vector: observation.vector.map((own, place) => place ? own : value),
    });
    const { detector, later } = taught(create(1), observations.map(at(NaN)));
    const unknown = await detector.scoreMany([...later, ...far].map(at(NaN)));
    for (const value of [0, 1, -1e6, 1e6]) {
      assertEquals(await detector.scoreMany([...later, ...far].map(at(value))), unknown);
    }
  });
}

function taught(detector: Detector, observations: readonly Observation[]) {
  const half = observations.length / 2;
  for (const observation of observations.slice(0, half)) detector.learnOne(observation);
  return { detector, later: observations.slice(half) };
}

async function mean(detector: Detector, observations: readonly Observation[]): Promise<number> {
  const scores = await detector.scoreMany(observations);
  return scores.reduce<number>((sum, score) => sum + score!, 0) / scores.length;
}

/** Windows of one made-up hand: a cloud of vectors, embeddings near one point of the sphere. */
export function createObservations({ width = 6, dimensions = 8, count = 32, seed = 1 } = {}) {
  const random = seededRandom(seed);
  const noise = () => random() + random() + random() - 1.5;
  const centre = Array.from({ length: dimensions }, noise);
  return Array.from({ length: count }, (_, i): Observation => {
    const raw = centre.map((value) => value + 0.2 * noise());
    const length = Math.hypot(...raw);
    return {
      endMs: i,
      vector: Float64Array.from({ length: width }, noise),
      embedding: Float32Array.from(raw, (value) => value / length),
    };
  });
}
