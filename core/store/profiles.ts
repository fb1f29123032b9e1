/**
 * Profiles at rest: reference windows as 32-bit numbers and a seed, sealed, one row a subject and
 * modality.
 */
import { z } from "zod";
import type { Observation } from "../models/detector.ts";
import type { Profile } from "../profile.ts";
import type { Modality } from "../window.ts";
import { profileKey } from "./keys.ts";
import { type DataKey, openValue, sealValue } from "./vault.ts";

/** Observations side by side: row i of each block is observation i. */
export const ObservationBlock = z.object({
  endMs: z.instanceof(Float64Array),
  features: z.number().int().positive(),
  vectors: z.instanceof(Float32Array),
  dimensions: z.number().int().positive(),
  embeddings: z.instanceof(Float32Array),
});
export type ObservationBlock = z.infer<typeof ObservationBlock>;

export const ProfileRecord = z.object({
  version: z.literal(1),
  models: z.string(),
  seed: z.number().int(),
  learned: z.number().int(),
  sittings: z.array(z.object({ session: z.string(), windows: z.number().int() })),
  references: ObservationBlock.optional(),
  drift: z.object({ day: z.number().int(), windows: z.number().int() }),
  rollbacks: z.number().int(),
});

export type ProfileRecord = z.infer<typeof ProfileRecord>;

/** The latest of the profile's versions. */
const VersionMark = z.object({
  number: z.number().int(),
  /** Days since the epoch on which it was made. */
  day: z.number().int(),
});
export type VersionMark = z.infer<typeof VersionMark>;

/** What lies in the profile's row: beside the profile, where its versions have come to. */
const SealedProfile = ProfileRecord.extend({ latest: VersionMark.optional() });

/** A profile with the versionstamp that a commit must check; `null` where there is no row yet. */
export interface StoredProfile {
  readonly profile: Profile | undefined;
  readonly versionstamp: string | null;
  readonly latest?: VersionMark | undefined;
  /** Past its time: its versions go when another is begun in its place. */
  readonly isPast?: true;
}

/**
 * Reads the profile; one of another models' version is left aside, as if it were not there.
 * @throws {GaitkeeperError} `template_unreadable` when it was not sealed here, for this subject.
 */
export async function getProfile(
  kv: Deno.Kv,
  dataKey: DataKey,
  modality: Modality,
  modelsVersion: string,
): Promise<StoredProfile> {
  const entry = await kv.get(profileKey(dataKey.tenant, dataKey.subject, modality));
  const none = { profile: undefined, versionstamp: entry.versionstamp };
  // What a deleted key sealed is gone with it.
  if (entry.value === null || dataKey.versionstamp === null) return none;
  const opened = SealedProfile.parse(await openValue(dataKey, kindOf(modality), entry.value));
  const { latest, ...record } = opened;
  const profile = record.models === modelsVersion ? profileOf(modality, record) : undefined;
  return { ...none, profile, ...latest ? { latest } : {} };
}

/** The profile that {@linkcode profileRecord} was made of. */
export function profileOf(modality: Modality, record: ProfileRecord): Profile {
  const { version: _, models, references, ...rest } = record;
  return {
    ...rest,
    modality,
    version: models,
    references: references ? fromBlock(references) : [],
  };
}

/** The sealed value to store for a profile, with the latest of its versions. */
export function sealProfile(
  dataKey: DataKey,
  profile: Profile,
  latest?: VersionMark,
): Promise<Uint8Array> {
  const record = { ...profileRecord(profile), ...latest ? { latest } : {} };
  return sealValue(dataKey, kindOf(profile.modality), record);
}

const kindOf = (modality: Modality) => `profile ${modality}`;

/** What is sealed of a profile; a full one takes at most 50 of the 64 KiB that a value may. */
export function profileRecord(profile: Profile): ProfileRecord {
  const { modality: _, version: models, references, sittings, ...rest } = profile;
  const record = { version: 1 as const, models, ...rest, sittings: [...sittings] };
  return references.length ? { ...record, references: toBlock(references) } : record;
}

export function toBlock(observations: readonly Observation[]): ObservationBlock {
  const features = observations[0]!.vector.length;
  const dimensions = observations[0]!.embedding.length;
  const vectors = new Float32Array(observations.length * features);
  const embeddings = new Float32Array(observations.length * dimensions);
  observations.forEach(({ vector, embedding }, i) => {
    vectors.set(vector, i * features);
    embeddings.set(embedding, i * dimensions);
  });
  const endMs = Float64Array.from(observations, (observation) => observation.endMs);
  return { endMs, features, vectors, dimensions, embeddings };
}

export function fromBlock(block: ObservationBlock): Observation[] {
  const { endMs, features, vectors, dimensions, embeddings } = block;
  return Array.from(endMs, (end, i) => ({
    endMs: end,
    vector: Float64Array.from(vectors.subarray(i * features, (i + 1) * features)),
    embedding: embeddings.slice(i * dimensions, (i + 1) * dimensions),
  }));
}
