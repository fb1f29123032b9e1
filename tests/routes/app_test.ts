import { assert, assertEquals } from "@std/assert";
import type { ModelSet } from "../../core/models/model_set.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { consumeTicket } from "../../core/store/tickets.ts";
import { createApp } from "../../routes/app.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { SMALL_MODELS } from "../core/small_models.ts";
import { createAlert, createSession, putSession, STRANGE_REASONS } from "./seeded_store.ts";
import { consent, createTestDeps, SECRET_KEY, SITE } from "./test_service.ts";
import { withTraceFolder } from "./trace_folders.ts";

const BEARER = { Authorization: `Bearer ${SECRET_KEY}` };

async function withApp(
  run: (app: ReturnType<typeof createApp>, deps: AppDeps) => Promise<void>,
  change: Partial<AppDeps> = {},
) {
  using kv = await Deno.openKv(":memory:");
  const { deps } = await createTestDeps(kv, change);
  await consent(deps, "ada");
  await run(createApp(deps), deps);
}

/** Asserts RFC 9457 problem details and returns them. */
async function problem(response: Response, status: number, code: string) {
  const text = await response.text();
  assertEquals(response.status, status, text);
  assertEquals(response.headers.get("Content-Type"), "application/problem+json");
  const body = JSON.parse(text);
  assertEquals(Object.keys(body).sort(), ["code", "detail", "status", "title", "type"]);
  assertEquals([body.code, body.status], [code, status]);
  assert(!/\n|\bat \w+ \(|\.ts:\d/.test(text), `a stack got out: ${text}`);
  return body;
}

function post(body: unknown, headers: Record<string, string> = BEARER): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  };
}

Deno.test("/v1 answers 401 to everything but the whole secret key", async () => {
  await withApp(async (app) => {
    const wrong = [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      SECRET_KEY,
      `Basic ${btoa(`x:${SECRET_KEY}`)}`,
      `Bearer ${SECRET_KEY.slice(0, -1)}`,
      `Bearer ${SECRET_KEY}x`,
      `Bearer ${SECRET_KEY.toUpperCase()}`,
      `Bearer ${SECRET_KEY} ${SECRET_KEY}`,
    ];
    for (const value of wrong) {
      const headers: Record<string, string> = value === undefined ? {} : { Authorization: value };
      for (const path of ["/v1/sessions", "/v1/sessions/x", "/v1/alerts"]) {
        const response = await app.request(path, { headers });
        assert(response.headers.get("WWW-Authenticate")?.startsWith("Bearer"));
        await problem(response, 401, "credential_invalid");
      }
      const mint = await app.request("/v1/tickets", post({ subject: "ada" }, headers));
      await problem(mint, 401, "credential_invalid");
      const verify = await app.request("/v1/sessions/x/verified", post({}, headers));
      await problem(verify, 401, "credential_invalid");
    }
    assertEquals((await app.request("/v1/sessions", { headers: BEARER })).status, 200);
  });
});

Deno.test("POST /v1/tickets mints a ticket bound to subject, session and origin", async () => {
  await withApp(async (app, { kv, nowMs }) => {
    const asked = { subject: "ada", session: "s-1", acr: "silver", origin: `${SITE}/login?next=x` };
    const response = await app.request("/v1/tickets", post(asked));
    assertEquals(response.status, 201);
    const { ticket, session, expiresAt } = await response.json();
    assertEquals([session, expiresAt], ["s-1", new Date(nowMs() + 30_000).toISOString()]);
    assertEquals(await consumeTicket(kv, ticket, nowMs()), {
      version: 1,
      tenant: DEFAULT_TENANT,
      subject: "ada",
      session: "s-1",
      acr: "silver",
      origin: SITE,
      replay: false,
      expiresAtMs: nowMs() + 30_000,
    });
  });
});

Deno.test("POST /v1/tickets begins a session of its own, from this service's own origin by default", async () => {
  await withApp(async (app, { kv, nowMs, origin }) => {
    const sessions = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const { ticket, session } = await (await app.request("/v1/tickets", post({ subject: "ada" })))
        .json();
      sessions.add(session);
      assert(/^[0-9A-HJKMNP-TV-Z]{26}$/.test(session), session);
      assertEquals((await consumeTicket(kv, ticket, nowMs())).origin, origin);
    }
    assertEquals(sessions.size, 20);
  });
});

