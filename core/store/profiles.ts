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

const ProfileRecord = z.object({
  version: z.literal(1),
  models: z.string(),
  seed: z.number().int(),
  learned: z.number().int(),
  sittings: z.array(z.object({ session: z.string(), windows: z.number().int() })),
  references: ObservationBlock.optional(),
});

/** A profile with the versionstamp that a commit must check; `null` where there is no row yet. */
export interface StoredProfile {
  readonly profile: Profile | undefined;
  readonly versionstamp: string | null;
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
  const record = ProfileRecord.parse(await openValue(dataKey, kindOf(modality), entry.value));
  if (record.models !== modelsVersion) return none;
  const references = record.references ? fromBlock(record.references) : [];
  const { seed, learned, sittings } = record;
  const profile = { modality, version: modelsVersion, seed, learned, sittings, references };
  return { profile, versionstamp: entry.versionstamp };
}

/** The sealed value to store for a profile. */
export function sealProfile(dataKey: DataKey, profile: Profile): Promise<Uint8Array> {
  return sealValue(dataKey, kindOf(profile.modality), profileRecord(profile));
}

const kindOf = (modality: Modality) => `profile ${modality}`;

/** What is sealed of a profile; a full one takes at most 50 of the 64 KiB that a value may. */
export function profileRecord(profile: Profile): z.infer<typeof ProfileRecord> {
  const { version: models, seed, learned, references } = profile;
  const record = { version: 1 as const, models, seed, learned, sittings: [...profile.sittings] };
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
