import { assert, assertEquals, assertRejects } from "@std/assert";
import { serialize } from "node:v8";
import { GaitkeeperError } from "../../../core/error.ts";
import type { Observation } from "../../../core/models/detector.ts";
import {
  type Checkpoint,
  openWindowOf,
  quarantineOf,
  trackRecord,
} from "../../../core/store/checkpoint.ts";
import {
  commitSession,
  loadSession,
  type SessionCommit,
  type StoredSession,
} from "../../../core/store/checkpoints.ts";
import { checkpointKey, sessionKey } from "../../../core/store/keys.ts";
import { createProfile, learnFrom, type Lesson, PROFILE_SIZE } from "../../../core/profile.ts";
import { getSession } from "../../../core/store/sessions.ts";
import { recordingSettings } from "../../../core/tenant.ts";
import type { PointerEvents } from "../../../core/window.ts";
import type { StreamEvent } from "../../../core/wire.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { VAULT } from "./vaults.ts";
import { createObservation, createObservations } from "./observations.ts";
import { createSessionRecord } from "./records.ts";

const VERSIONS = { keyboard: "k1", pointer: "p1" };
const TENANT = "default";
const SETTINGS = recordingSettings();
const LARGEST_VALUE_BYTES = 64 * 1024;

const noTrack = () =>
  trackRecord({ events: [], sinceCut: 0 }, { scored: 0, sinceLearned: 0, quarantine: undefined });

function createCheckpoint(facts: Partial<Checkpoint> = {}): Checkpoint {
  return {
    version: 1,
    subject: "ada",
    startedAtMs: 0,
    expiresAtMs: 100_000,
    streams: [[1, 1]],
    keyboard: noTrack(),
    pointer: noTrack(),
    belief: { risk: {}, decision: { level: "low", action: "allow" }, history: [] },
    quantumMs: 0,
    strokes: 0,
    lastEventMs: 0,
    ...facts,
  };
}

function load(kv: Deno.Kv, session: string, { subject = "ada", nowMs = 0 } = {}) {
  return loadSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    { tenant: TENANT, subject, session },
    VERSIONS,
    nowMs,
  );
}

/** As a step-up vouches for, so that a profile takes any number of them. */
const lessonOf = (observation: Observation): Lesson => ({ observation, atMs: 0, vouched: true });

function commitOf(
  stored: StoredSession,
  session: string,
  facts: { keyboard?: readonly Observation[]; strokes?: number; seed?: number } = {},
): SessionCommit {
  const { keyboard = [], strokes = 0, seed = 7 } = facts;
  return {
    tenant: TENANT,
    versions: VERSIONS,
    checkpoint: createCheckpoint({ strokes }),
    versionstamp: stored.versionstamp,
    consent: stored.consent,
    dataKey: stored.dataKey,
    record: createSessionRecord(session, { strokes }),
    alert: undefined,
    profiles: stored.profiles,
    learned: { keyboard: keyboard.map(lessonOf), pointer: [] },
    seed,
    sessions: 1,
    carryMs: 0,
    isVerified: false,
  };
}

async function everything(kv: Deno.Kv) {
  const rows = await Array.fromAsync(kv.list({ prefix: [] }));
  return rows.map(({ key, value, versionstamp }) => ({ key, value, versionstamp }));
}

Deno.test("loadSession() reads what commitSession() wrote, and nothing of another session", async () => {
  using kv = await Deno.openKv(":memory:");
  const commit = commitOf(await load(kv, "a"), "a", { strokes: 42 });
  const { versionstamp } = await commitSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    commit,
  );
  const stored = await load(kv, "a");
  assertEquals(stored.checkpoint, commit.checkpoint);
  assertEquals(stored.versionstamp, versionstamp);
  assertEquals((await getSession(kv, TENANT, "a", 0))?.strokes, 42);
  assertEquals((await load(kv, "b")).checkpoint, undefined);
});

Deno.test("loadSession() does not see a checkpoint past its time, and can begin anew over it", async () => {
  using kv = await Deno.openKv(":memory:");
  await commitSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    commitOf(await load(kv, "a"), "a", { strokes: 1 }),
  );
  assert((await load(kv, "a", { nowMs: 99_999 })).checkpoint);
  const late = await load(kv, "a", { nowMs: 100_000 });
  assertEquals(late.checkpoint, undefined);
  await commitSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    commitOf(late, "a", { strokes: 2 }),
  );
  assertEquals((await load(kv, "a")).checkpoint?.strokes, 2);
});

Deno.test("loadSession() refuses a session that belongs to another subject", async () => {
  using kv = await Deno.openKv(":memory:");
  await commitSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    commitOf(await load(kv, "a"), "a"),
  );
  const error = await assertRejects(() => load(kv, "a", { subject: "eve" }), GaitkeeperError);
  assertEquals(error.code, "ticket_invalid");
});

