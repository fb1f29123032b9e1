import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Observation } from "../../core/models/detector.ts";
import {
  anchorOf,
  createProfile,
  dayOf,
  learnFrom,
  learnWindow,
  type Profile,
  PROFILE_SIZE,
  readinessOf,
  sessionsOf,
  stageOf,
} from "../../core/profile.ts";
import { MODALITIES } from "../../core/window.ts";

function observation(endMs: number): Observation {
  return {
    endMs,
    vector: Float64Array.of(endMs / 3, NaN),
    embedding: Float32Array.of(Math.cos(endMs), Math.sin(endMs)),
  };
}

function learned(profile: Profile, windows: number): Profile {
  for (let i = 0; i < windows; i++) profile = learnWindow(profile, observation(i));
  return profile;
}

const NOW_MS = 1.7e12;
const DAY_MS = 24 * 3600_000;
const lesson = (i: number, atMs = NOW_MS) => ({ observation: observation(i), atMs });

const ends = ({ references }: Profile) => references.map(({ endMs }) => endMs);

Deno.test("stageOf() goes from cold over learning to ready", () => {
  for (const modality of MODALITIES) {
    const { ready } = PROFILE_SIZE[modality];
    const cold = createProfile(modality, "v1", 1);
    assertEquals(stageOf(cold), "cold");
    assertEquals(stageOf(learned(cold, 1)), "learning");
    assertEquals(stageOf(learned(cold, ready - 1)), "learning");
    assertEquals(stageOf(learned(cold, ready)), "ready");
  }
});

Deno.test("readinessOf() is 0 until ready and grows to 1 at a full profile", () => {
  for (const modality of MODALITIES) {
    const { ready, keep } = PROFILE_SIZE[modality];
    const cold = createProfile(modality, "v1", 1);
    assertEquals(readinessOf(learned(cold, ready - 1)), 0);
    let before = 0;
    for (let windows = ready; windows <= keep; windows++) {
      const readiness = readinessOf(learned(cold, windows));
      assert(readiness > before);
      before = readiness;
    }
    assertEquals(before, 1);
    assertEquals(readinessOf(learned(cold, keep + 20)), 1);
  }
});

Deno.test("learnWindow() never replaces an anchor and follows the newest windows", () => {
  fc.assert(fc.property(fc.nat(200), (windows) => {
    const { keep, anchors } = PROFILE_SIZE.keyboard;
    const profile = learned(createProfile("keyboard", "v1", 1), windows);
    assertEquals(profile.learned, windows);
    assertEquals(profile.references.length, Math.min(windows, keep));
    const all = Array.from({ length: windows }, (_, i) => i);
    const newest = Math.max(0, Math.min(windows, keep) - anchors);
    const expected = [...all.slice(0, anchors), ...newest ? all.slice(-newest) : []];
    assertEquals(ends(profile), expected);
  }));
});

Deno.test("learnWindow() keeps a pointer's anchors, and of its other windows a uniform sample in their order", () => {
  const { keep, anchors } = PROFILE_SIZE.pointer;
  const sampled = keep - anchors;
  const [windows, people] = [4 * sampled, 150];
  const quarters = [0, 0, 0, 0];
  for (let seed = 0; seed < people; seed++) {
    const profile = learned(createProfile("pointer", "v1", 1000 * seed), anchors + windows);
    assertEquals(profile.learned, anchors + windows);
    const kept = ends(profile);
    assertEquals(kept.length, keep);
    assertEquals(kept, [...new Set(kept)].toSorted((a, b) => a - b));
    assertEquals(kept.slice(0, anchors), Array.from({ length: anchors }, (_, i) => i));
    for (const end of kept.slice(anchors)) quarters[Math.floor(4 * (end - anchors) / windows)]!++;
  }
  for (const quarter of quarters) assert(Math.abs(4 * quarter / (people * sampled) - 1) < 0.1);
});

