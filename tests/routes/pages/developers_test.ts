import { assert, assertEquals, assertFalse } from "@std/assert";
import { ulid } from "@std/ulid";
import type { Role } from "../../../core/permission.ts";
import { findApiKey, listApiKeys } from "../../../core/store/api_keys.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getTenant } from "../../../core/store/tenants.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { cookieOf, seedOperator, Visitor, withOperators } from "../operators/seeded_operators.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "../seeded_store.ts";
import { SITE } from "../test_service.ts";

const RECENT_MS = 10 * 60_000;

async function visitorOf(deps: AppDeps, role: Role = "owner"): Promise<Visitor> {
  const { operator } = await seedOperator(deps, { role });
  return new Visitor(deps, { cookie: await cookieOf(deps, operator) });
}

const secretIn = (html: string) => /gk_sk_[\w-]{43}/.exec(html)?.[0];

async function actions(deps: AppDeps): Promise<string[]> {
  const { items } = await deps.audit.list(DEFAULT_TENANT, { limit: 50 });
  return items.map(({ action }) => action);
}

Deno.test("GET /developers shows the snippets with this service's and the tenant's values", async () => {
  await withOperators(async (deps) => {
    const html = await (await (await visitorOf(deps)).get("/developers")).text();
    const start = `import { start } from "${deps.origin}/collector.js"`;
    assert(html.replaceAll("&quot;", '"').includes(start), html);
    assert(html.includes(SITE));
    for (const name of ["curl", "Node", "Python", "Go"]) assert(html.includes(`>${name}</label>`));
    assertFalse(secretIn(html));
  });
});

Deno.test("/developers makes a key whose secret is shown once, works, and was audited", async () => {
  await withOperators(async (deps, clock) => {
    const owner = await visitorOf(deps);
    const made = await owner.post("/developers/keys", { name: "Shop", scope: "tickets:create" });
    assertEquals(made.headers.get("Cache-Control"), "no-store");
    const secret = secretIn(await made.text())!;
    const found = await findApiKey(deps.kv, secret, clock.nowMs);
    assertEquals([found?.tenant, found?.key.scopes], [DEFAULT_TENANT, ["tickets:create"]]);
    const again = await (await owner.get("/developers")).text();
    assertFalse(again.includes(secret));
    assert(again.includes("Shop"));
    assert((await actions(deps)).includes("key.created"));
  });
});

Deno.test("/developers replaces a key with the overlap asked for, and revokes one", async () => {
  await withOperators(async (deps, clock) => {
    const owner = await visitorOf(deps);
    const make = { name: "Shop", scope: "tickets:create" };
    const first = secretIn(await (await owner.post("/developers/keys", make)).text())!;
    const { key } = (await findApiKey(deps.kv, first, clock.nowMs))!;
    const rotated = await owner.post(`/developers/keys/${key.id}/rotate`, { overlap: "3600" });
    const second = secretIn(await rotated.text())!;
    clock.nowMs += 3599_000;
    assert(await findApiKey(deps.kv, first, clock.nowMs));
    clock.nowMs += 1000;
    assertEquals(await findApiKey(deps.kv, first, clock.nowMs), undefined);
    const successor = (await findApiKey(deps.kv, second, clock.nowMs))!.key;
    clock.nowMs -= 3600_000;
    const revoked = await owner.post(`/developers/keys/${successor.id}/revoke`);
    assertEquals([revoked.status, revoked.headers.get("Location")], [
      303,
      "/developers?done=revoked",
    ]);
    assertEquals(await findApiKey(deps.kv, second, clock.nowMs), undefined);
    const odd = await owner.post(`/developers/keys/${successor.id}/rotate`, { overlap: "1" });
    assertEquals(odd.status, 400);
  });
});