Deno.test("commitSession() of a session that another went on with throws and writes nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  await commitSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    commitOf(await load(kv, "a"), "a"),
  );
  const stale = await load(kv, "a");
  await commitSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    commitOf(await load(kv, "a"), "a", { strokes: 1 }),
  );
  const before = await everything(kv);
  const commit = commitOf(stale, "a", { strokes: 2, keyboard: createObservations(3) });
  const error = await assertRejects(
    () => commitSession({ kv, vault: VAULT, withoutTenant: SETTINGS }, commit),
    GaitkeeperError,
  );
  assertEquals(error.code, "session_superseded");
  assertEquals(await everything(kv), before);
});

Deno.test("commitSession() lets one of two first commits of a session win", async () => {
  using kv = await Deno.openKv(":memory:");
  const stored = await load(kv, "a");
  const commits = [1, 2].map((strokes) =>
    commitSession({ kv, vault: VAULT, withoutTenant: SETTINGS }, commitOf(stored, "a", { strokes }))
  );
  const results = await Promise.allSettled(commits);
  assertEquals(results.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
});

Deno.test("commitSession() loses nothing that two sessions of a subject learn side by side", async () => {
  using kv = await Deno.openKv(":memory:");
  const sessions = { a: await load(kv, "a"), b: await load(kv, "b") };
  for (let round = 0; round < 5; round++) {
    const commits = (["a", "b"] as const).map(async (name, i) => {
      const keyboard = createObservations(2, 100 * round + 10 * i);
      const commit = commitOf(sessions[name], name, { keyboard, seed: i });
      sessions[name] = {
        ...sessions[name],
        checkpoint: commit.checkpoint,
        ...await commitSession({ kv, vault: VAULT, withoutTenant: SETTINGS }, commit),
      };
    });
    await Promise.all(commits);
  }
  const { profiles } = await load(kv, "a");
  const { profile } = profiles.keyboard;
  assertEquals(profile?.learned, 20);
  const learnedAt = profile!.references.map(({ endMs }) => endMs).sort((a, b) => a - b);
  const expected = [0, 1, 2, 3, 4]
    .flatMap((round) => [0, 1, 10, 11].map((endMs) => 100 * round + endMs));
  assertEquals(learnedAt, expected);
  assertEquals(sessions.a.profiles.keyboard.profile?.seed, profile!.seed);
});

Deno.test("commitSession() begins a profile anew over one of other models", async () => {
  using kv = await Deno.openKv(":memory:");
  const first = commitOf(await load(kv, "a"), "a", { keyboard: createObservations(9) });
  await commitSession({ kv, vault: VAULT, withoutTenant: SETTINGS }, first);
  const versions = { ...VERSIONS, keyboard: "k2" };
  const identity = { tenant: TENANT, subject: "ada", session: "b" };
  const stored = await loadSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    identity,
    versions,
    0,
  );
  const keyboard = createObservations(1);
  await commitSession({ kv, vault: VAULT, withoutTenant: SETTINGS }, {
    ...commitOf(stored, "b", { keyboard, seed: 8 }),
    versions,
  });
  const { profile } =
    (await loadSession({ kv, vault: VAULT, withoutTenant: SETTINGS }, identity, versions, 0))
      .profiles.keyboard;
  assertEquals(profile, learnFrom("b")(createProfile("keyboard", "k2", 8), lessonOf(keyboard[0]!)));
});

Deno.test("trackRecord() keeps an open window and a quarantined one exactly", () => {
  const quarantine = createObservation(5);
  const strokes = createTypist(3).type(50, 1.7e12);
  const hand = createHand(3).move(20_000, 1.7e12);
  for (const events of [strokes, hand, []]) {
    const record = trackRecord<StreamEvent>({ events, sinceCut: 3 }, {
      scored: 1,
      sinceLearned: 2,
      quarantine,
    });
    assertEquals(openWindowOf(record), { events, sinceCut: 3 });
    assertEquals(quarantineOf(record), quarantine);
  }
});

/** The densest input that a collector sends: 125 Hz, far and fast, without a pause. */
function densestPointer(activeMs: number): PointerEvents[] {
  return Array.from({ length: activeMs / 8 }, (_, i) => ({
    kind: "pointer",
    timeMs: 1.7e12 + 8 * i,
    dx: i % 2 ? -2000 : 2000,
    dy: i % 3 ? 1000 : -1000,
    dragging: true,
  }));
}

