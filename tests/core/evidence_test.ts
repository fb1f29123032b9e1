import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  natsOf,
  usualOf,
  weakened,
  type Weigher,
  weighWindow,
  type WindowEvidence,
} from "../../core/evidence.ts";
import type { Observation } from "../../core/models/detector.ts";
import { createProfile, learnWindow } from "../../core/profile.ts";
import type { Stroke } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { SMALL_MODELS, windowsOf } from "./small_models.ts";

const { keyboard } = SMALL_MODELS;
const ada = createTypist(1);
const enrolment = await observe(ada.type(240, 0));
const genuine = await observe(ada.type(150, 1e6));
const strange = await observe(createTypist(2).type(150, 1e6));

async function observe(strokes: readonly Stroke[]): Promise<Observation[]> {
  const observed = await Promise.all(
    windowsOf(strokes).map((window) => keyboard.createObserver().observe(window)),
  );
  return observed.filter((observation) => observation !== undefined);
}

function weigherOf(references: typeof enrolment): Weigher {
  const profile = references.reduce(learnWindow, createProfile("keyboard", keyboard.version, 7));
  const detectors = keyboard.createDetectors(7);
  for (const reference of profile.references) {
    for (const detector of detectors) detector.learnOne(reference);
  }
  const { features, withinDeviation, fusion } = keyboard;
  return { modality: "keyboard", features, withinDeviation, fusion, detectors, profile };
}

function weigh(observation: typeof enrolment[number], references = enrolment) {
  const weigher = weigherOf(references);
  return weighWindow(weigher, usualOf(weigher), observation);
}

const sum = (parts: WindowEvidence["parts"]) => parts.reduce((total, { nats }) => total + nats, 0);

Deno.test("weighWindow() gives parts that telescope to the evidence, and detectors that add up to it", async () => {
  for (const observation of [...genuine, ...strange]) {
    const evidence = (await weigh(observation))!;
    assertAlmostEquals(sum(evidence.parts), evidence.nats, 1e-9);
    const byDetector = Object.values(evidence.detectors);
    assertAlmostEquals(
      byDetector.reduce((total, { nats }) => total + nats, 0),
      evidence.nats,
      1e-9,
    );
  }
});

Deno.test("weighWindow() speaks for the subject and against a stranger", async () => {
  const natsOfAll = async (list: typeof genuine) =>
    (await Promise.all(list.map((observation) => weigh(observation)))).map((e) => e!.nats);
  const [own, other] = [await natsOfAll(genuine), await natsOfAll(strange)];
  assert(Math.max(...own) < Math.min(...other), `${own} against ${other}`);
});

Deno.test("weighWindow() is undefined until every detector has learned enough", async () => {
  assertEquals(await weigh(genuine[0]!, enrolment.slice(0, 1)), undefined);
  assert(await weigh(genuine[0]!, enrolment.slice(0, 2)));
});

Deno.test("weighWindow() names each feature once, with its deviation in words, and none that is missing", async () => {
  const missing = Float64Array.from(strange[0]!.vector);
  missing[0] = NaN;
  const evidence = (await weigh({ ...strange[0]!, vector: missing }))!;
  const keys = evidence.parts.map(({ key }) => key);
  assertEquals(new Set(keys).size, keys.length);
  assert(!keys.includes(keyboard.features[0]!.name));
  assert(keys.includes("sequence") && keys.includes("usual") && keys.includes("rest"));
  const named = evidence.parts.filter(({ key }) => keyboard.features.some((f) => f.name === key));
  assertEquals(named.length, 10);
  for (const { words } of named) assert(/than usual, \d+\.\d deviations$/.test(words), words);
});

Deno.test("weighWindow() of a window that is wholly as usual gives its features no share", async () => {
  const weigher = weigherOf(enrolment);
  const usual = usualOf(weigher);
  const vector = Float64Array.from(usual.centre);
  const evidence = (await weighWindow(weigher, usual, { ...genuine[0]!, vector }))!;
  for (const { key, nats } of evidence.parts) {
    if (!["usual", "sequence", "steadiness"].includes(key)) assertEquals(nats, 0);
  }
});

Deno.test("weighWindow() repeats itself: same profile, seed and window, same evidence", async () => {
  assertEquals(await weigh(strange[0]!), await weigh(strange[0]!));
});

Deno.test("weakened() keeps every part's share", async () => {
  const evidence = (await weigh(strange[0]!))!;
  const half = weakened(evidence, 0.5);
  assertAlmostEquals(half.nats, evidence.nats / 2, 1e-12);
  assertAlmostEquals(sum(half.parts), half.nats, 1e-9);
  assertEquals(weakened(evidence, 0).nats, 0);
});

Deno.test("natsOf() is zero at the neutral score and rises with it; a logit never runs away", () => {
  const identity = { transform: "identity", neutral: 0.4, weightNats: 10 } as const;
  assertEquals(natsOf(identity, 0.4), 0);
  assertAlmostEquals(natsOf(identity, 0.6), 2, 1e-12);
  const logit = { transform: "logit", neutral: 0, weightNats: 1 } as const;
  assertAlmostEquals(natsOf(logit, 0.5), 0, 1e-12);
  assertEquals(natsOf(logit, 1), natsOf(logit, 0.999));
  assertEquals(natsOf(logit, 0), natsOf(logit, 0.001));
  assertAlmostEquals(natsOf(logit, 1), Math.log(999), 1e-9);
});

Deno.test("natsOf() says no more beyond the range that a term was fitted on", () => {
  const open = { transform: "identity", neutral: 0.4, weightNats: 10 } as const;
  const held = { ...open, range: [0.1, 0.9] } as const;
  for (const score of [0.1, 0.3, 0.9]) assertEquals(natsOf(held, score), natsOf(open, score));
  assertEquals(natsOf(held, -1), natsOf(open, 0.1));
  assertEquals(natsOf(held, 50), natsOf(open, 0.9));
  // Of a logit the range is of what is transformed.
  const logit = { transform: "logit", neutral: 0, weightNats: 1, range: [-2, 2] } as const;
  assertEquals(natsOf(logit, 0.99), 2);
  assertEquals(natsOf(logit, 0.01), -2);
});
