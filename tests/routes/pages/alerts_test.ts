import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Role } from "../../../core/permission.ts";
import { getHandlings } from "../../../core/store/alert_handlings.ts";
import { alertKey, DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { cookieOf, seedOperator, Visitor } from "../operators/seeded_operators.ts";
import { seedAlerts } from "../seeded_alerts.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "../seeded_store.ts";
import { createTestDeps, TEST_ACTOR } from "../test_service.ts";

async function withAlerts(
  alerts: number,
  run: (deps: AppDeps, ids: readonly string[]) => Promise<void>,
) {
  using kv = await Deno.openKv(":memory:");
  const { deps } = await createTestDeps(kv);
  await run(deps, await seedAlerts(deps.audit, alerts));
}

async function operatorOf(deps: AppDeps, role: Role, tenant = DEFAULT_TENANT): Promise<Visitor> {
  const email = `${role}@${tenant}.example`;
  const { operator } = await seedOperator(deps, { role, tenant, email });
  return new Visitor(deps, { cookie: await cookieOf(deps, operator, tenant) });
}

async function read(answer: Promise<Response>) {
  const response = await answer;
  return { status: response.status, headers: response.headers, html: await response.text() };
}

const alertsOf = (html: string) =>
  Array.from(html.matchAll(/data-alert="([^"]*)"/g), ([, id]) => id);

async function stateOf({ kv }: AppDeps, ids: readonly string[]) {
  const handlings = await getHandlings(kv, DEFAULT_TENANT, ids);
  return ids.map((id) => handlings.get(id)?.state ?? "open");
}

Deno.test("GET /alerts shows the queue before any script runs, by state, level, search and order", async () => {
  await withAlerts(8, async (deps, ids) => {
    const visitor = await operatorOf(deps, "analyst");
    const shown = async (query: string) =>
      alertsOf((await read(visitor.get(`/alerts${query}`))).html).map((id) => ids.indexOf(id!));
    // Of four, the second is acknowledged and the third resolved; of three, the first is critical.
    assertEquals(await shown(""), [7, 4, 3, 0]);
    assertEquals(await shown("?state=acknowledged"), [5, 1]);
    assertEquals(await shown("?state=resolved"), [6, 2]);
    assertEquals(await shown("?level=critical"), [3, 0]);
    assertEquals(await shown("?order=riskiest"), [3, 0, 7, 4]);
    assertEquals(await shown("?state=gone&level=dire&order=none"), [7, 4, 3, 0]);
    const { html } = await read(visitor.get("/alerts?q=nobody%22%3E&state=resolved"));
    assertStringIncludes(html, "Nothing here is like that.");
    assertStringIncludes(html, 'value="nobody&quot;>"');
    assertMatch(html, /Resolved <span class="tabs-count">2</);
  });
});

Deno.test("GET /alerts/:id says why, who handled it and when; of another tenant's it says what it says of none", async () => {
  await withAlerts(4, async (deps, ids) => {
    await createTenant(deps.audit, { id: "other", name: "Other", nowMs: deps.nowMs() }, TEST_ACTOR);
    const own = await read((await operatorOf(deps, "analyst")).get(`/alerts/${ids[1]}`));
    assertEquals(own.status, 200);
    assertStringIncludes(own.html, "holds on letters 38 ms shorter than usual");
    assertStringIncludes(own.html, "by the service");
    const stranger = await operatorOf(deps, "owner", "other");
    const theirs = await read(stranger.get(`/alerts/${ids[1]}`));
    const none = await read(stranger.get(`/alerts/${"0".repeat(ids[1]!.length)}`));
    assertEquals([theirs.status, none.status], [404, 404]);
    assertEquals(theirs.html.replaceAll(ids[1]!, ""), none.html.replaceAll("0".repeat(26), ""));
    assertEquals(alertsOf((await read(stranger.get("/alerts"))).html), []);
    const refused = await read(stranger.post("/alerts", { id: ids[1]!, act: "resolve" }));
    assertEquals(refused.status, 404);
    assertEquals(await stateOf(deps, [ids[1]!]), ["acknowledged"]);
  });
});

Deno.test("POST /alerts handles what is chosen, each that is still there, and goes back", async () => {
  await withAlerts(8, async (deps, ids) => {
    const visitor = await operatorOf(deps, "analyst");
    await deps.kv.delete(alertKey(DEFAULT_TENANT, ids[4]!));
    const fields = [
      ...[0, 4, 7].map((i) => ["id", ids[i]!]),
      ["act", "impostor"],
      ["back", "/alerts?level=critical"],
    ];
    const { status, headers } = await read(visitor.post("/alerts", fields));
    assertEquals([status, headers.get("Location")], [303, "/alerts?level=critical"]);
    assertEquals(await stateOf(deps, [ids[0]!, ids[4]!, ids[7]!]), [
      "resolved",
      "open",
      "resolved",
    ]);
    const { items } = await deps.audit.list(DEFAULT_TENANT, { limit: 2 });
    assertEquals(items.map(({ action, actor }) => [action, actor.kind]), [
      ...Array(2).fill(["alert.handled", "operator"]),
    ]);
  });
});

Deno.test("POST /alerts refuses viewers, other sites' pages, and what is no act, and changes nothing", async () => {
  await withAlerts(1, async (deps, [id]) => {
    const fields = { id: id!, act: "resolve" };
    const analyst = await operatorOf(deps, "analyst");
    const viewer = await operatorOf(deps, "viewer");
    const seen = (await read(viewer.get(`/alerts/${id}`))).html;
    assert(alertsOf(seen).includes(id));
    assert(!/type="checkbox"|name="act"|name="note"/.test(seen), "a viewer is shown no control");
    const refused: readonly (readonly [Promise<Response>, number])[] = [
      [viewer.post("/alerts", fields), 403],
      [new Visitor(deps).post("/alerts", fields), 401],
      [analyst.post("/alerts", fields, { Origin: "https://evil.example" }), 403],
      [analyst.post("/alerts", fields, { "Sec-Fetch-Site": "cross-site" }), 403],
      [analyst.post("/alerts", fields, { Origin: "null" }), 403],
      [analyst.post("/alerts", { act: "resolve" }), 400],
      [analyst.post("/alerts", { ...fields, act: "delete" }), 400],
      [analyst.post("/alerts", { ...fields, act: "note", note: "x".repeat(501) }), 400],
      [analyst.post("/alerts", { ...fields, act: "__proto__" }), 400],
      [analyst.post("/alerts", { ...fields, id: "nobodys" }), 404],
    ];
    for (const [answer, status] of refused) assertEquals((await read(answer)).status, status);
    assertEquals(await stateOf(deps, [id!]), ["open"]);
  });
});

Deno.test("POST /alerts leads back to this service alone", async () => {
  await withAlerts(1, async (deps, [id]) => {
    const analyst = await operatorOf(deps, "analyst");
    for (
      const back of ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:1"]
    ) {
      const answer = analyst.post("/alerts", { id: id!, act: "acknowledge", back });
      assertEquals((await read(answer)).headers.get("Location"), "/");
    }
  });
});

Deno.test("GET /alerts lets nothing that a subject or an analyst wrote out as markup", async () => {
  await withAlerts(0, async (deps) => {
    const evil = "</script><script>alert(1)</script>";
    const session = createSession("s", deps.nowMs(), { subject: evil, reasons: STRANGE_REASONS });
    await putSession(deps.kv, session, createAlert(session, "a", deps.nowMs()));
    const analyst = await operatorOf(deps, "analyst");
    await read(analyst.post("/alerts", { id: "a", act: "note", note: evil }));
    for (const path of ["/alerts", "/alerts/a", `/alerts?q=${encodeURIComponent(evil)}`]) {
      const { html } = await read(analyst.get(path));
      assert(!html.includes("<script>alert"), path);
      assert(!/<style|\sstyle=|\son[a-z]+=/i.test(html), path);
    }
  });
});
