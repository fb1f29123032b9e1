import { assert, assertEquals } from "@std/assert";
import { serialize } from "node:v8";
import { POINTER_FEATURES } from "../../../core/features/pointer.ts";
import { createProfile, learnWindow, PROFILE_SIZE } from "../../../core/profile.ts";
import { profileKey } from "../../../core/store/keys.ts";
import { fromBlock, getProfile, profileRecord, toBlock } from "../../../core/store/profiles.ts";
import { createObservations } from "./observations.ts";

const LARGEST_VALUE_BYTES = 64 * 1024;

function learned(windows: number) {
  const cold = createProfile("keyboard", "v1", 7);
  return createObservations(windows).reduce(learnWindow, cold);
}

Deno.test("getProfile() reads back what profileRecord() wrote, bit for bit", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const windows of [0, 1, 60]) {
    const profile = learned(windows);
    await kv.set(profileKey("default", "ada", "keyboard"), profileRecord(profile));
    const stored = await getProfile(kv, "default", "ada", "keyboard", "v1");
    assertEquals(stored.profile, profile);
    assert(stored.versionstamp !== null);
  }
});

Deno.test("getProfile() leaves a profile of other models aside and still gives its versionstamp", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(profileKey("default", "ada", "keyboard"), profileRecord(learned(3)));
  const stored = await getProfile(kv, "default", "ada", "keyboard", "v2");
  assertEquals(stored.profile, undefined);
  assert(stored.versionstamp !== null);
});

Deno.test("getProfile() finds nothing of another tenant, subject or modality", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(profileKey("default", "ada", "keyboard"), profileRecord(learned(3)));
  for (
    const [tenant, subject, modality] of [
      ["other", "ada", "keyboard"],
      ["default", "bob", "keyboard"],
      ["default", "ada", "pointer"],
    ] as const
  ) {
    const stored = await getProfile(kv, tenant, subject, modality, "v1");
    assertEquals(stored, { profile: undefined, versionstamp: null });
  }
});

Deno.test("profileRecord() of a full profile fits into one value", () => {
  const full = profileRecord(learned(PROFILE_SIZE.keyboard.keep + 10));
  const bytes = serialize(full).byteLength;
  assert(bytes < LARGEST_VALUE_BYTES, `${bytes} bytes`);
});

Deno.test("profileRecord() of a full pointer profile fits into one value", () => {
  const [vector, embedding] = [new Float64Array(POINTER_FEATURES.length), new Float32Array(64)];
  let profile = createProfile("pointer", "v1", 1);
  for (let endMs = 0; endMs < PROFILE_SIZE.pointer.keep + 10; endMs++) {
    profile = learnWindow(profile, { endMs, vector, embedding });
  }
  const bytes = serialize(profileRecord(profile)).byteLength;
  assert(bytes < LARGEST_VALUE_BYTES, `${bytes} bytes`);
});

Deno.test("fromBlock() undoes toBlock() and shares no memory with it", () => {
  const observations = createObservations(5);
  const block = toBlock(observations);
  const read = fromBlock(block);
  assertEquals(read, observations);
  block.embeddings.fill(9);
  assertEquals(read, observations);
});
