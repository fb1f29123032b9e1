import { assert, assertEquals, assertRejects } from "@std/assert";
import { serialize } from "node:v8";
import { GaitkeeperError } from "../../../core/error.ts";
import { POINTER_FEATURES } from "../../../core/features/pointer.ts";
import { createProfile, learnWindow, PROFILE_SIZE } from "../../../core/profile.ts";
import { profileKey, subjectDataKeyKey } from "../../../core/store/keys.ts";
import {
  fromBlock,
  getProfile,
  profileRecord,
  sealProfile,
  toBlock,
} from "../../../core/store/profiles.ts";
import type { DataKey } from "../../../core/store/vault.ts";
import { createObservations } from "./observations.ts";
import { VAULT } from "./vaults.ts";

const LARGEST_VALUE_BYTES = 64 * 1024;

function learned(windows: number) {
  const cold = createProfile("keyboard", "v1", 7);
  return createObservations(windows).reduce(learnWindow, cold);
}

/** The subject's data key, in the store. */
async function dataKeyOf(kv: Deno.Kv, tenant = "default", subject = "ada"): Promise<DataKey> {
  const { row } = await VAULT.dataKey(kv, tenant, subject);
  await kv.set(subjectDataKeyKey(tenant, subject), row);
  return await VAULT.dataKey(kv, tenant, subject);
}

const AT = profileKey("default", "ada", "keyboard");

Deno.test("getProfile() reads back what sealProfile() sealed, bit for bit", async () => {
  using kv = await Deno.openKv(":memory:");
  const dataKey = await dataKeyOf(kv);
  for (const windows of [0, 1, 60]) {
    const profile = learned(windows);
    await kv.set(AT, await sealProfile(dataKey, profile));
    const stored = await getProfile(kv, dataKey, "keyboard", "v1");
    assertEquals(stored.profile, profile);
    assert(stored.versionstamp !== null);
  }
});

Deno.test("getProfile() leaves a profile of other models aside and still gives its versionstamp", async () => {
  using kv = await Deno.openKv(":memory:");
  const dataKey = await dataKeyOf(kv);
  await kv.set(AT, await sealProfile(dataKey, learned(3)));
  const stored = await getProfile(kv, dataKey, "keyboard", "v2");
  assertEquals(stored.profile, undefined);
  assert(stored.versionstamp !== null);
});

Deno.test("getProfile() finds nothing of another tenant, subject or modality", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(AT, await sealProfile(await dataKeyOf(kv), learned(3)));
  for (
    const [tenant, subject, modality] of [
      ["other", "ada", "keyboard"],
      ["default", "bob", "keyboard"],
      ["default", "ada", "pointer"],
    ] as const
  ) {
    const stored = await getProfile(kv, await dataKeyOf(kv, tenant, subject), modality, "v1");
    assertEquals(stored, { profile: undefined, versionstamp: null });
  }
});

Deno.test("getProfile() refuses a profile put in another's place, and one that lies open", async () => {
  using kv = await Deno.openKv(":memory:");
  const bob = await dataKeyOf(kv, "default", "bob");
  const sealed = await sealProfile(await dataKeyOf(kv), learned(3));
  for (const value of [sealed, profileRecord(learned(3))]) {
    await kv.set(profileKey("default", "bob", "keyboard"), value);
    const error = await assertRejects(
      () => getProfile(kv, bob, "keyboard", "v1"),
      GaitkeeperError,
    );
    assertEquals(error.code, "template_unreadable");
  }
});

Deno.test("what is sealed of a profile shows none of its numbers", async () => {
  using kv = await Deno.openKv(":memory:");
  const profile = learned(20);
  const sealed = (await sealProfile(await dataKeyOf(kv), profile)).join();
  for (const { vector } of profile.references) {
    const bytes = new Uint8Array(Float32Array.from(vector).buffer);
    assert(!sealed.includes(bytes.subarray(0, 8).join()));
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
