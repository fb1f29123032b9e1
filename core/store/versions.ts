/**
 * Versions of profiles: the last ten of each modality of a subject, each sealed whole, so that a
 * profile that learned what it should not have can be rolled back. They are written in the commit that
 * writes the profile, whose versionstamp decides races between them.
 */
import { z } from "zod";
import { GaitkeeperError } from "../error.ts";
import { dayOf, type Lesson, type Profile, stageOf } from "../profile.ts";
import type { Modality } from "../window.ts";
import type { Act, AuditLog } from "./audit.ts";
import { profileKey, subjectDataKeyKey, versionKey, versionsKey } from "./keys.ts";
import {
  getProfile,
  profileOf,
  ProfileRecord,
  profileRecord,
  sealProfile,
  type VersionMark,
} from "./profiles.ts";
import { getSeen } from "./seen.ts";
import { type DataKey, openValue, sealValue, type Vault } from "./vault.ts";

/**
 * Why a version was made. `enrolled`: the profile became ready. `learned`: it learned, on a day that had
 * no version yet. `step_up`: it learned all that a passed step-up vouches for. `rolled_back`: it was
 * made what it was in an older version.
 */
export const VERSION_REASONS = ["enrolled", "learned", "step_up", "rolled_back"] as const;
export type VersionReason = typeof VERSION_REASONS[number];

export const VERSIONS_KEPT = 10;

const VersionRow = z.object({
  version: z.literal(1),
  /** 1, 2, 3, … within the modality. */
  number: z.number().int().positive(),
  reason: z.enum(VERSION_REASONS),
  atMs: z.number(),
  /** Which version the profile was rolled back to. */
  rolledBackTo: z.number().int().optional(),
  profile: ProfileRecord,
});
type VersionRow = z.infer<typeof VersionRow>;

/** What is told of a version: not the template itself. */
export interface TemplateVersion {
  readonly number: number;
  readonly reason: VersionReason;
  readonly atMs: number;
  readonly rolledBackTo?: number;
  /** Windows that the profile had learned. */
  readonly windows: number;
  /** Version of the models that made the observations. */
  readonly models: string;
}

/** A modality of a subject, in words and numbers. */
export interface TemplateStatus {
  /** Windows that the profile has learned by now; 0 where other models are in use by now. */
  readonly learned: number;
  /** The profile itself; none where other models are in use by now. */
  readonly profile?: Profile | undefined;
  /** Newest first. */
  readonly versions: readonly TemplateVersion[];
}

const kindOf = (modality: Modality, number: number) => `version ${modality} ${number}`;

/** How a profile came to be what a commit writes. */
export interface ProfileChange {
  /** `undefined` where it begins. */
  readonly before: Profile | undefined;
  readonly profile: Profile;
  readonly lessons: readonly Lesson[];
  readonly latest: VersionMark | undefined;
  /** Sessions that a ready profile must be spread over. */
  readonly sessions: number;
  readonly atMs: number;
}

/** Why the change makes a version, if it does. */
export function versionReason(
  { before, profile, lessons, latest, sessions, atMs }: ProfileChange,
): VersionReason | undefined {
  if (stageOf(profile, sessions) !== "ready") return undefined;
  if (!before || stageOf(before, sessions) !== "ready") return "enrolled";
  if (lessons.some(({ last }) => last)) return "step_up";
  return dayOf(atMs) > (latest?.day ?? -1) ? "learned" : undefined;
}

/** What a version is made of. */
export interface VersionFacts {
  readonly reason: VersionReason;
  readonly atMs: number;
  readonly rolledBackTo?: number;
}

/** A version, sealed, to be written by the commit that checks and writes its profile. */
export interface PreparedVersion {
  /** What the profile's row is to carry. */
  readonly latest: VersionMark;
  /** Adds the version to a commit, and takes away the one that makes room for it. */
  write(atomic: Deno.AtomicOperation): Deno.AtomicOperation;
}

export async function prepareVersion(
  dataKey: DataKey,
  profile: Profile,
  before: VersionMark | undefined,
  facts: VersionFacts,
): Promise<PreparedVersion> {
  const { tenant, subject } = dataKey;
  const { modality } = profile;
  const number = (before?.number ?? 0) + 1;
  const row: VersionRow = { version: 1, number, ...facts, profile: profileRecord(profile) };
  const sealed = await sealValue(dataKey, kindOf(modality, number), row);
  return {
    latest: { number, day: Math.max(dayOf(facts.atMs), before?.day ?? 0) },
    write(atomic) {
      atomic.set(versionKey(tenant, subject, modality, number), sealed);
      if (number > VERSIONS_KEPT) {
        atomic.delete(versionKey(tenant, subject, modality, number - VERSIONS_KEPT));
      }
      return atomic;
    },
  };
}

/** Adds to a commit that the versions of a profile that is past its time go with it. */
export function deleteVersions(
  atomic: Deno.AtomicOperation,
  { tenant, subject }: DataKey,
  modality: Modality,
  { number: latest }: VersionMark,
): void {
  for (let number = Math.max(1, latest - VERSIONS_KEPT + 1); number <= latest; number++) {
    atomic.delete(versionKey(tenant, subject, modality, number));
  }
}

