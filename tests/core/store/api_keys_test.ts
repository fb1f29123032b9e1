import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  createApiKey,
  findApiKey,
  listApiKeys,
  registerApiKey,
  revokeApiKey,
  rotateApiKey,
} from "../../../core/store/api_keys.ts";
import { BY, createAuditLog } from "./audit_logs.ts";

const REQUEST = { name: "Back end", scopes: ["tickets:create"] as const };
const HOUR_MS = 3600_000;

Deno.test("createApiKey() makes a key that is found by its secret, and keeps only its hash", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock } = await createAuditLog(kv);
  const { key, secret } = await createApiKey(audit, "a", REQUEST, BY);
  assert(/^gk_sk_[A-Za-z0-9_-]{43}$/.test(secret));
  const found = (await findApiKey(kv, secret, clock.nowMs))!;
  assertEquals([found.tenant, found.key.id, found.key.scopes], ["a", key.id, ["tickets:create"]]);
  const rows = JSON.stringify(await Array.fromAsync(kv.list({ prefix: [] })));
  assert(!rows.includes(secret.slice(12)));
  for (const wrong of ["", "gk_sk_", secret.slice(0, -1), `${secret}A`, secret.toUpperCase()]) {
    assertEquals(await findApiKey(kv, wrong, clock.nowMs), undefined);
  }
});

Deno.test("findApiKey() writes the last use down, to the minute", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock } = await createAuditLog(kv);
  const { secret } = await createApiKey(audit, "a", REQUEST, BY);
  const used = async (afterMs: number) => {
    await findApiKey(kv, secret, clock.nowMs + afterMs);
    return (await listApiKeys(kv, "a"))[0]!.lastUsedAtMs! - clock.nowMs;
  };
  assertEquals([await used(1), await used(59_000), await used(60_001)], [1, 1, 60_001]);
});

Deno.test("rotateApiKey() lets the old key go on for the overlap and no longer", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock } = await createAuditLog(kv);
  const old = await createApiKey(audit, "a", REQUEST, BY);
  const next = await rotateApiKey(audit, "a", old.key.id, HOUR_MS, BY);
  const opens = async (secret: string, afterMs: number) =>
    (await findApiKey(kv, secret, clock.nowMs + afterMs))?.key.id;
  assertEquals(await opens(old.secret, HOUR_MS - 1), old.key.id);
  assertEquals(await opens(old.secret, HOUR_MS), undefined);
  assertEquals(await opens(next.secret, 100 * HOUR_MS), next.key.id);
  assertEquals([next.key.name, next.key.scopes], [old.key.name, old.key.scopes]);
});

Deno.test("rotateApiKey() cannot give a key that is ending a longer life", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock } = await createAuditLog(kv);
  const old = await createApiKey(audit, "a", REQUEST, BY);
  await rotateApiKey(audit, "a", old.key.id, HOUR_MS, BY);
  await rotateApiKey(audit, "a", old.key.id, 100 * HOUR_MS, BY);
  assertEquals(await findApiKey(kv, old.secret, clock.nowMs + HOUR_MS), undefined);
});

Deno.test("revokeApiKey() ends a key at once, and for its own tenant alone", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock } = await createAuditLog(kv);
  const { key, secret } = await createApiKey(audit, "a", REQUEST, BY);
  const refused = await assertRejects(() => revokeApiKey(audit, "b", key.id, BY), GaitkeeperError);
  assertEquals(refused.code, "not_found");
  assert(await findApiKey(kv, secret, clock.nowMs));
  await revokeApiKey(audit, "a", key.id, BY);
  assertEquals(await findApiKey(kv, secret, clock.nowMs), undefined);
  await assertRejects(() => rotateApiKey(audit, "a", key.id, 0, BY), GaitkeeperError);
  const actions = (await audit.list("a", { limit: 9 })).items.map(({ action }) => action);
  assertEquals(actions, ["key.revoked", "key.created"]);
});

Deno.test("registerApiKey() registers a derived secret once: revoked stays revoked", async () => {
  using kv = await Deno.openKv(":memory:");
  const { audit, clock } = await createAuditLog(kv);
  const secret = "gk_sk_derived";
  await Promise.all([1, 2, 3].map(() => registerApiKey(audit, "a", secret, "Installation")));
  const keys = await listApiKeys(kv, "a");
  assertEquals(keys.length, 1);
  assert(!keys[0]!.scopes.includes("operators:manage"));
  await revokeApiKey(audit, "a", keys[0]!.id, BY);
  await registerApiKey(audit, "a", secret, "Installation");
  assertEquals(await findApiKey(kv, secret, clock.nowMs), undefined);
});