Deno.test("/developers allows an origin as a browser spells it and takes it back, audited", async () => {
  await withOperators(async (deps) => {
    const owner = await visitorOf(deps);
    const origins = async () => (await getTenant(deps.kv, DEFAULT_TENANT))!.origins;
    await owner.post("/developers/origins", { origin: "https://SHOP.example/ " });
    assertEquals(await origins(), [SITE, "https://shop.example"]);
    for (const origin of ["shop.example", "https://shop.example/a", "https://*.example", ""]) {
      const refused = await owner.post("/developers/origins", { origin });
      assertEquals(refused.status, 400, origin);
      assert((await refused.text()).includes('role="alert"'));
    }
    await owner.post("/developers/origins/remove", { origin: SITE });
    assertEquals(await origins(), ["https://shop.example"]);
    assertEquals(
      (await actions(deps)).filter((name) => name === "tenant.changed").length >= 2,
      true,
    );
  });
});

Deno.test("/developers lets who is no owner look, and change nothing", async () => {
  await withOperators(async (deps) => {
    for (const role of ["viewer", "analyst"] as const) {
      const visitor = await visitorOf(deps, role);
      const html = await (await visitor.get("/developers")).text();
      assertFalse(html.includes("/developers/keys"), role);
      assertFalse(html.includes("/developers/origins"), role);
      const before = await listApiKeys(deps.kv, DEFAULT_TENANT);
      const tries = [
        ["/developers/keys", { name: "x", scope: "tickets:create" }],
        [`/developers/keys/${before[0]!.id}/revoke`, {}],
        [`/developers/keys/${before[0]!.id}/rotate`, { overlap: "0" }],
        ["/developers/origins", { origin: "https://evil.example" }],
        ["/developers/origins/remove", { origin: SITE }],
      ] as const;
      for (const [path, fields] of tries) {
        assertEquals((await visitor.post(path, fields)).status, 403, `${role} ${path}`);
      }
      assertEquals(await listApiKeys(deps.kv, DEFAULT_TENANT), before);
      assertEquals((await getTenant(deps.kv, DEFAULT_TENANT))!.origins, [SITE]);
    }
  });
});

Deno.test("/developers wants a recent proof and its own page before it changes anything", async () => {
  await withOperators(async (deps, clock) => {
    const owner = await visitorOf(deps);
    const fields = { name: "x", scope: "tickets:create" };
    const foreign = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    assertEquals((await owner.post("/developers/keys", fields, foreign)).status, 403);
    clock.nowMs += RECENT_MS;
    const late = await owner.post("/developers/keys", fields);
    assertEquals([late.status, late.headers.get("Location")], [303, "/confirm?next=%2Fdevelopers"]);
    assertFalse(
      (await (await owner.get("/developers")).text()).includes('action="/developers/keys"'),
    );
    assertEquals((await listApiKeys(deps.kv, DEFAULT_TENANT)).length, 1);
  });
});

Deno.test("/developers tells how far a site has come, and does not count its own pages", async () => {
  await withOperators(async (deps, clock) => {
    const owner = await visitorOf(deps);
    const doneIn = async () =>
      (await (await owner.get("/developers")).text()).split(", done<").length - 1;
    const nowMs = clock.nowMs;
    const own = createSession("own", nowMs, { subject: `browser-${ulid()}` });
    await putSession(deps.kv, own, createAlert(own, "own-alert", nowMs));
    assertEquals(await doneIn(), 0);
    const begun = createSession("a", nowMs, { subject: "ada" });
    const cold = { stage: "cold", learned: 0, scored: 0, nats: 0 } as const;
    await putSession(deps.kv, { ...begun, keyboard: cold, pointer: cold });
    assertEquals(await doneIn(), 1);
    const risky = createSession("a", nowMs, { subject: "ada", reasons: STRANGE_REASONS });
    await putSession(deps.kv, risky);
    assertEquals(await doneIn(), 2);
    await putSession(deps.kv, risky, createAlert(risky, "alert", nowMs));
    assertEquals(await doneIn(), 3);
  });
});
