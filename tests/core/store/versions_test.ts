import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../../core/error.ts";
import { dayOf, type Lesson, type Profile, PROFILE_SIZE } from "../../../core/profile.ts";
import { commitSession, loadSession } from "../../../core/store/checkpoints.ts";
import { trackRecord } from "../../../core/store/checkpoint.ts";
import { eraseSubject } from "../../../core/store/erasure.ts";
import { profileKey, versionKey, versionsKey } from "../../../core/store/keys.ts";
import { getProfile } from "../../../core/store/profiles.ts";
import { getTemplate, rollBack, type TemplateSource } from "../../../core/store/versions.ts";
import { recordingSettings } from "../../../core/tenant.ts";
import { BY, createAuditLog } from "./audit_logs.ts";
import { createObservation } from "./observations.ts";
import { createSessionRecord } from "./records.ts";
import { VAULT } from "./vaults.ts";

const TENANT = "default";
const VERSIONS = { keyboard: "k1", pointer: "p1" };
const DAY_MS = 24 * 3600_000;
const START_MS = 1.7e12;
const { ready, settled, daily } = PROFILE_SIZE.keyboard;
const noTrack = () =>
  trackRecord({ events: [], sinceCut: 0 }, { scored: 0, sinceLearned: 0, quarantine: undefined });

/** A store in which sessions of subjects learn, each window another one, by a clock that tests move. */
async function withStore(
  run: (store: Awaited<ReturnType<typeof createStore>>) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  await run(await createStore(kv));
}

async function createStore(kv: Deno.Kv) {
  const { audit, clock } = await createAuditLog(kv);
  clock.nowMs = START_MS;
  let [windows, sessions] = [0, 0];
  const source = { kv, vault: VAULT, withoutTenant: recordingSettings() };
  const at = (facts: Partial<TemplateSource> = {}): TemplateSource => ({
    ...{ kv, vault: VAULT, tenant: TENANT, subject: "ada", modality: "keyboard" },
    ...{ modelsVersion: VERSIONS.keyboard, idleDays: 100, nowMs: clock.nowMs },
    ...facts,
  });
  const open = async (subject = "ada", session = `s${++sessions}`, versions = VERSIONS) => {
    let stored = await loadSession(
      source,
      { tenant: TENANT, subject, session },
      versions,
      clock.nowMs,
    );
    return {
      get profile(): Profile | undefined {
        return stored.profiles.keyboard.profile;
      },
      /** Commits so many new windows at once. */
      learn: async (count: number, facts: Partial<Lesson> = {}) => {
        const lessons = Array.from({ length: count }, () => ({
          ...{ observation: createObservation(++windows), atMs: clock.nowMs },
          ...facts,
        }));
        const nowMs = clock.nowMs;
        const checkpoint = {
          version: 1 as const,
          ...{ subject, startedAtMs: START_MS, expiresAtMs: nowMs + DAY_MS, streams: [] },
          ...{ keyboard: noTrack(), pointer: noTrack(), quantumMs: 0, strokes: 0, lastEventMs: 0 },
          belief: {
            ...{ risk: {}, history: [] },
            decision: { level: "low" as const, action: "allow" as const },
          },
        };
        const committed = await commitSession(source, {
          ...{ tenant: TENANT, versions, checkpoint, seed: 7, sessions: 1, alert: undefined },
          ...{ carryMs: 0, isVerified: false },
          ...{ versionstamp: stored.versionstamp, consent: stored.consent },
          ...{ dataKey: stored.dataKey, profiles: stored.profiles },
          record: createSessionRecord(session, {
            subject,
            updatedAtMs: nowMs,
            expiresAtMs: nowMs + DAY_MS,
          }),
          learned: { keyboard: lessons, pointer: [] },
        });
        stored = { ...stored, checkpoint, ...committed };
        return lessons.map(({ observation }) => observation.endMs);
      },
    };
  };
  const profileOf = async (subject = "ada") => {
    const dataKey = await VAULT.dataKey(kv, TENANT, subject);
    return (await getProfile(kv, dataKey, "keyboard", VERSIONS.keyboard)).profile!;
  };
  const versionsOf = async () => (await getTemplate(at()))!.versions;
  const rollBackTo = (version: number, facts: Partial<TemplateSource> = {}) =>
    rollBack(audit, at(facts), version, BY);
  return { kv, audit, clock, at, open, profileOf, versionsOf, rollBackTo };
}

const endsOf = ({ references }: Profile) => references.map(({ endMs }) => endMs);
const codeOf = async (work: () => Promise<unknown>) =>
  (await assertRejects(work, GaitkeeperError)).code;