Deno.test("anchorOf() is the profile as it was enrolled, however much it learned since", () => {
  for (const modality of MODALITIES) {
    const { anchors, settled } = PROFILE_SIZE[modality];
    assert(anchors <= settled);
    const cold = createProfile(modality, "v1", 1);
    const enrolled = learned(cold, anchors);
    assertEquals(anchorOf(learned(cold, anchors + 500)), enrolled);
    assertEquals(anchorOf(enrolled), enrolled);
  }
});

Deno.test("learnWindow() keeps all of a pointer's windows until the profile is full", () => {
  const { keep } = PROFILE_SIZE.pointer;
  const profile = learned(createProfile("pointer", "v1", 5), keep);
  assertEquals(ends(profile), Array.from({ length: keep }, (_, i) => i));
});

Deno.test("learnWindow() leaves the profile it was given as it was", () => {
  const before = learned(createProfile("keyboard", "v1", 1), 3);
  const kept = structuredClone(before);
  learnWindow(before, observation(99));
  assertEquals(before, kept);
});

Deno.test("learnWindow() keeps vectors at the precision they are stored with, missing as missing", () => {
  const { references } = learned(createProfile("pointer", "v1", 1), 2);
  assertEquals([...references[1]!.vector], [Math.fround(1 / 3), NaN]);
});

Deno.test("stageOf() of a profile spread over sessions counts those that gave enough", () => {
  const { ready, sitting } = PROFILE_SIZE.keyboard;
  const from = (profile: Profile, session: string, windows: number) =>
    Array.from({ length: windows }, (_, i) => lesson(i)).reduce(learnFrom(session), profile);
  const one = from(createProfile("keyboard", "v1", 1), "a", ready);
  assertEquals([stageOf(one), stageOf(one, 2)], ["ready", "learning"]);
  const few = from(one, "b", sitting - 1);
  assertEquals([stageOf(few, 2), sessionsOf(few)], ["learning", 1]);
  const two = from(from(few, "a", 1), "b", 1);
  assertEquals([stageOf(two, 2), stageOf(two, 3), sessionsOf(two)], ["ready", "learning", 2]);
});

Deno.test("learnFrom() remembers the sessions that gave most, and no more than a few", () => {
  let profile = createProfile("keyboard", "v1", 1);
  const vouched = (i: number) => ({ ...lesson(i), vouched: true });
  for (let i = 0; i < 100; i++) profile = learnFrom(`s${i}`)(profile, vouched(i));
  for (let i = 0; i < 3; i++) profile = learnFrom("often")(profile, vouched(i));
  for (let i = 0; i < 100; i++) profile = learnFrom(`t${i}`)(profile, vouched(i));
  assert(profile.sittings.length <= 8);
  assert(profile.sittings.some(({ session, windows }) => session === "often" && windows === 3));
});

Deno.test("learnFrom() gives a settled profile at most its share of a day, over all sessions", () => {
  for (const modality of MODALITIES) {
    const { settled, daily } = PROFILE_SIZE[modality];
    const enrolled = Array.from({ length: settled }, (_, i) => lesson(i))
      .reduce(learnFrom("a"), createProfile(modality, "v1", 1));
    assertEquals(enrolled.drift.windows, 0);
    let profile = enrolled;
    for (let i = 0; i < 500; i++) profile = learnFrom(`s${i % 7}`)(profile, lesson(settled + i));
    assertEquals(profile.learned, settled + daily);
    assertEquals(profile.drift, { day: dayOf(NOW_MS), windows: daily });
    assertEquals(learnFrom("b")(profile, lesson(0, NOW_MS - 3 * DAY_MS)), profile);
    const next = learnFrom("b")(profile, lesson(0, NOW_MS + DAY_MS));
    assertEquals(next.drift, { day: dayOf(NOW_MS) + 1, windows: 1 });
    const vouched = learnFrom("b")(profile, { ...lesson(0), vouched: true });
    assertEquals([vouched.learned, vouched.drift], [profile.learned + 1, profile.drift]);
  }
});
