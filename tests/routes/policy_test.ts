import { assert, assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { DEFAULT_TENANT, tenantRecordKey } from "../../core/store/keys.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../core/tenant.ts";
import { createApp } from "../../routes/app.ts";
import { createClient } from "./api_client.ts";
import { seedCourse, seedVerdict } from "./seeded_courses.ts";
import { createTestDeps, SECRET_KEY } from "./test_service.ts";

const { policy } = DEFAULT_TENANT_SETTINGS;
const DAY_MS = 24 * 3600_000;

async function withService(
  run: (
    service: Awaited<ReturnType<typeof createTestDeps>> & { app: ReturnType<typeof createApp> },
  ) => Promise<void>,
) {
  using kv = await Deno.openKv(":memory:");
  const service = await createTestDeps(kv);
  await run({ ...service, app: createApp(service.deps) });
}

const high = (enter: number) => ({
  ...policy,
  levels: { ...policy.levels, high: { enter, leave: 30 } },
});

Deno.test("PATCH /v1/tenant switches shadow mode for nobody who does not speak of it", async () => {
  using kv = await Deno.openKv(":memory:");
  const { deps } = await createTestDeps(kv);
  const ask = createClient(createApp(deps));
  const { shadow: _, ...silent } = high(60);
  await ask("PATCH /v1/tenant", { policy: { ...high(60), shadow: true } });
  assertEquals((await ask("PATCH /v1/tenant", { policy: silent })).status, 400);
  assertEquals((await ask("GET /v1/tenant")).body.policy.shadow, true);
  // One that was stored before there was such a mode.
  const key = tenantRecordKey(DEFAULT_TENANT);
  const { value } = await kv.get<object>(key);
  await kv.set(key, { ...value, policy: silent });
  assertEquals((await ask("GET /v1/tenant")).body.policy.shadow, false);
});

Deno.test("POST /v1/tenant/policy/simulate tells what other settings would have done, and changes nothing", async () => {
  await withService(async ({ app, deps: { audit } }) => {
    const ask = createClient(app);
    await seedCourse(audit, "calm", [1, 2, 3]);
    await seedCourse(audit, "odd", [1, 60]);
    await seedCourse(audit, "taken", [5, 85]);
    await seedCourse(audit, "nobody knows", [5, 85]);
    await seedCourse(audit, "long ago", [5, 85], { agoMs: 30 * DAY_MS + 1 });
    await seedCourse(audit, "elsewhere", [5, 85], { tenant: "other" });
    await seedVerdict(audit, "taken", "impostor");
    await seedVerdict(audit, "nobody knows", "unsure");
    await seedVerdict(audit, "of old", "genuine");
    const before = await ask("GET /v1/tenant");
    const { status, body } = await ask("POST /v1/tenant/policy/simulate", { policy: high(70) });
    assertEquals(status, 200);
    assertEquals([body.sessions, body.unsure, body.apart, body.days], [4, 1, 1, 30]);
    assertEquals(body.present.genuine, { sessions: 2, steppedUp: 1, blocked: 0 });
    assertEquals(body.proposed.genuine, { sessions: 2, steppedUp: 0, blocked: 0 });
    assertEquals(body.proposed.impostor, { sessions: 1, steppedUp: 1, blocked: 0 });
    assertEquals([body.isEstimate, body.isCut], [false, false]);
    assertEquals((await ask("GET /v1/tenant")).body, before.body);
    assertEquals((await ask("GET /v1/tenant/policy/history")).body.changes, []);
  });
});

Deno.test("POST /v1/tenant/policy/simulate refuses settings that could not be saved", async () => {
  await withService(async ({ app }) => {
    const ask = createClient(app);
    for (const wrong of [high(10), { ...policy, prior: 2 }, {}, undefined]) {
      const { status, body } = await ask("POST /v1/tenant/policy/simulate", { policy: wrong });
      assertEquals([status, body.code], [400, "request_invalid"]);
    }
  });
});

Deno.test("PATCH /v1/tenant with If-Match is refused once somebody else has changed the settings", async () => {
  await withService(async ({ app }) => {
    const patch = (body: unknown, ifMatch?: string) =>
      app.request("/v1/tenant", {
        method: "PATCH",
        headers: {
          Authorization: `Bearer ${SECRET_KEY}`,
          "Content-Type": "application/json",
          ...ifMatch === undefined ? {} : { "If-Match": ifMatch },
        },
        body: JSON.stringify(body),
      });
    const etag = async () => {
      const headers = { Authorization: `Bearer ${SECRET_KEY}` };
      return (await app.request("/v1/tenant", { headers })).headers.get("ETag")!;
    };
    const first = await etag();
    assertMatch(first, /^"[\w-]{22}"$/);
    const done = await patch({ policy: high(60) }, first);
    assertEquals([done.status, done.headers.get("ETag")], [200, await etag()]);
    assertNotEquals(await etag(), first);
    for (const stale of [first, `W/${await etag()}`, '"x"', "nonsense"]) {
      const refused = await patch({ policy: high(55) }, stale);
      const { code } = await refused.json();
      assertEquals([refused.status, code], [412, "precondition_failed"], stale);
    }
    const named = await patch({ policy: high(55) }, `"x", ${await etag()}`);
    assertEquals(named.status, 200);
    assertEquals((await patch({ policy: high(56) }, "*")).status, 200);
    assertEquals((await patch({ policy: high(57) })).status, 200);
  });
});

Deno.test("GET /v1/tenant/policy/history tells who changed the policy, and what it was", async () => {
  await withService(async ({ app }) => {
    const ask = createClient(app);
    await ask("PATCH /v1/tenant", { name: "Renamed" });
    await ask("PATCH /v1/tenant", { policy: high(60) });
    await ask("PATCH /v1/tenant", { policy: high(60) });
    await ask("PATCH /v1/tenant", { policy: { ...high(60), shadow: true } });
    const { body: { changes } } = await ask("GET /v1/tenant/policy/history");
    assertEquals(changes.length, 2);
    assertEquals([changes[0].before.shadow, changes[0].after.shadow], [false, true]);
    assertEquals(changes[1].before, policy);
    assertEquals(changes[1].after, high(60));
    assert(changes[0].by.kind === "api_key");
  });
});