Deno.test("a version is made when a profile is ready, at most once a day as it learns, and at a step-up", async () => {
  await withStore(async ({ open, versionsOf, clock, at }) => {
    const session = await open();
    assertEquals(await getTemplate(at()), undefined);
    await session.learn(ready - 1);
    assertEquals(await versionsOf(), []);
    await session.learn(1);
    await session.learn(2);
    clock.nowMs += DAY_MS;
    await session.learn(1);
    await (await open()).learn(1);
    await session.learn(2, { vouched: true });
    await session.learn(1, { vouched: true, last: true });
    assertEquals(
      (await versionsOf()).map((
        { number, reason, windows, models, atMs },
      ) => [number, reason, windows, models, dayOf(atMs) - dayOf(START_MS)]),
      [
        [3, "step_up", ready + 7, "k1", 1],
        [2, "learned", ready + 3, "k1", 1],
        [1, "enrolled", ready, "k1", 0],
      ],
    );
  });
});

Deno.test("the last ten versions are kept, and are what they were", async () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ kind: fc.constant("day" as const), windows: fc.integer({ min: 1, max: 9 }) }),
      fc.record({ kind: fc.constant("step_up" as const), windows: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ kind: fc.constant("roll" as const), windows: fc.integer({ min: 0, max: 9 }) }),
    ),
    { minLength: 11, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      await withStore(async ({ kv, open, versionsOf, profileOf, rollBackTo, clock }) => {
        const session = await open();
        await session.learn(ready);
        const were = new Map([[1, endsOf(await profileOf())]]);
        for (const { kind, windows } of steps) {
          const before = [...were.keys()].at(-1)!;
          if (kind === "roll") {
            const to = Math.max(1, before - windows);
            const made = await rollBackTo(to);
            assertEquals([made.number, made.rolledBackTo], [before + 1, to]);
            assertEquals(endsOf(await profileOf()), were.get(to));
            await session.learn(0);
          } else {
            if (kind === "day") clock.nowMs += DAY_MS;
            await session.learn(windows, kind === "day" ? {} : { vouched: true, last: true });
          }
          were.set(before + 1, endsOf(await profileOf()));
        }
        const kept = await versionsOf();
        const last = steps.length + 1;
        assertEquals(
          kept.map(({ number }) => number),
          Array.from({ length: Math.min(10, last) }, (_, i) => last - i),
        );
        assertEquals(
          (await Array.fromAsync(kv.list({ prefix: versionsKey(TENANT, "ada", "keyboard") })))
            .length,
          kept.length,
        );
        // Each is rolled back to as long as it is there, and is what it was then.
        const { number } = kept.at(-1)!;
        await rollBackTo(number);
        assertEquals(endsOf(await profileOf()), were.get(number));
        assertEquals(await codeOf(() => rollBackTo(number)), "not_found");
      });
    }),
    { numRuns: 8 },
  );
});

Deno.test("rollBack() is taken up by live sessions, and voids what they learned since their last commit but for a step-up", async () => {
  await withStore(async ({ open, profileOf, rollBackTo }) => {
    const [teaching, idle] = [await open(), await open()];
    const enrolled = await teaching.learn(ready);
    const bad = await teaching.learn(5, { vouched: true, last: true });
    await idle.learn(0);
    assertEquals(endsOf(idle.profile!), [...enrolled, ...bad]);
    await rollBackTo(1);
    await teaching.learn(2);
    assertEquals(endsOf(await profileOf()), enrolled);
    await rollBackTo(1);
    const vouched = await teaching.learn(1, { vouched: true });
    const after = [...vouched, ...await teaching.learn(2)];
    assertEquals(endsOf(await profileOf()), [...enrolled, ...after]);
    assertEquals(endsOf(teaching.profile!), [...enrolled, ...after]);
    // One that learns nothing knows it from its next commit on as well.
    await idle.learn(0);
    assertEquals(endsOf(idle.profile!), [...enrolled, ...after]);
    assertEquals(idle.profile!.rollbacks, 2);
  });
});

Deno.test("rollBack() does not give the day's share back", async () => {
  await withStore(async ({ open, profileOf, rollBackTo, clock }) => {
    const session = await open();
    await session.learn(settled);
    clock.nowMs += DAY_MS;
    await session.learn(daily);
    await rollBackTo(2);
    await session.learn(3);
    assertEquals((await profileOf()).drift.windows, daily);
    assertEquals((await profileOf()).learned, settled + daily);
    await rollBackTo(1);
    await session.learn(3);
    assertEquals((await profileOf()).learned, settled);
  });
});

Deno.test("a settled profile learns its share of a day and no more, over sessions side by side", async () => {
  await withStore(async ({ open, profileOf, clock }) => {
    await (await open()).learn(settled);
    for (let day = 1; day <= 2; day++) {
      clock.nowMs += DAY_MS;
      const sessions = await Promise.all([open(), open(), open(), open()]);
      for (let round = 0; round < 3; round++) {
        await Promise.all(sessions.map((session) => session.learn(2)));
      }
      assertEquals((await profileOf()).learned, settled + day * daily);
    }
    const before = await profileOf();
    const [late] = await (await open()).learn(1);
    assertEquals(await profileOf(), before);
    assert(!endsOf(before).includes(late!));
  });
});

