import { assert, assertEquals } from "@std/assert";
import { DEFAULT_TENANT_SETTINGS } from "../../core/tenant.ts";
import { createApp } from "../../routes/app.ts";
import { createClient } from "./api_client.ts";
import { createTestDeps, SITE } from "./test_service.ts";

async function withApp(run: (app: ReturnType<typeof createApp>) => Promise<void>) {
  using kv = await Deno.openKv(":memory:");
  await run(createApp((await createTestDeps(kv)).deps));
}

Deno.test("PATCH /v1/tenant changes what is named and refuses what makes no sense", async () => {
  await withApp(async (app) => {
    const owner = createClient(app);
    const { policy, retention } = DEFAULT_TENANT_SETTINGS;
    const longer = { ...retention, alerts: 90 };
    const changed = await owner("PATCH /v1/tenant", { retention: longer });
    assertEquals([changed.status, changed.body.retention, changed.body.origins], [
      200,
      longer,
      [SITE],
    ]);
    const { elevated, high, critical } = policy.levels;
    const wrong: unknown[] = [
      { origins: ["https://bank.example/path"] },
      { origins: ["bank.example"] },
      { origins: ["null"] },
      { origins: ["https://bank.example/"] },
      { origins: ["HTTPS://bank.example"] },
      { origins: ["https://*.bank.example"] },
      { policy: { ...policy, levels: { elevated: high, high: elevated, critical } } },
      { policy: { ...policy, levels: { elevated, high, critical: { enter: 90, leave: 90 } } } },
      { policy: { ...policy, prior: 0 } },
      { policy: { prior: 0.2 } },
      { retention: { ...retention, sessions: 0 } },
      { quota: { subjects: -1, newSubjectsADay: 1 } },
      { id: "other" },
      { name: "" },
    ];
    for (const body of wrong) {
      const refused = await owner("PATCH /v1/tenant", body);
      assertEquals(
        [refused.status, refused.body.code],
        [400, "request_invalid"],
        JSON.stringify(body),
      );
    }
    assertEquals((await owner("GET /v1/tenant")).body, changed.body);
  });
});

Deno.test("POST /v1/tenants makes a site of its own, for the installation's first tenant alone", async () => {
  await withApp(async (app) => {
    const first = createClient(app);
    const made = await first("POST /v1/tenants", { id: "shop", name: "Shop" });
    assertEquals(made.status, 201);
    const shop = createClient(app, made.body.secret);
    assertEquals((await shop("GET /v1/tenant")).body.id, "shop");
    const again = await first("POST /v1/tenants", { id: "shop", name: "Shop" });
    assertEquals([again.status, again.body.code], [409, "tenant_exists"]);
    for (const what of ["GET /v1/tenants", "POST /v1/tenants"]) {
      const body = what.startsWith("POST") ? { id: "mine", name: "Mine" } : undefined;
      assertEquals((await shop(what, body)).body.code, "permission_denied");
    }
    for (const id of ["", "Shop", "a b", "-a", "a/b", "x".repeat(41)]) {
      assertEquals(
        (await first("POST /v1/tenants", { id, name: "x" })).body.code,
        "request_invalid",
      );
    }
    const { body } = await first("GET /v1/tenants");
    assertEquals(body.tenants.map(({ id }: { id: string }) => id), ["default", "shop"]);
  });
});

Deno.test("POST /v1/tickets binds to the tenant's own origins and no other's", async () => {
  await withApp(async (app) => {
    const first = createClient(app);
    const consent = { policyVersion: "1", how: "banner" };
    const mint = (ask: typeof first, origin: string) =>
      ask("POST /v1/tickets", { subject: "ada", origin, consent });
    assertEquals((await mint(first, SITE)).status, 201);
    const { secret } = (await first("POST /v1/tenants", { id: "shop", name: "Shop" })).body;
    const shop = createClient(app, secret);
    const refused = await mint(shop, SITE);
    assertEquals([refused.status, refused.body.code], [403, "origin_refused"]);
    assert(refused.body.detail.includes("PATCH /v1/tenant"));
    assertEquals((await mint(first, "http://localhost:8080")).status, 403);
    await shop("PATCH /v1/tenant", { origins: ["https://shop.example"] });
    assertEquals((await mint(shop, "https://shop.example")).status, 201);
  });
});
