import { assert, assertEquals } from "@std/assert";
import { dayOf, PROFILE_SIZE, stageOf } from "../../core/profile.ts";
import {
  createKeyboardTrack,
  createPointerTrack,
  type KeyboardTrack,
} from "../../core/modality_tracks.ts";
import type { Stroke } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { SMALL_MODELS, WINDOW } from "./small_models.ts";

const READY_STROKES = WINDOW.least + (PROFILE_SIZE.keyboard.ready - 1) * WINDOW.hop;
const SETTLED_STROKES = WINDOW.least + (PROFILE_SIZE.keyboard.settled - 1) * WINDOW.hop;
const START = {
  profile: undefined,
  seed: 7,
  record: undefined,
  session: "s",
  enrolment: { sessions: 1, mayEnrol: true },
};
const NOW_MS = 1.7e12;
const DAY_MS = 24 * 3600_000;
/** Hops after which two windows share no stroke. */
const APART = WINDOW.strokes / WINDOW.hop;

const strokes = createTypist(1).type(1200, 0);
const enrolment = strokes.slice(0, READY_STROKES);
const later = strokes.slice(SETTLED_STROKES);

function createTrack(): KeyboardTrack {
  return createKeyboardTrack(SMALL_MODELS.keyboard, START);
}

/** Plays strokes as a session does, with trust as `isTrusted` says of each window, from 0. */
async function play(
  track: KeyboardTrack,
  strokes: readonly Stroke[],
  isTrusted: (window: number) => boolean = () => true,
  nowMs = NOW_MS,
) {
  const scored = [];
  let window = 0;
  for (const stroke of strokes) {
    const cut = track.push(stroke);
    if (!cut) continue;
    const observation = (await track.observe(cut))!;
    if (track.learnConfirmed(observation, nowMs)) continue;
    const evidence = await track.weigh(observation);
    if (evidence) scored.push(evidence);
    await track.settle(observation, evidence, isTrusted(window++), nowMs);
  }
  return scored;
}

function endMsOf({ timeMs, holdMs }: Stroke): number {
  return timeMs + holdMs;
}

/** A track whose profile has settled. */
async function enrolled(): Promise<KeyboardTrack> {
  const track = createTrack();
  await play(track, strokes.slice(0, SETTLED_STROKES));
  assertEquals(track.profile.learned, PROFILE_SIZE.keyboard.settled);
  track.takeLearned();
  return track;
}

Deno.test("Track counts down what is missing and is ready when it said it would be", async () => {
  const track = createTrack();
  assertEquals(track.status, {
    stage: "cold",
    learned: 0,
    missing: { amount: READY_STROKES, unit: "strokes" },
  });
  for (const [i, stroke] of enrolment.entries()) {
    assertEquals(track.status.missing, { amount: READY_STROKES - i, unit: "strokes" });
    await play(track, [stroke]);
  }
  assertEquals(track.status, { stage: "ready", learned: PROFILE_SIZE.keyboard.ready });
});

Deno.test("Track.weigh() says nothing before the profile is ready and always something after", async () => {
  const track = createTrack();
  assertEquals(await play(track, enrolment), []);
  const next = strokes.slice(READY_STROKES, READY_STROKES + 300);
  assertEquals((await play(track, next)).length, 30);
  assertEquals(track.scored, 30);
});

Deno.test("Track.settle() teaches an unfinished profile every trusted window, and no other", async () => {
  const track = createTrack();
  await play(track, enrolment, (window) => window % 2 === 0);
  assertEquals(track.takeLearned().length, PROFILE_SIZE.keyboard.ready / 2);
  assertEquals(track.takeLearned(), []);
  assertEquals(stageOf(track.profile), "learning");
});

Deno.test("Track.settle() goes on enrolling a ready profile with windows that speak for the subject", async () => {
  const track = createTrack();
  await play(track, enrolment);
  track.reset();
  const evidence = await play(track, createTypist(2).type(200, 1e6));
  assert(evidence.every(({ nats }) => nats > 0), `${evidence.map(({ nats }) => nats)}`);
  assertEquals(track.profile.learned, PROFILE_SIZE.keyboard.ready);
  track.reset();
  await play(track, strokes.slice(READY_STROKES, SETTLED_STROKES + WINDOW.least));
  assert(track.profile.learned > PROFILE_SIZE.keyboard.ready + 6);
});

Deno.test("Track.settle() teaches a settled profile windows that share no input, after a window of trust", async () => {
  const track = await enrolled();
  const evidence = await play(track, later);
  const learned = track.takeLearned();
  assert(learned.length > 3, `${learned.length} windows`);
  const places = learned.map(({ observation }) =>
    evidence.findIndex(({ endMs }) => endMs === observation.endMs)
  );
  places.forEach((place, i) => {
    assert(place - (places[i - 1] ?? -Infinity) >= APART, `windows ${places}`);
    assert(place + APART < evidence.length);
  });
});

Deno.test("Track.settle() learns only windows that speak for the subject", async () => {
  const track = await enrolled();
  track.reset();
  const evidence = await play(track, createTypist(2).type(600, 1e6));
  assert(evidence.every(({ nats }) => nats > 0));
  // Trusted all along, as no session would be: even so nothing of it is learned.
  assertEquals(track.takeLearned(), []);
});

Deno.test("Track.settle() forgets the window in quarantine when trust is lost before it was followed", async () => {
  for (let lost = APART; lost < 2 * APART; lost++) {
    const track = await enrolled();
    await play(track, later, (window) => window < lost);
    assertEquals(track.takeLearned(), []);
  }
});

