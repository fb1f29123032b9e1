import { assert, assertEquals } from "@std/assert";
import { KEY_SCOPES, ROLES } from "../../core/permission.ts";
import { createApiKey } from "../../core/store/api_keys.ts";
import { giveConsent } from "../../core/store/consents.ts";
import {
  alertKey,
  DEFAULT_TENANT,
  outboxNoticeKey,
  sessionKey,
  subjectAlertKey,
  subjectSessionKey,
  tenantKey,
} from "../../core/store/keys.ts";
import { createNotice } from "../../core/store/notices.ts";
import { createTenant, getTenant } from "../../core/store/tenants.ts";
import { DEFAULT_TENANT_SETTINGS } from "../../core/tenant.ts";
import { createApp } from "../../routes/app.ts";
import { START_MS } from "../core/live_sessions.ts";
import { createSessionRecord } from "../core/store/records.ts";
import { cookieOf, seedOperator } from "./operators/seeded_operators.ts";
import { createTestDeps, TEST_ACTOR } from "./test_service.ts";

type App = ReturnType<typeof createApp>;

/** Of the tenant that is not to be seen; nothing else in the store is like them. */
const THEIRS = {
  session: "canary-session",
  alert: "canary-alert1",
  subject: "canary-subject",
} as const;
/** Ids that nobody has, as long as those. */
const NOBODYS = {
  session: "absent-session",
  alert: "absent-alert1",
  subject: "absent-subject",
} as const;
const OTHER = "other";
const CANARY = /canary|Canary/;

interface Ids {
  readonly session: string;
  readonly alert: string;
  readonly subject: string;
  readonly key: string;
  readonly operator: string;
}

/** Bodies with which a route gets past its validation. */
const BODIES: Readonly<Record<string, unknown>> = {
  "POST /v1/tickets": { subject: "someone", consent: { policyVersion: "1", how: "test" } },
  "POST /v1/sessions/:id/verified": { amr: ["otp"], acr: "aal2" },
  "PUT /v1/subjects/:subject/consent": { policyVersion: "1", how: "test" },
  "POST /v1/keys": { name: "k", scopes: ["alerts:read"] },
  "POST /v1/keys/:id/rotate": {},
  "PATCH /v1/alerts/:id": { state: "resolved" },
  "POST /v1/alerts/handle": { ids: ["absent-alert1"], state: "resolved" },
  "PATCH /v1/tenant": { name: "Renamed" },
  "POST /v1/tenant/policy/simulate": { policy: DEFAULT_TENANT_SETTINGS.policy },
  "POST /v1/tenants": { id: "third", name: "Third" },
  "POST /v1/subjects/:subject/templates/:modality/rollback": { version: 1 },
};

/** What a parameter of a path stands for, in a route; an unknown one has to be added here. */
function valueOf(route: string, parameter: string, ids: Ids): string {
  if (parameter === "modality") return "keyboard";
  if (parameter === "subject") return ids.subject;
  if (parameter === "challenge" || parameter === "factor") return ids.key;
  const resource = /\/v1\/(?:subjects\/:subject\/)?(\w+)/.exec(route)?.[1];
  const value = {
    sessions: ids.session,
    alerts: ids.alert,
    keys: ids.key,
    operators: ids.operator,
    factors: ids.key,
  }[resource ?? ""];
  if (!value) throw new Error(`${route}: what is :${parameter}?`);
  return value;
}

/** Answers alike but for ids and secrets that are new each time, and the id that was asked for. */
function normal(text: string, ids: Ids): string {
  let said = text;
  for (const id of Object.values(ids)) said = said.replaceAll(id, "<id>");
  return said.replaceAll(/gk_sk_[\w-]+/g, "<secret>")
    .replaceAll(/\b[0-9A-HJKMNP-TV-Z]{26}\b/g, "<ulid>")
    .replaceAll(/\b[0-9a-f]{32}\b/g, "<pseudonym>")
    .replaceAll(/[\w-]{43}\b/g, "<random>");
}

async function seedTheirs(kv: Deno.Kv, deps: Awaited<ReturnType<typeof createTestDeps>>["deps"]) {
  const { session, alert, subject } = THEIRS;
  const times = { startedAtMs: START_MS, updatedAtMs: START_MS, expiresAtMs: START_MS + 1e9 };
  const record = createSessionRecord(session, { subject, alert, ...times });
  const tenant = (await getTenant(kv, DEFAULT_TENANT))!;
  await giveConsent(deps.audit, tenant, subject, { policyVersion: "1", how: "Canary" }, TEST_ACTOR);
  await kv.atomic()
    .set(sessionKey(DEFAULT_TENANT, session), record)
    .set(subjectSessionKey(DEFAULT_TENANT, subject, session), 1)
    .set(subjectAlertKey(DEFAULT_TENANT, subject, alert), 1)
    .set(alertKey(DEFAULT_TENANT, alert), {
      version: 1,
      id: alert,
      subject,
      session,
      atMs: START_MS,
      expiresAtMs: START_MS + 1e9,
      from: "low",
      level: "high",
      action: "step_up",
      risk: 90,
      confidence: 1,
      reasons: [],
    })
    .set(
      outboxNoticeKey(DEFAULT_TENANT, "1"),
      createNotice({ kind: "profile_ready", subject, modality: "keyboard", atMs: START_MS }),
    )
    .commit();
  const request = { name: "Canary key", scopes: KEY_SCOPES };
  const { key } = await createApiKey(deps.audit, DEFAULT_TENANT, request, TEST_ACTOR);
  const { operator } = await seedOperator(deps, { email: "canary@example.com" });
  return { ...THEIRS, key: key.id, operator: operator.id };
}

