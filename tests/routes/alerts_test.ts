import { assert, assertEquals } from "@std/assert";
import { createApiKey } from "../../core/store/api_keys.ts";
import { handleAlert } from "../../core/store/alert_handlings.ts";
import { alertHandlingKey, alertKey, DEFAULT_TENANT } from "../../core/store/keys.ts";
import { createApp } from "../../routes/app.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { createClient } from "./api_client.ts";
import { cookieOf, seedOperator } from "./operators/seeded_operators.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "./seeded_store.ts";
import { createTestDeps, TEST_ACTOR } from "./test_service.ts";

async function withAlerts(
  alerts: number,
  run: (
    deps: AppDeps,
    call: ReturnType<typeof createClient>,
    ids: readonly string[],
  ) => Promise<void>,
) {
  using kv = await Deno.openKv(":memory:");
  const { deps, clock } = await createTestDeps(kv);
  const ids: string[] = [];
  for (let i = 0; i < alerts; i++) {
    const session = createSession(`s-${i}`, clock.nowMs, {
      subject: i % 2 ? "ada" : "grace",
      reasons: STRANGE_REASONS,
    });
    const id = `01KAPQ6${String(i).padStart(19, "0")}`;
    await putSession(kv, session, createAlert(session, id, clock.nowMs + i));
    ids.push(id);
  }
  await run(deps, createClient(createApp(deps)), ids);
}

const idsOf = (body: { alerts: { id: string }[] }) => body.alerts.map(({ id }) => id);

Deno.test("PATCH /v1/alerts/:id changes what it names, and leaves the rest", async () => {
  await withAlerts(1, async (deps, call, [id]) => {
    assertEquals((await call(`GET /v1/alerts/${id}`)).body.handling, undefined);
    const path = `PATCH /v1/alerts/${id}`;
    assertEquals((await call(path, { state: "acknowledged" })).body.handling.state, "acknowledged");
    const noted = (await call(path, { verdict: "impostor", note: "Called them" })).body.handling;
    assertEquals([noted.state, noted.verdict, noted.note], [
      "acknowledged",
      "impostor",
      "Called them",
    ]);
    const cleared = (await call(path, { state: "open", verdict: null, note: null })).body.handling;
    assertEquals([cleared.state, cleared.verdict, cleared.note], ["open", undefined, undefined]);
    assertEquals(cleared.by.kind, "api_key");
    const { items } = await deps.audit.list(DEFAULT_TENANT, { limit: 3 });
    assertEquals(items.map(({ action }) => action), Array(3).fill("alert.handled"));
    assert(!JSON.stringify(items).includes("Called them"), "the log holds no note");
    assertEquals((await deps.audit.verify(DEFAULT_TENANT)).fault, undefined);
  });
});

Deno.test("PATCH /v1/alerts/:id refuses what is no change, and an alert that is not there", async () => {
  await withAlerts(1, async (_, call, [id]) => {
    const wrong = [{}, { state: "gone" }, { verdict: "guilty" }, { note: "x".repeat(501) }, {
      a: 1,
    }];
    for (const body of wrong) {
      assertEquals((await call(`PATCH /v1/alerts/${id}`, body)).status, 400);
    }
    for (const route of ["PATCH /v1/alerts/nobodys", "GET /v1/alerts/nobodys"]) {
      const body = route.startsWith("GET") ? undefined : { state: "resolved" };
      const { status, body: problem } = await call(route, body);
      assertEquals([status, problem.code], [404, "alert_not_found"]);
    }
  });
});