Deno.test("Track.settle() forgets the window in quarantine when one that follows speaks against", async () => {
  // Own windows until one is in quarantine, then a stranger's; trusted all along, as none would be.
  const track = await enrolled();
  let at = 0;
  while (!track.record.quarantine) await play(track, [later[at++]!]);
  const stranger = createTypist(2).type(WINDOW.strokes, later[at]!.timeMs);
  const evidence = await play(track, stranger);
  assert(evidence.some(({ nats }) => nats > 0));
  assertEquals(track.takeLearned(), []);
});

Deno.test("Track.learnConfirmed() takes the first window after a step-up as it grows, and no more", async () => {
  const track = await enrolled();
  await play(track, later.slice(0, WINDOW.strokes));
  track.takeLearned();
  track.confirm();
  // Another hand's, so that nothing else would be learned.
  const other = createTypist(2).type(200, 1e6);
  const evidence = await play(track, other);
  const learned = track.takeLearned();
  assertEquals(learned.length, 3);
  assert(learned.every(({ vouched }) => vouched));
  assertEquals(learned.at(-1)!.observation.endMs, endMsOf(other[WINDOW.strokes - 1]!));
  // What was typed before the step-up is in none of them.
  assertEquals(evidence.length, (200 - WINDOW.strokes) / WINDOW.hop);
});

Deno.test("Track.learnConfirmed() is asked of a track that was put down in between", async () => {
  const first = await enrolled();
  first.confirm();
  const { profile, record } = first;
  const second = createKeyboardTrack(SMALL_MODELS.keyboard, { ...START, profile, record });
  await play(second, createTypist(2).type(WINDOW.strokes, 1e6));
  assertEquals(second.takeLearned().length, 3);
  assertEquals(second.record.confirmed, undefined);
});

Deno.test("Track goes on from its record as if it had never been put down", async () => {
  const whole = await enrolled();
  const expected = await play(whole, later);
  for (const cut of [0, 7, 57, 143, 500]) {
    const first = await enrolled();
    const before = await play(first, later.slice(0, cut));
    const learned = first.takeLearned();
    const second = createKeyboardTrack(SMALL_MODELS.keyboard, {
      ...START,
      profile: structuredClone(first.profile),
      seed: 99,
      record: structuredClone(first.record),
    });
    const after = await play(second, later.slice(cut));
    assertEquals([...before, ...after], expected);
    assertEquals(second.scored, whole.scored);
    const ends = [...learned, ...second.takeLearned()].map(({ observation }) => observation.endMs);
    const references = whole.profile.references.map(({ endMs }) => endMs);
    assertEquals(ends, references.slice(-ends.length));
  }
});

Deno.test("Track.settle() learns so many windows a day and no more, but for what a step-up vouches for", async () => {
  const { daily } = PROFILE_SIZE.keyboard;
  const track = await enrolled();
  const typist = createTypist(1);
  const day = () => typist.type(2000, 1e6);
  for (
    const [nowMs, expected] of [
      [NOW_MS, daily],
      [NOW_MS + 1000, 0],
      [NOW_MS - DAY_MS, 0],
      [NOW_MS + DAY_MS, daily],
    ] as const
  ) {
    track.reset();
    await play(track, day(), undefined, nowMs);
    assertEquals(track.takeLearned().length, expected);
  }
  assertEquals(track.profile.drift, { day: dayOf(NOW_MS + DAY_MS), windows: daily });
  track.confirm();
  await play(track, day(), undefined, NOW_MS + DAY_MS);
  assertEquals(track.takeLearned().length, 3);
});

Deno.test("Track.settle() learns nothing that the first enrolment would not, whatever was learned since", async () => {
  const track = await enrolled();
  const other = createTypist(2);
  for (let stepUps = 0; stepUps < 20; stepUps++) {
    track.confirm();
    await play(track, other.type(WINDOW.strokes, 1e6 + 1e5 * stepUps));
  }
  track.takeLearned();
  track.reset();
  const evidence = await play(track, other.type(1500, 1e8));
  // The profile itself would have learned them.
  assert(
    evidence.filter(({ nats }) => nats < -2.5).length > evidence.length / 2,
    `${evidence.map(({ nats }) => nats)}`,
  );
  assertEquals(track.takeLearned(), []);
});

Deno.test("Track forgets what was in quarantine when its profile was rolled back meanwhile", async () => {
  const first = await enrolled();
  let at = 0;
  while (!first.record.quarantine) await play(first, [later[at++]!]);
  for (const rollbacks of [0, 1]) {
    const profile = { ...first.profile, rollbacks };
    const second = createKeyboardTrack(SMALL_MODELS.keyboard, {
      ...START,
      profile,
      record: first.record,
    });
    assertEquals(second.record.quarantine !== undefined, rollbacks === 0);
    assertEquals(second.record.rollbacks, rollbacks || undefined);
  }
});

Deno.test("Track.reset() reads no window across what was lost", async () => {
  const track = createTrack();
  await play(track, enrolment.slice(0, 29));
  track.reset();
  assertEquals(await play(track, enrolment.slice(29, 58)), []);
  assertEquals(track.takeLearned(), []);
  assertEquals(track.status.missing?.amount, 1 + (PROFILE_SIZE.keyboard.ready - 1) * WINDOW.hop);
});

Deno.test("Track of a pointer says in seconds of movement what is missing", () => {
  const track = createPointerTrack(SMALL_MODELS.pointer, START);
  const { activeMs, hopMs } = SMALL_MODELS.pointer.window;
  const seconds = (activeMs + (PROFILE_SIZE.pointer.ready - 1) * hopMs) / 1000;
  assertEquals(track.status.missing, { amount: seconds, unit: "seconds of movement" });
});
