import { assert, assertEquals } from "@std/assert";
import { createApp } from "../../routes/app.ts";
import { createClient } from "./api_client.ts";
import { createTestDeps } from "./test_service.ts";

async function withApp(
  run: (app: ReturnType<typeof createApp>, clock: { nowMs: number }) => Promise<void>,
) {
  using kv = await Deno.openKv(":memory:");
  const { deps, clock } = await createTestDeps(kv);
  await run(createApp(deps), clock);
}

Deno.test("/v1/keys makes a scoped key, tells its secret once, rotates and revokes it", async () => {
  await withApp(async (app, clock) => {
    const owner = createClient(app);
    const request = { name: "Alerts to chat", scopes: ["alerts:read"] };
    const made = await owner("POST /v1/keys", request);
    assertEquals(made.status, 201);
    const { secret, ...key } = made.body;
    const bot = createClient(app, secret);
    assertEquals((await bot("GET /v1/alerts")).status, 200);
    const refused = await bot("GET /v1/sessions");
    assertEquals([refused.status, refused.body.code], [403, "permission_denied"]);

    const { body } = await owner("GET /v1/keys");
    const listed = body.keys.find(({ id }: { id: string }) => id === key.id);
    assertEquals(listed, { ...key, lastUsedAt: new Date(clock.nowMs).toISOString() });
    assert(!JSON.stringify(body).includes(secret));

    const overlap = { overlapSeconds: 60 };
    const next = await owner(`POST /v1/keys/${key.id}/rotate`, overlap);
    assertEquals((await bot("GET /v1/alerts")).status, 200);
    clock.nowMs += 60_000;
    assertEquals((await bot("GET /v1/alerts")).status, 401);
    const successor = createClient(app, next.body.secret);
    assertEquals((await successor("GET /v1/alerts")).status, 200);
    assertEquals((await owner(`DELETE /v1/keys/${next.body.id}`)).status, 204);
    assertEquals((await successor("GET /v1/alerts")).status, 401);
    assertEquals((await owner(`DELETE /v1/keys/${next.body.id}`)).status, 404);
  });
});

Deno.test("/v1/keys gives no key more than its maker has, and none the making of operators", async () => {
  await withApp(async (app) => {
    const owner = createClient(app);
    const scopes = ["keys:manage", "alerts:read"];
    const { body } = await owner("POST /v1/keys", { name: "Rotator", scopes });
    const rotator = createClient(app, body.secret);
    const more = await rotator("POST /v1/keys", { name: "x", scopes: ["subjects:erase"] });
    assertEquals([more.status, more.body.code], [403, "permission_denied"]);
    const same = await rotator("POST /v1/keys", { name: "x", scopes: ["alerts:read"] });
    assertEquals(same.status, 201);
    const { keys } = (await rotator("GET /v1/keys")).body;
    const whole = keys.find(({ name }: { name: string }) => name === "Installation");
    const stolen = await rotator(`POST /v1/keys/${whole.id}/rotate`, {});
    assertEquals([stolen.status, stolen.body.code], [403, "permission_denied"]);
    for (const wrong of [["operators:manage"], [], ["everything"], "alerts:read"]) {
      const refused = await owner("POST /v1/keys", { name: "x", scopes: wrong });
      assertEquals([refused.status, refused.body.code], [400, "request_invalid"]);
    }
  });
});

Deno.test("/v1/audit tells who made what, and that the log is whole", async () => {
  await withApp(async (app) => {
    const owner = createClient(app);
    await owner("POST /v1/keys", { name: "One", scopes: ["alerts:read"] });
    await owner("PUT /v1/subjects/ada/consent", { policyVersion: "1", how: "banner" });
    await owner("PATCH /v1/tenant", { name: "Bank" });
    const { body } = await owner("GET /v1/audit?limit=3");
    const acts = body.entries.map(({ action }: { action: string }) => action);
    assertEquals(acts, ["tenant.changed", "consent.given", "key.created"]);
    const [changed, given] = body.entries;
    assertEquals([changed.before, changed.after], [{ name: "Default" }, { name: "Bank" }]);
    assertEquals(changed.actor.kind, "api_key");
    assert(!JSON.stringify(given).includes("ada"));
    const whole = await owner("GET /v1/audit/verification");
    assertEquals(whole.body.fault, undefined);
    assert(whole.body.sound > 3);
  });
});