Deno.test("POST /v1/tickets refuses what it cannot read", async () => {
  await withApp(async (app) => {
    const wrong: unknown[] = [
      "",
      "{",
      "[]",
      "null",
      {},
      { subject: "" },
      { subject: "a".repeat(129) },
      { subject: "two words" },
      { subject: "new\nline" },
      { subject: 7 },
      { subject: "ada", session: "" },
      { subject: "ada", session: "s".repeat(129) },
      { subject: "ada", origin: "null" },
      { subject: "ada", origin: "javascript:alert(1)" },
      { subject: "ada", origin: "bank.example" },
      { subject: "ada", role: "owner" },
      { subject: "ada", traces: "yes" },
    ];
    for (const body of wrong) {
      await problem(await app.request("/v1/tickets", post(body)), 400, "request_invalid");
    }
    const form = post("subject=ada", {
      ...BEARER,
      "Content-Type": "application/x-www-form-urlencoded",
    });
    await problem(await app.request("/v1/tickets", form), 400, "request_invalid");
    const large = post({ subject: "ada", acr: "x".repeat(20_000) });
    await problem(await app.request("/v1/tickets", large), 413, "request_too_large");
  });
});

Deno.test("POST /v1/tickets lets recordings outrun the clock in dev alone", async () => {
  const asked = post({ subject: "ada", replay: true });
  await withApp(async (app) => {
    await problem(await app.request("/v1/tickets", asked), 400, "request_invalid");
  });
  await withApp(async (app) => {
    assertEquals((await app.request("/v1/tickets", asked)).status, 201);
  }, { dev: true });
});

Deno.test("POST /v1/tickets takes a consent to recording where the installation records at all", async () => {
  const asked = post({ subject: "ada", traces: true });
  await withApp(async (app) => {
    const refused = await problem(
      await app.request("/v1/tickets", asked),
      403,
      "traces_disabled",
    );
    assert(refused.detail.includes("GAITKEEPER_TRACES"));
    const without = await app.request("/v1/tickets", post({ subject: "ada", traces: false }));
    assertEquals(without.status, 201);
  });
  await withTraceFolder(async (traces) => {
    await withApp(async (app, { kv, nowMs }) => {
      const consentOf = async (init: RequestInit) => {
        const { ticket } = await (await app.request("/v1/tickets", init)).json();
        return (await consumeTicket(kv, ticket, nowMs())).traces;
      };
      assertEquals(await consentOf(asked), true);
      assertEquals(await consentOf(post({ subject: "ada", traces: false })), undefined);
      assertEquals(await consentOf(post({ subject: "ada" })), undefined);
    }, { traces });
  });
});

Deno.test("GET /v1/sessions and /v1/alerts page through all, newest first, none twice", async () => {
  await withApp(async (app, { kv, nowMs }) => {
    const ids = Array.from({ length: 23 }, (_, i) => String(i).padStart(2, "0"));
    for (const id of ids) {
      const record = createSession(id, nowMs(), { reasons: STRANGE_REASONS });
      await putSession(kv, record, createAlert(record, id, nowMs()));
    }
    for (const list of ["sessions", "alerts"] as const) {
      const found: string[] = [];
      let cursor = "";
      for (let pages = 0; pages < 9; pages++) {
        const query = `limit=5${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
        const response = await app.request(`/v1/${list}?${query}`, { headers: BEARER });
        assertEquals(response.status, 200);
        const page = await response.json();
        found.push(...page[list].map(({ id }: { id: string }) => id));
        if (!page.cursor) break;
        cursor = page.cursor;
      }
      assertEquals(found, ids.toReversed());
      for (const query of ["limit=0", "limit=201", "limit=x", "cursor=zzz", "cursor=%00"]) {
        const response = await app.request(`/v1/${list}?${query}`, { headers: BEARER });
        await problem(response, 400, "request_invalid");
      }
    }
  });
});

Deno.test("GET /v1/sessions/:id shows risk and reasons, and nothing of the record's own", async () => {
  await withApp(async (app, { kv, nowMs }) => {
    const record = createSession("s", nowMs(), { reasons: STRANGE_REASONS });
    await putSession(kv, record);
    const response = await app.request("/v1/sessions/s", { headers: BEARER });
    assertEquals(response.headers.get("Content-Type"), "application/json");
    const session = await response.json();
    assertEquals([session.id, session.subject, session.risk], ["s", "subject-s", record.risk]);
    const nats = session.reasons.map((reason: { nats: number }) => reason.nats);
    assertEquals(nats, STRANGE_REASONS.map((reason) => reason.nats));
    for (const own of ["version", "expiresAtMs", "history", "startedAtMs"]) {
      assertEquals(own in session, false, own);
    }
    const none = await app.request("/v1/sessions/t", { headers: BEARER });
    await problem(none, 404, "session_not_found");
    const long = await app.request(`/v1/sessions/${"s".repeat(3000)}`, { headers: BEARER });
    await problem(long, 400, "request_invalid");
    const unverified = await app.request("/v1/sessions/t/verified", post({}));
    await problem(unverified, 404, "session_not_found");
  });
});

Deno.test("GET /v1/openapi.json describes every route of /v1 by the schemas that validate", async () => {
  await withApp(async (app) => {
    const document = await (await app.request("/v1/openapi.json")).json();
    assert(document.openapi.startsWith("3."));
    const routes = new Set(
      app.routes.filter(({ path, method }) => path.startsWith("/v1/") && method !== "ALL")
        .map(({ path, method }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`),
    );
    routes.delete("GET /v1/openapi.json");
    const described = Object.entries<Record<string, unknown>>(document.paths)
      .flatMap(([path, item]) => Object.keys(item).map((m) => `${m.toUpperCase()} ${path}`));
    for (const route of routes) assert(described.includes(route), `${route} is not described`);

    const body = document.paths["/v1/tickets"].post.requestBody.content["application/json"].schema;
    const schema = body.$ref ? document.components.schemas[body.$ref.split("/").at(-1)] : body;
    const ticket = ["acr", "consent", "origin", "replay", "session", "subject", "traces"];
    assertEquals(Object.keys(schema.properties).sort(), ticket);
    assertEquals(schema.required, ["subject"]);
    const session = document.paths["/v1/sessions/{id}"].get.responses[200];
    assert("risk" in session.content["application/json"].schema.properties);
    for (const item of Object.values<Record<string, { responses: object }>>(document.paths)) {
      for (const { responses } of Object.values(item)) {
        assert("default" in responses || !("401" in responses));
      }
    }
  });
});