Deno.test("fifty rollbacks at once make a version each, audited, or find that theirs is gone", async () => {
  await withStore(async ({ open, profileOf, versionsOf, rollBackTo, audit, clock }) => {
    const session = await open();
    await session.learn(ready);
    clock.nowMs += DAY_MS;
    await session.learn(1);
    const asked = Array.from({ length: 50 }, (_, i) => 1 + i % 2);
    // Those that come when their version has made room for later ones find it no more.
    const results = await Promise.allSettled([
      ...asked.map((to) => rollBackTo(to)),
      session.learn(1, { vouched: true }),
    ]);
    const made = results.slice(0, 50).flatMap((result) =>
      result.status === "fulfilled" ? [(result.value as { number: number }).number] : []
    );
    for (const result of results) {
      if (result.status === "rejected") assertEquals(result.reason.code, "not_found");
    }
    assert(made.length >= 9);
    assertEquals(made.toSorted((a, b) => a - b), made.map((_, i) => 3 + i));
    assertEquals((await versionsOf()).length, 10);
    assertEquals((await versionsOf())[0]!.number, 2 + made.length);
    const acts = (await audit.list(TENANT, { limit: 200 })).items;
    assertEquals(acts.filter(({ action }) => action === "subject.rolled_back").length, made.length);
    assertEquals((await audit.verify(TENANT)).fault, undefined);
    assertEquals((await profileOf()).rollbacks, made.length);
  });
});

Deno.test("rollBack() finds nothing of another tenant, subject, modality or number", async () => {
  await withStore(async ({ kv, open, rollBackTo, at }) => {
    await (await open()).learn(ready);
    await (await open("bob")).learn(1);
    const before = await kv.get(profileKey(TENANT, "ada", "keyboard"));
    for (
      const facts of [
        { tenant: "other" },
        { subject: "eve" },
        { subject: "bob" },
        { modality: "pointer" as const, modelsVersion: "p1" },
      ]
    ) {
      assertEquals(await codeOf(() => rollBackTo(1, facts)), "not_found");
    }
    assertEquals(await codeOf(() => rollBackTo(2)), "not_found");
    assertEquals(await codeOf(() => rollBackTo(1, { modelsVersion: "k2" })), "template_outdated");
    assertEquals(await getTemplate(at({ tenant: "other" })), undefined);
    assertEquals(await kv.get(profileKey(TENANT, "ada", "keyboard")), before);
  });
});

Deno.test("a version put in the place of another, or of another subject's, is not opened", async () => {
  await withStore(async ({ kv, open, rollBackTo, clock }) => {
    for (const subject of ["ada", "bob"]) {
      const session = await open(subject);
      await session.learn(ready);
      clock.nowMs += DAY_MS;
      await session.learn(1);
    }
    const place = versionKey(TENANT, "ada", "keyboard", 1);
    for (
      const other of [
        versionKey(TENANT, "ada", "keyboard", 2),
        versionKey(TENANT, "bob", "keyboard", 1),
      ]
    ) {
      await kv.set(place, (await kv.get(other)).value);
      assertEquals(await codeOf(() => rollBackTo(1)), "template_unreadable");
    }
  });
});

Deno.test("versions past their time are not seen, and go when another profile is begun", async () => {
  await withStore(async ({ kv, open, versionsOf, rollBackTo, at, clock }) => {
    await (await open()).learn(ready);
    const { idleProfiles } = recordingSettings().retention;
    clock.nowMs += (idleProfiles + 1) * DAY_MS;
    const late = { idleDays: idleProfiles };
    assertEquals(await getTemplate(at(late)), undefined);
    assertEquals(await codeOf(() => rollBackTo(1, late)), "not_found");
    await (await open()).learn(1);
    assertEquals(await versionsOf(), []);
    assertEquals((await kv.get(versionKey(TENANT, "ada", "keyboard", 1))).value, null);
  });
});

Deno.test("versions of older models are told, numbers go on, and erasure leaves none", async () => {
  await withStore(async ({ kv, audit, open, at, rollBackTo }) => {
    await (await open()).learn(ready);
    await (await open("ada", "new", { ...VERSIONS, keyboard: "k2" })).learn(ready);
    const { versions } = (await getTemplate(at({ modelsVersion: "k2" })))!;
    assertEquals(versions.map(({ number, models }) => [number, models]), [[2, "k2"], [1, "k1"]]);
    await eraseSubject(audit, TENANT, "ada", BY);
    assertEquals(
      await Array.fromAsync(kv.list({ prefix: versionsKey(TENANT, "ada", "keyboard") })),
      [],
    );
    assertEquals(await codeOf(() => rollBackTo(1)), "not_found");
  });
});