Deno.test("POST /v1/alerts/handle handles each for itself, once, and says which are not there", async () => {
  await withAlerts(3, async (deps, call, ids) => {
    const { body } = await call("POST /v1/alerts/handle", {
      ids: [ids[0], "nobodys", ids[2], ids[0]],
      state: "resolved",
      verdict: "genuine",
    });
    assertEquals(
      body.results.map(({ id, code, alert }: Record<string, { handling?: { state: string } }>) => [
        ...[id, code],
        alert?.handling?.state,
      ]),
      [[ids[0], undefined, "resolved"], ["nobodys", "alert_not_found", undefined], [
        ...[ids[2], undefined],
        "resolved",
      ]],
    );
    const left = await deps.kv.get(alertHandlingKey(DEFAULT_TENANT, ids[1]!));
    assertEquals(left.value, null);
  });
});

Deno.test("GET /v1/alerts tells those that are asked for, and pages through all of them", async () => {
  await withAlerts(9, async (_, call, ids) => {
    for (
      const [i, change] of [{ state: "resolved", verdict: "impostor" }, {
        state: "acknowledged",
      }].entries()
    ) {
      await call(`PATCH /v1/alerts/${ids[4 * i]}`, change);
    }
    const told = async (query: string) => idsOf((await call(`GET /v1/alerts?${query}`)).body);
    assertEquals(await told("state=resolved"), [ids[0]]);
    assertEquals(await told("verdict=impostor&state=resolved"), [ids[0]]);
    assertEquals(await told("verdict=genuine"), []);
    assertEquals(await told("state=acknowledged&subject=grace"), [ids[4]]);
    assertEquals(await told("state=acknowledged&subject=ada"), []);
    const open: string[] = [];
    let cursor = "";
    do {
      const { body } = await call(`GET /v1/alerts?state=open&limit=2${cursor}`);
      open.push(...idsOf(body));
      cursor = body.cursor ? `&cursor=${encodeURIComponent(body.cursor)}` : "";
    } while (cursor);
    assertEquals(open, ids.toReversed().filter((id) => ![ids[0], ids[4]].includes(id)));
  });
});

Deno.test("handleAlert() and a live session that makes the alert worse lose nothing to each other", async () => {
  await withAlerts(1, async (deps, call, [id]) => {
    const key = alertKey(DEFAULT_TENANT, id!);
    const which = { tenant: DEFAULT_TENANT, alert: id! };
    const worsen = async (risk: number) => {
      const { value } = await deps.kv.get<object>(key);
      await deps.kv.set(key, { ...value, risk });
    };
    const changes = ["acknowledged", "resolved", "open", "acknowledged"] as const;
    await Promise.all([
      ...changes.map((state) => handleAlert(deps.audit, which, { state }, TEST_ACTOR)),
      worsen(91),
    ]);
    await worsen(97);
    const { body } = await call(`GET /v1/alerts/${id}`);
    assert(body.handling, "what was made of it stays");
    assertEquals(body.risk, 97);
    assertEquals((await deps.audit.verify(DEFAULT_TENANT)).fault, undefined);
  });
});

Deno.test("alerts are handled by analysts and keys that may, and not by pages of others", async () => {
  await withAlerts(1, async (deps, _, [id]) => {
    const app = createApp(deps);
    const scopes = ["alerts:read"] as const;
    const request = { name: "reads", scopes: [...scopes] };
    const { secret } = await createApiKey(deps.audit, DEFAULT_TENANT, request, TEST_ACTOR);
    const reader = createClient(app, secret);
    const change = { state: "resolved" };
    assertEquals((await reader(`PATCH /v1/alerts/${id}`, change)).status, 403);
    for (const [role, status] of [["viewer", 403], ["analyst", 200]] as const) {
      const email = `${role}@example.com`;
      const { operator } = await seedOperator(deps, { email, role });
      const cookie = await cookieOf(deps, operator);
      const send = (headers: Record<string, string>) =>
        app.request(`/v1/alerts/${id}`, {
          method: "PATCH",
          headers: { Cookie: cookie, "Content-Type": "application/json", ...headers },
          body: JSON.stringify(change),
        });
      assertEquals((await send({ Origin: deps.origin })).status, status);
      assertEquals((await send({ Origin: "https://evil.example" })).status, 403);
      assertEquals((await send({})).status, 403);
    }
  });
});