Deno.test("a session's value with full open windows, quarantines and history fits into one value", async () => {
  using kv = await Deno.openKv(":memory:");
  const quarantine = createObservation(5);
  const facts = { scored: 1, sinceLearned: 1, quarantine };
  // Each its own: what a value holds twice is stored once.
  const reading = () => ({
    feature: "flights from letters to the space bar",
    unit: "px/s²" as const,
    value: Math.random(),
    usual: [Math.random(), Math.random(), 0.3, 0.4, 0.5] as const,
  });
  const said = () => ({ score: Math.random(), nats: Math.random() });
  const sourceOf = (features: number) => ({
    parts: Object.fromEntries(
      Array.from({ length: features }, (_, i) => [`feature number ${i}`, {
        words: `flights ${i} between letters and spaces 38 ms shorter than usual, 2.1 deviations`,
        nats: Math.random(),
        ...i < 5 ? { reading: reading() } : {},
      }]),
    ),
    detectors: { sequence: said(), verifier: said(), isolationForest: said(), crowd: said() },
    windows: 1.1,
    readiness: 0.77,
    atMs: 1.7e12,
  });
  const history = (points: number) =>
    Array.from({ length: points }, (_, i) => [1.7e12 + i, i / 7] as const);
  const checkpoint = createCheckpoint({
    streams: Array.from({ length: 16 }, (_, i) => [4e9 + i, 1e6 + i]),
    keyboard: trackRecord({ events: createTypist(1).type(50, 1.7e12), sinceCut: 1 }, facts),
    pointer: trackRecord({ events: densestPointer(30_000), sinceCut: 1.5 }, facts),
    belief: {
      risk: { keyboard: sourceOf(41), pointer: sourceOf(41), automation: sourceOf(20) },
      decision: { level: "low", action: "allow" },
      history: history(240),
      sources: { keyboard: history(80), pointer: history(80), automation: history(80) },
      turns: Array.from({ length: 24 }, (_, i) => ({ atMs: 1.7e12 + i, kind: "blocked" as const })),
    },
  });
  const commit = { ...commitOf(await load(kv, "a"), "a"), checkpoint };
  const keyboard = createObservations(PROFILE_SIZE.keyboard.keep);
  await commitSession({ kv, vault: VAULT, withoutTenant: SETTINGS }, {
    ...commit,
    learned: { keyboard: keyboard.map(lessonOf), pointer: keyboard.map(lessonOf) },
  });
  for await (const { key, value } of kv.list({ prefix: [] })) {
    const bytes = serialize(value).byteLength;
    assert(bytes < LARGEST_VALUE_BYTES, `${key.join("/")}: ${bytes} bytes`);
  }
});

Deno.test("trackRecord() leaves out an open window that is denser than any hand, so that commits go on", () => {
  const flood = Array.from({ length: 8192 }, (_, i): PointerEvents => {
    return { kind: "pointer", timeMs: 1.7e12, dx: 1e9 * i, dy: -1e9 * i, dragging: false };
  });
  const record = trackRecord({ events: flood, sinceCut: 3 }, {
    scored: 0,
    sinceLearned: 0,
    quarantine: undefined,
  });
  assertEquals(openWindowOf(record).events, []);
});

Deno.test("every row of a session lies under its tenant", async () => {
  using kv = await Deno.openKv(":memory:");
  await commitSession(
    { kv, vault: VAULT, withoutTenant: SETTINGS },
    commitOf(await load(kv, "a"), "a", { keyboard: createObservations(1) }),
  );
  const rows = await everything(kv);
  // Checkpoint, session, the same at a glance, profile, bell; that it is the subject's, their key, and when they were seen.
  assertEquals(rows.length, 8);
  for (const { key } of rows) assertEquals(key.slice(0, 2), ["tenant", TENANT]);
  assert(rows.some(({ key }) => key.join() === checkpointKey(TENANT, "a").join()));
  assert(rows.some(({ key }) => key.join() === sessionKey(TENANT, "a").join()));
});

Deno.test("commitSession() brings nothing back of a subject who was erased and consented again", async () => {
  using kv = await Deno.openKv(":memory:");
  const source = { kv, vault: VAULT, withoutTenant: SETTINGS };
  const first = commitOf(await load(kv, "a"), "a", { keyboard: createObservations(3) });
  const { versionstamp, dataKey } = await commitSession(source, first);
  for await (const { key } of kv.list({ prefix: ["tenant"] })) await kv.delete(key);
  await commitSession(source, commitOf(await load(kv, "b"), "b"));
  const later = { ...first, versionstamp, dataKey };
  const error = await assertRejects(() => commitSession(source, later), GaitkeeperError);
  assertEquals(error.code, "session_superseded");
  assertEquals((await load(kv, "a")).profiles.keyboard.profile, undefined);
});