Deno.test("/livez needs no store; /readyz is 503 until store and models are there", async () => {
  const models = Promise.withResolvers<ModelSet>();
  const kv = await Deno.openKv(":memory:");
  const app = createApp((await createTestDeps(kv, { models: models.promise })).deps);
  const ready = async () => {
    const response = await app.request("/readyz");
    return [response.status, await response.json()];
  };
  assertEquals(await ready(), [503, { ready: false, store: "ok", models: "pending" }]);
  models.resolve(SMALL_MODELS);
  await models.promise;
  assertEquals(await ready(), [200, { ready: true, store: "ok", models: "ok" }]);
  kv.close();
  assertEquals(await ready(), [503, { ready: false, store: "failed", models: "ok" }]);
  assertEquals((await app.request("/livez")).status, 200);
});

Deno.test("/readyz says when the models have failed", async () => {
  const models = Promise.withResolvers<ModelSet>();
  await withApp(async (app) => {
    models.reject(new Error("broken"));
    assertEquals((await (await app.request("/readyz")).json()).models, "failed");
  }, { models: models.promise });
});

Deno.test("every answer carries a policy that lets nothing run but the service's own files", async () => {
  await withApp(async (app) => {
    for (const path of ["/", "/try", "/livez", "/v1/sessions", "/static/icon.svg", "/nowhere"]) {
      const response = await app.request(path);
      await response.body?.cancel();
      const policy = response.headers.get("Content-Security-Policy") ?? "";
      for (
        const part of [
          "default-src 'none'",
          "script-src 'self';",
          "frame-ancestors 'none'",
          "trusted-types 'none'",
        ]
      ) {
        assert(policy.includes(part), `${path}: ${policy}`);
      }
      assert(!/unsafe|\*|script-src[^;]*data:/.test(policy), policy);
      assertEquals(response.headers.get("X-Content-Type-Options"), "nosniff");
      const isFile = path.startsWith("/static/");
      assertEquals(response.headers.get("Cache-Control"), isFile ? "no-cache" : "no-store");
      assertEquals(response.headers.get("X-Powered-By"), null);
    }
  }, { dev: true });
});

Deno.test("what is not there is a problem, whatever the method", async () => {
  await withApp(async (app) => {
    for (const method of ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      await problem(await app.request("/v1/nothing", { method }), 404, "not_found");
    }
    await problem(await app.request("/v1/tickets", { headers: BEARER }), 404, "not_found");
  });
});

Deno.test("an error that nobody foresaw is a 500 that says nothing of its cause", async () => {
  const { error } = console;
  const logged: unknown[] = [];
  console.error = (...values: unknown[]) => logged.push(...values);
  try {
    const kv = await Deno.openKv(":memory:");
    const app = createApp((await createTestDeps(kv)).deps);
    kv.close();
    const response = await app.request("/v1/sessions", { headers: BEARER });
    assert(response.status >= 500);
    await problem(
      response,
      response.status,
      response.status === 503 ? "store_unavailable" : "internal",
    );
  } finally {
    console.error = error;
  }
  assert(logged.length > 0);
});
