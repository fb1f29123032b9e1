/** Subjects of whom a store knows something: profiles of generated hands, sessions, alerts, factors. */
import { keystrokeVector } from "../../core/features/keystroke.ts";
import { POINTER_FEATURES, pointerVector } from "../../core/features/pointer.ts";
import type { ModelSet } from "../../core/models/model_set.ts";
import { createProfile, learnFrom, type Profile, stageOf } from "../../core/profile.ts";
import { giveConsent } from "../../core/store/consents.ts";
import { putFactor } from "../../core/store/factors.ts";
import {
  alertKey,
  DEFAULT_TENANT,
  profileKey,
  seenKey,
  sessionKey,
  subjectAlertKey,
  subjectDataKeyKey,
  subjectSessionKey,
} from "../../core/store/keys.ts";
import { sealProfile, type VersionMark } from "../../core/store/profiles.ts";
import { getTenant } from "../../core/store/tenants.ts";
import type { DataKey } from "../../core/store/vault.ts";
import { prepareVersion, type VersionReason } from "../../core/store/versions.ts";
import { PointerWindower } from "../../core/window.ts";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { SMALL_MODELS, windowsOf } from "../core/small_models.ts";
import { createAlert, createSession, STRANGE_REASONS } from "./seeded_store.ts";
import { TEST_ACTOR } from "./test_service.ts";

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const DIMENSIONS = 8;

/** The tests' models, but that the pointer's features are those that ship. */
export const PICTURED_MODELS: ModelSet = {
  ...SMALL_MODELS,
  pointer: { ...SMALL_MODELS.pointer, features: POINTER_FEATURES },
};

export interface SeededSubject {
  readonly subject: string;
  readonly tenant?: string;
  /** Strokes that the keyboard profile was made of; 500 by default. */
  readonly strokes?: number;
  /** Ms of movement that the pointer profile was made of; 10 minutes by default. */
  readonly movedMs?: number;
  /** A hand of its own. */
  readonly seed?: number;
}

type SeedDeps = Pick<AppDeps, "kv" | "vault" | "audit" | "nowMs">;

function typedProfile(seed: number, strokes: number, fromMs: number): Profile {
  const windows = strokes ? windowsOf(createTypist(seed).type(strokes, fromMs)) : [];
  return windows.reduce(
    (profile, window, i) =>
      learnFrom(`s${i % 3}`)(profile, lessonOf(window.endMs, keystrokeVector(window))),
    createProfile("keyboard", PICTURED_MODELS.keyboard.version, seed),
  );
}

function movedProfile(seed: number, movedMs: number, fromMs: number): Profile {
  const windower = new PointerWindower({ activeMs: 15_000, hopMs: 3000 });
  const events = movedMs ? createHand(seed).move(movedMs, fromMs) : [];
  const windows = events.flatMap((event) => windower.push(event) ?? []);
  return windows.reduce(
    (profile, window, i) =>
      learnFrom(`s${i % 3}`)(profile, lessonOf(window.endMs, pointerVector(window))),
    createProfile("pointer", PICTURED_MODELS.pointer.version, seed),
  );
}

function lessonOf(endMs: number, vector: Float64Array) {
  const observation = { endMs, vector, embedding: new Float32Array(DIMENSIONS).fill(0.3) };
  // What a step-up vouches for is learned without a day's share.
  return { observation, atMs: endMs, vouched: true };
}

async function putProfile({ kv }: SeedDeps, dataKey: DataKey, profile: Profile, nowMs: number) {
  if (profile.learned === 0) return;
  const { tenant, subject } = dataKey;
  const reasons: readonly (readonly [VersionReason, number])[] = [
    ["enrolled", 12],
    ["learned", 8],
    ["step_up", 2],
  ];
  let latest: VersionMark | undefined;
  // The first version is that of a profile that became ready.
  const isReady = stageOf(profile) === "ready";
  for (const [reason, daysAgo] of isReady ? reasons : []) {
    const references = profile.references.slice(0, profile.references.length - daysAgo);
    const then = { ...profile, references, learned: references.length };
    const facts = { reason, atMs: nowMs - daysAgo * DAY_MS };
    const version = await prepareVersion(dataKey, then, latest, facts);
    await version.write(kv.atomic()).commit();
    latest = version.latest;
  }
  await kv.set(
    profileKey(tenant, subject, profile.modality),
    await sealProfile(dataKey, profile, latest),
  );
}

/** Puts a subject into the store as months of use would have left them. */
export async function seedSubject(deps: SeedDeps, seeded: SeededSubject): Promise<void> {
  const { subject, tenant = DEFAULT_TENANT, strokes = 500, movedMs = 600_000, seed = 11 } = seeded;
  const { kv, audit, vault } = deps;
  const nowMs = deps.nowMs();
  const site = (await getTenant(kv, tenant))!;
  const given = { policyVersion: "2026-1", how: "settings page" };
  await giveConsent(audit, site, subject, given, TEST_ACTOR);
  let dataKey = await vault.dataKey(kv, tenant, subject);
  await kv.set(subjectDataKeyKey(tenant, subject), dataKey.row);
  dataKey = await vault.dataKey(kv, tenant, subject);
  await putProfile(deps, dataKey, typedProfile(seed, strokes, nowMs - 12 * DAY_MS), nowMs);
  await putProfile(deps, dataKey, movedProfile(seed, movedMs, nowMs - 12 * DAY_MS), nowMs);
  await seedActivity(deps, tenant, subject);
  const atomic = kv.atomic();
  const proof = { kind: "totp" as const, secret: "SECRET-CANARY", lastStep: 0 };
  const named = { id: "01HG", name: "Phone", createdAtMs: nowMs - 5 * DAY_MS };
  await putFactor(atomic, dataKey, { version: 1, ...named, proof }, null);
  await atomic.commit();
}

async function seedActivity({ kv, nowMs }: SeedDeps, tenant: string, subject: string) {
  for (let i = 0; i < 4; i++) {
    const atMs = nowMs() - i * 26 * HOUR_MS;
    const strange = i === 2 ? { reasons: STRANGE_REASONS } : {};
    const session = createSession(`01HG${subject.toUpperCase().slice(0, 8)}${4 - i}`, atMs, {
      subject,
      startedAtMs: atMs - 25 * 60_000,
      expiresAtMs: nowMs() + 30 * DAY_MS,
      device: i === 3 ? "touch" : "mouse",
      ...strange,
    });
    await kv.atomic()
      .set(sessionKey(tenant, session.session), session)
      .set(subjectSessionKey(tenant, subject, session.session), 1)
      .set(seenKey(tenant, subject), nowMs())
      .commit();
    if (i !== 2) continue;
    const alert = { ...createAlert(session, `01HA${i}`, atMs), expiresAtMs: nowMs() + 30 * DAY_MS };
    await kv.atomic()
      .set(alertKey(tenant, alert.id), alert)
      .set(subjectAlertKey(tenant, subject, alert.id), 1)
      .commit();
  }
}