/** Where templates are read, for whom, and by whose rules. */
export interface TemplateSource {
  readonly kv: Deno.Kv;
  readonly vault: Vault;
  readonly tenant: string;
  readonly subject: string;
  readonly modality: Modality;
  /** Of the models in use. */
  readonly modelsVersion: string;
  /** Days after which a profile that was not used is past its time. */
  readonly idleDays: number;
  readonly nowMs: number;
}

const DAY_MS = 24 * 3600_000;

/**
 * What there is of a modality; `undefined` where there is nothing, or no longer.
 * @throws {GaitkeeperError} `template_unreadable`
 */
export async function getTemplate(source: TemplateSource): Promise<TemplateStatus | undefined> {
  const dataKey = await dataKeyOf(source);
  if (!dataKey) return undefined;
  const { kv, tenant, subject, modality, modelsVersion } = source;
  const { profile, versionstamp } = await getProfile(kv, dataKey, modality, modelsVersion);
  if (versionstamp === null) return undefined;
  const versions: TemplateVersion[] = [];
  const rows = kv.list({ prefix: versionsKey(tenant, subject, modality) }, { reverse: true });
  for await (const { key, value } of rows) {
    const row = await openVersion(dataKey, modality, Number(key.at(-1)), value);
    versions.push(versionOf(row));
  }
  return { learned: profile?.learned ?? 0, profile, versions };
}

/** Times a rollback is tried again when the profile changed meanwhile. */
const RACES = 100;

/**
 * Makes the profile what it was in a version, as a version of its own. What was learned since is gone,
 * and what waits to be learned with it; sessions that are live take it up with their next commit.
 * What was learned today still counts towards the day's share.
 * @throws {GaitkeeperError} `not_found` for a version that there is not, or no longer;
 *   `template_outdated` for one of other models; `store_conflict` when the profile kept changing.
 */
export async function rollBack(
  audit: AuditLog,
  source: TemplateSource,
  to: number,
  by: Pick<Act, "actor" | "from">,
): Promise<TemplateVersion> {
  const { kv, tenant, subject, modality, modelsVersion, nowMs } = source;
  for (let race = 0; race < RACES; race++) {
    const dataKey = await dataKeyOf(source);
    const value = dataKey && (await kv.get(versionKey(tenant, subject, modality, to))).value;
    if (!dataKey || value === null) {
      throw new GaitkeeperError("not_found", "Cannot roll back: there is no such version");
    }
    const found = await openVersion(dataKey, modality, to, value);
    if (found.profile.models !== modelsVersion) {
      throw new GaitkeeperError(
        "template_outdated",
        `Cannot roll back: the version must be of models ${modelsVersion}, got ${found.profile.models}`,
      );
    }
    const current = await getProfile(kv, dataKey, modality, modelsVersion);
    const old = profileOf(modality, found.profile);
    const profile: Profile = {
      ...old,
      drift: current.profile?.drift ?? old.drift,
      rollbacks: (current.profile ?? old).rollbacks + 1,
    };
    const facts = { reason: "rolled_back", atMs: nowMs, rolledBackTo: to } as const;
    const version = await prepareVersion(dataKey, profile, current.latest, facts);
    const { number } = version.latest;
    const sealed = await sealProfile(dataKey, profile, version.latest);
    const act = {
      ...by,
      action: "subject.rolled_back",
      target: { kind: "subject", id: subject },
      before: { modality, version: current.latest?.number },
      after: { modality, version: number, rolledBackTo: to },
    };
    const key = profileKey(tenant, subject, modality);
    const dataKeyAt = subjectDataKeyKey(tenant, subject);
    const isDone = await audit.record(tenant, act, (atomic) =>
      version.write(atomic)
        .check({ key, versionstamp: current.versionstamp })
        .check({ key: dataKeyAt, versionstamp: dataKey.versionstamp })
        .set(key, sealed));
    if (isDone) return { number, ...facts, windows: profile.learned, models: modelsVersion };
  }
  throw new GaitkeeperError("store_conflict", "Cannot roll back: the profile keeps changing");
}

/** `undefined` where nothing of the subject is sealed, or what is is past its time. */
async function dataKeyOf(
  { kv, vault, tenant, subject, idleDays, nowMs }: TemplateSource,
): Promise<DataKey | undefined> {
  // Only who has something is looked up further: asking makes no keys.
  if ((await kv.get(subjectDataKeyKey(tenant, subject))).versionstamp === null) return undefined;
  if (nowMs - await getSeen(kv, tenant, subject) > DAY_MS * idleDays) return undefined;
  const dataKey = await vault.dataKey(kv, tenant, subject);
  return dataKey.versionstamp === null ? undefined : dataKey;
}

async function openVersion(
  dataKey: DataKey,
  modality: Modality,
  number: number,
  value: unknown,
): Promise<VersionRow> {
  return VersionRow.parse(await openValue(dataKey, kindOf(modality, number), value));
}

function versionOf({ number, reason, atMs, rolledBackTo, profile }: VersionRow): TemplateVersion {
  return {
    ...{ number, reason, atMs, windows: profile.learned, models: profile.models },
    ...rolledBackTo === undefined ? {} : { rolledBackTo },
  };
}