/** Every role of the other tenant, by what it sends along. */
async function rolesOf(kv: Deno.Kv, deps: Awaited<ReturnType<typeof createTestDeps>>["deps"]) {
  await createTenant(deps.audit, { id: OTHER, name: "Other", nowMs: START_MS }, TEST_ACTOR);
  const bearer = async (scopes: typeof KEY_SCOPES) => {
    const made = await createApiKey(deps.audit, OTHER, { name: "k", scopes }, TEST_ACTOR);
    return { Authorization: `Bearer ${made.secret}` };
  };
  const roles: Record<string, Record<string, string>> = {
    nobody: {},
    "a key of all scopes": await bearer(KEY_SCOPES),
    "a key that mints tickets": await bearer(["tickets:create"]),
  };
  for (const role of ROLES) {
    const email = `${role}@other.example`;
    const { operator } = await seedOperator(deps, { role, email, tenant: OTHER });
    const Cookie = await cookieOf({ ...deps, kv }, operator, OTHER);
    roles[role] = { Cookie, Origin: deps.origin, "Sec-Fetch-Site": "same-origin" };
  }
  return roles;
}

async function ask(app: App, route: string, headers: Record<string, string>, ids: Ids) {
  const [method, pattern] = route.split(" ") as [string, string];
  const path = pattern.replaceAll(/:(\w+)/g, (_, name) => valueOf(route, name, ids));
  const hasBody = method !== "GET" && method !== "DELETE";
  const response = await app.request(path, {
    method,
    headers: { ...headers, ...hasBody ? { "Content-Type": "application/json" } : {} },
    ...hasBody ? { body: JSON.stringify(BODIES[route] ?? {}) } : {},
  });
  return { status: response.status, body: await response.text() };
}

async function snapshot(kv: Deno.Kv) {
  return await Array.fromAsync(kv.list({ prefix: tenantKey(DEFAULT_TENANT) }));
}

Deno.test("every route answers every role of another tenant as if there were nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  const { deps } = await createTestDeps(kv);
  const theirs = await seedTheirs(kv, deps);
  const nobodys: Ids = { ...NOBODYS, key: "0".repeat(26), operator: "1".repeat(26) };
  const roles = await rolesOf(kv, deps);
  const app = createApp(deps);
  const routes = new Set(
    app.routes.filter(({ path, method }) => path.startsWith("/v1/") && method !== "ALL")
      .map(({ method, path }) => `${method} ${path}`),
  );
  assert(routes.size > 20);
  const before = await snapshot(kv);
  // What a role changes is asked of it last, so that all are asked of the same tenant.
  const order = [...routes].sort((a, b) =>
    Number(!a.startsWith("GET")) - Number(!b.startsWith("GET"))
  );
  for (const route of order) {
    for (const [role, headers] of Object.entries(roles)) {
      const answer = await ask(app, route, headers, theirs);
      assert(answer.status < 500, `${route} as ${role}: ${answer.status} ${answer.body}`);
      if (!route.includes(":")) {
        assert(!CANARY.test(answer.body), `${route} as ${role}: ${answer.body}`);
        continue;
      }
      const absent = await ask(app, route, headers, nobodys);
      assertEquals(
        [answer.status, normal(answer.body, theirs)],
        [absent.status, normal(absent.body, nobodys)],
        `${route} as ${role}`,
      );
      assert(!CANARY.test(normal(answer.body, theirs)), `${route} as ${role}`);
    }
  }
  assertEquals(await snapshot(kv), before);
});

Deno.test("pages and the live feed show operators of another tenant nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  const { deps, timers } = await createTestDeps(kv);
  const theirs = await seedTheirs(kv, deps);
  const roles = await rolesOf(kv, deps);
  const app = createApp(deps);
  for (const role of ROLES) {
    const pages = ["/", "/alerts", "/subjects", "/subjects?id=canary", "/try", "/quality"];
    for (const path of pages) {
      const response = await app.request(path, { headers: roles[role]! });
      const page = await response.text();
      assertEquals(response.status, 200, `${path} as ${role}`);
      assert(!CANARY.test(page.replaceAll("“canary”", "").replaceAll('"canary"', "")), path);
    }
    const { session, subject, alert } = theirs;
    for (const path of [`/sessions/${session}`, `/subjects/${subject}`, `/alerts/${alert}`]) {
      const response = await app.request(path, { headers: roles[role]! });
      const page = await response.text();
      assertEquals(response.status, 404, `${path} as ${role}`);
      assert(!CANARY.test(page.replaceAll(path.split("/").at(-1)!, "")), `${path} as ${role}`);
    }
    const path = `/live/feed?session=${theirs.session}`;
    const response = await app.request(path, { headers: roles[role]! });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const { value } = await reader.read();
    assert(value!.includes("snapshot"));
    assert(!CANARY.test(value!), `${path} as ${role}: ${value}`);
    await reader.cancel();
    timers.elapse(500);
  }
});
