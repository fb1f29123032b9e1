import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { subjectDataKeyKey, tenantDataKeyKey } from "../../../core/store/keys.ts";
import { type DataKey, openValue, sealValue, Vault } from "../../../core/store/vault.ts";

const [ONE, TWO] = ["0".repeat(64), "1".repeat(64)] as const;

/** The subject's key, in the store. */
async function keyOf(kv: Deno.Kv, tenant: string, subject: string, masterKey: string = ONE) {
  const vault = await Vault.open(masterKey);
  const made = await vault.dataKey(kv, tenant, subject);
  const at = subjectDataKeyKey(tenant, subject);
  await kv.atomic().check({ key: at, versionstamp: made.versionstamp }).set(at, made.row).commit();
  return await vault.dataKey(kv, tenant, subject);
}

async function refused(work: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(work, GaitkeeperError)).code;
}

const VALUE = {
  vectors: Float32Array.of(1.5, NaN, -0),
  ends: Float64Array.of(1.7e12, 0.1),
  open: Uint8Array.of(1, 2, 3),
  nested: [{ words: "how long keys are held", nats: -2.5, missing: undefined }],
};

Deno.test("openValue() gives back what sealValue() took, typed arrays and NaN included", async () => {
  using kv = await Deno.openKv(":memory:");
  const key = await keyOf(kv, "site", "ada");
  const sealed = await sealValue(key, "profile keyboard", VALUE);
  assertEquals(await openValue(key, "profile keyboard", sealed), VALUE);
  const again = await sealValue(key, "profile keyboard", VALUE);
  assert(sealed.join() !== again.join());
});

Deno.test("openValue() opens a row in no other place: tenant, subject or kind", async () => {
  using kv = await Deno.openKv(":memory:");
  const ada = await keyOf(kv, "site", "ada");
  const sealed = await sealValue(ada, "profile keyboard", VALUE);
  for (const [tenant, subject] of [["site", "eve"], ["other", "ada"]] as const) {
    const other = await keyOf(kv, tenant, subject);
    assertEquals(
      await refused(() => openValue(other, "profile keyboard", sealed)),
      "template_unreadable",
    );
    // Not even under the key it was sealed with.
    const moved: DataKey = { ...ada, tenant, subject };
    assertEquals(
      await refused(() => openValue(moved, "profile keyboard", sealed)),
      "template_unreadable",
    );
  }
  assertEquals(
    await refused(() => openValue(ada, "profile pointer", sealed)),
    "template_unreadable",
  );
});

Deno.test("openValue() finds any bit that was flipped, and what was cut short", async () => {
  using kv = await Deno.openKv(":memory:");
  const key = await keyOf(kv, "site", "ada");
  const sealed = await sealValue(key, "k", { a: 1 });
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    const flipped = sealed.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    assertEquals(
      await refused(() => openValue(key, "k", flipped)),
      "template_unreadable",
      `bit ${bit}`,
    );
  }
  for (
    const wrong of [sealed.slice(0, -1), sealed.slice(0, 13), new Uint8Array(), { a: 1 }, null]
  ) {
    assertEquals(await refused(() => openValue(key, "k", wrong)), "template_unreadable");
  }
});

Deno.test("Vault.dataKey() opens no key that was moved to another tenant or subject", async () => {
  using kv = await Deno.openKv(":memory:");
  await keyOf(kv, "site", "ada");
  const row = (await kv.get(subjectDataKeyKey("site", "ada"))).value;
  const vault = await Vault.open(ONE);
  for (const [tenant, subject] of [["site", "eve"], ["other", "ada"]] as const) {
    await kv.set(subjectDataKeyKey(tenant, subject), row);
    assertEquals(await refused(() => vault.dataKey(kv, tenant, subject)), "template_unreadable");
  }
  await kv.set(tenantDataKeyKey("third"), (await kv.get(tenantDataKeyKey("site"))).value);
  assertEquals(await refused(() => vault.dataKey(kv, "third", "ada")), "template_unreadable");
});

Deno.test("Vault under another master key opens nothing, and is told so at start", async () => {
  using kv = await Deno.openKv(":memory:");
  const vault = await Vault.open(ONE);
  await vault.check(kv);
  await vault.check(kv);
  await keyOf(kv, "site", "ada");
  const other = await Vault.open(TWO);
  assertEquals(await refused(() => other.dataKey(kv, "site", "ada")), "template_unreadable");
  assertEquals(await refused(() => other.check(kv)), "settings_invalid");
});

Deno.test("Vault makes one tenant key and one data key of fifty first uses at once", async () => {
  using kv = await Deno.openKv(":memory:");
  const vaults = await Promise.all(Array.from({ length: 50 }, () => Vault.open(ONE)));
  const at = subjectDataKeyKey("site", "ada");
  const commits = await Promise.all(vaults.map(async (vault) => {
    const { row, versionstamp } = await vault.dataKey(kv, "site", "ada");
    if (versionstamp !== null) return false;
    return (await kv.atomic().check({ key: at, versionstamp }).set(at, row).commit()).ok;
  }));
  assertEquals(commits.filter(Boolean).length, 1);
  const sealed = await sealValue(await vaults[0]!.dataKey(kv, "site", "ada"), "k", "said");
  for (const vault of vaults) {
    assertEquals(await openValue(await vault.dataKey(kv, "site", "ada"), "k", sealed), "said");
  }
});

Deno.test("what was sealed under a data key that was deleted opens no more", async () => {
  using kv = await Deno.openKv(":memory:");
  const sealed = await sealValue(await keyOf(kv, "site", "ada"), "k", "said");
  await kv.delete(subjectDataKeyKey("site", "ada"));
  const next = await keyOf(kv, "site", "ada");
  assertEquals(await refused(() => openValue(next, "k", sealed)), "template_unreadable");
});
