import { assert, assertEquals, assertNotEquals } from "@std/assert";
import {
  derivePseudonymKey,
  deriveSecretKey,
  ensureDevMasterKey,
  readDevMasterKey,
} from "../../routes/secret_key.ts";

Deno.test("deriveSecretKey() is the same for a master key, another for another, and hides it", async () => {
  const [one, two] = ["00".repeat(32), `${"00".repeat(31)}01`];
  const secretKey = await deriveSecretKey(one);
  assert(/^gk_sk_[A-Za-z0-9_-]{43}$/.test(secretKey), secretKey);
  assertEquals(await deriveSecretKey(one), secretKey);
  assertNotEquals(await deriveSecretKey(two), secretKey);
});

Deno.test("derivePseudonymKey() names people alike under one master key alone", async () => {
  const [one, two] = ["00".repeat(32), `${"00".repeat(31)}01`];
  const sign = async (masterKey: string) => {
    const key = await derivePseudonymKey(masterKey);
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, new TextEncoder().encode("ada")));
  };
  assertEquals(await sign(one), await sign(one));
  assertNotEquals(await sign(one), await sign(two));
});

Deno.test("ensureDevMasterKey() makes a key once, for its owner alone", async () => {
  const data = await Deno.makeTempDir();
  try {
    const folder = `${data}/new`;
    assertEquals(await readDevMasterKey(folder), undefined);
    const made = await ensureDevMasterKey(folder);
    assert(/^[0-9a-f]{64}$/.test(made));
    assertEquals(await ensureDevMasterKey(folder), made);
    assertEquals(await readDevMasterKey(folder), made);
    for await (const { name } of Deno.readDir(folder)) {
      const { mode } = await Deno.stat(`${folder}/${name}`);
      assertEquals((mode ?? 0) & 0o777, 0o600);
    }
  } finally {
    await Deno.remove(data, { recursive: true });
  }
});
