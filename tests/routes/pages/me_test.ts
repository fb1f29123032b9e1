import { assert, assertEquals, assertMatch } from "@std/assert";
import { createApiKey } from "../../../core/store/api_keys.ts";
import { getConsent, giveConsent } from "../../../core/store/consents.ts";
import { DEFAULT_TENANT, profileKey } from "../../../core/store/keys.ts";
import { LINK_LIFE_MS, VISIT_LIFE_MS } from "../../../core/store/subject_links.ts";
import { createTenant, getTenant } from "../../../core/store/tenants.ts";
import { createApp } from "../../../routes/app.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { WORDS } from "../../../routes/pages/me/words.ts";
import { createClient } from "../api_client.ts";
import { cookieOf, seedOperator, someSecret, Visitor } from "../operators/seeded_operators.ts";
import { PICTURED_MODELS, seedSubject } from "../seeded_subjects.ts";
import { consent, createTestDeps, SECRET_KEY, TEST_ACTOR } from "../test_service.ts";

const SUBJECT = "canary-ada";
const OTHER_SUBJECT = "canary-eve";
const DEAD = WORDS.closed.title;
const ACTS = ["pause", "resume", "withdraw", "export", "erase", "close", "open"];

async function withSubject(
  run: (deps: AppDeps, clock: { nowMs: number }) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const change = { models: Promise.resolve(PICTURED_MODELS) };
  const { deps, clock } = await createTestDeps(kv, change);
  await seedSubject(deps, { subject: SUBJECT, strokes: 300, movedMs: 60_000 });
  await run(deps, clock);
}

/** Path of a link that the subject's site asked for. */
async function linkOf(deps: AppDeps, subject = SUBJECT, key = SECRET_KEY): Promise<string> {
  const { status, body } = await createClient(createApp(deps), key)(
    `POST /v1/subjects/${subject}/link`,
    {},
  );
  assertEquals(status, 201);
  assert(body.url.startsWith(`${deps.origin}/me/`));
  return new URL(body.url).pathname;
}

/** Somebody who follows a link and opens it. */
async function visitorOf(deps: AppDeps, path: string, address?: string): Promise<Visitor> {
  const visitor = new Visitor(deps, address ? { address } : {});
  assertEquals(await statusOf(visitor.get(path)), 200);
  assertEquals(await statusOf(visitor.post("/me/open")), 303);
  return visitor;
}

async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

const textOf = async (response: Promise<Response>) => await (await response).text();

async function snapshot(kv: Deno.Kv) {
  return await Array.fromAsync(kv.list({ prefix: [] }));
}

Deno.test("a link's secret goes into a strict cookie of these pages, and stays nowhere else", async () => {
  await withSubject(async (deps) => {
    const path = await linkOf(deps);
    const secret = path.split("/").at(-1)!;
    const visitor = new Visitor(deps);
    const response = await visitor.get(path);
    assertEquals(
      response.headers.get("Set-Cookie"),
      `__Secure-gaitkeeper-me=${secret}; Max-Age=900; Path=/me; HttpOnly; Secure; SameSite=Strict`,
    );
    assertEquals(response.headers.get("Refresh"), "0; url=/me");
    assertEquals(response.headers.get("Cache-Control"), "no-store");
    const body = await response.text();
    assertMatch(body, /<meta name="referrer" content="no-referrer"/);
    assert(!body.includes(secret) && !/stylesheet|<script|<img/.test(body), "nothing is loaded");

    const before = await visitor.get("/me");
    assert(!(await before.text()).includes(secret));
    const opened = await visitor.post("/me/open");
    assertEquals([opened.status, opened.headers.get("Location")], [303, "/me"]);
    const cookie = opened.headers.get("Set-Cookie")!;
    assertMatch(cookie, /Max-Age=1800; Path=\/me; HttpOnly; Secure; SameSite=Strict$/);
    assert(!cookie.includes(secret), "a visit has a secret of its own");
    const page = await visitor.get("/me");
    assertEquals(page.headers.get("Cache-Control"), "no-store");
    assertEquals(page.headers.get("Referrer-Policy"), "same-origin");
    assertMatch(page.headers.get("Content-Security-Policy")!, /script-src 'self'/);
    assert(!(await page.text()).includes(visitor.cookies.get("__Secure-gaitkeeper-me")!));
  });
});

Deno.test("looking at a link does not use it up; opening it does, once", async () => {
  await withSubject(async (deps) => {
    const path = await linkOf(deps);
    const before = await snapshot(deps.kv);
    for (const scanner of [new Visitor(deps), new Visitor(deps)]) {
      await textOf(scanner.get(path));
      assertMatch(await textOf(scanner.get("/me")), new RegExp(WORDS.open.button));
    }
    assertEquals(await snapshot(deps.kv), before);
    const [first, second] = [new Visitor(deps), new Visitor(deps)];
    for (const visitor of [first, second]) await textOf(visitor.get(path));
    const opened = await Promise.all(
      [first, second].map((each) => statusOf(each.post("/me/open"))),
    );
    assertEquals(opened.toSorted(), [303, 403]);
  });
});

Deno.test("a link that is forged, over, used or nobody's is answered in the same words", async () => {
  await withSubject(async (deps, clock) => {
    const used = await linkOf(deps);
    const late = await linkOf(deps);
    const visitor = await visitorOf(deps, used);
    const answers: string[] = [];
    const answer = async (path: string | undefined) => {
      const stranger = new Visitor(deps);
      if (path) await textOf(stranger.get(path));
      const page = await stranger.get("/me");
      assertEquals(page.status, 403);
      assertEquals(await statusOf(stranger.post("/me/open")), 403);
      answers.push(await page.text());
    };
    await answer(used);
    clock.nowMs += LINK_LIFE_MS;
    await answer(late);
    for (const path of [`/me/${someSecret()}`, undefined, "/me/short", "/me/nothing/here"]) {
      await answer(path);
    }
    assertEquals(new Set(answers).size, 1);
    assert(answers[0]!.includes(DEAD));
    // The visit goes on for its own half hour, and not longer.
    clock.nowMs += VISIT_LIFE_MS - LINK_LIFE_MS - 1;
    assertEquals(await statusOf(visitor.get("/me")), 200);
    clock.nowMs += 1;
    assertEquals(await statusOf(visitor.get("/me")), 403);
    for (const act of ACTS) {
      const stranger = new Visitor(deps);
      const fields = { for: "day", word: "delete" };
      assertEquals(await statusOf(stranger.post(`/me/${act}`, fields)), 403, act);
    }
  });
});

Deno.test("a visit shows and changes the one subject of the one tenant, whatever else it names", async () => {
  await withSubject(async (deps) => {
    await seedSubject(deps, { subject: OTHER_SUBJECT, strokes: 0, movedMs: 0 });
    await createTenant(deps.audit, { id: "other", name: "Other", nowMs: deps.nowMs() }, TEST_ACTOR);
    const other = (await getTenant(deps.kv, "other"))!;
    const given = { policyVersion: "1", how: "elsewhere-canary" };
    await giveConsent(deps.audit, other, SUBJECT, given, TEST_ACTOR);
    const visitor = await visitorOf(deps, await linkOf(deps));
    const page = await textOf(visitor.get(`/me?subject=${OTHER_SUBJECT}&tenant=other`));
    assert(page.includes(WORDS.status.on) && !page.includes(OTHER_SUBJECT));
    assert(!page.includes("elsewhere-canary"));
    const fields = { subject: OTHER_SUBJECT, tenant: "other", for: "open", word: "delete" };
    for (const act of ["pause", "withdraw", "erase"]) {
      await textOf(visitor.post(`/me/${act}`, fields));
    }
    const eve = await getConsent(deps.kv, DEFAULT_TENANT, OTHER_SUBJECT);
    assertEquals([eve.consent?.pause, eve.consent?.withdrawnAtMs], [undefined, undefined]);
    const elsewhere = await getConsent(deps.kv, "other", SUBJECT);
    assertEquals([elsewhere.consent?.pause, elsewhere.consent?.withdrawnAtMs], [
      undefined,
      undefined,
    ]);
    assertEquals((await getConsent(deps.kv, DEFAULT_TENANT, SUBJECT)).consent, undefined);

    // A key of the other tenant makes no link to somebody it does not have.
    const request = { name: "k", scopes: ["subjects:link" as const] };
    const { secret } = await createApiKey(deps.audit, "other", request, TEST_ACTOR);
    const ask = createClient(createApp(deps), secret);
    const { status, body } = await ask(`POST /v1/subjects/${OTHER_SUBJECT}/link`, {});
    assertEquals([status, body.code], [404, "not_found"]);
  });
});

Deno.test("a visit opens nothing of the dashboard or the API, and an operator no visit", async () => {
  await withSubject(async (deps) => {
    const visitor = await visitorOf(deps, await linkOf(deps));
    const secret = visitor.cookies.get("__Secure-gaitkeeper-me")!;
    for (const path of ["/", "/subjects", `/subjects/${SUBJECT}`, "/account", "/live/feed"]) {
      const response = await visitor.get(path);
      assertEquals([response.status, response.headers.get("Location")?.slice(0, 8)], [
        303,
        "/sign-in",
      ]);
    }
    for (const cookie of [`__Host-gaitkeeper=${secret}`, `__Secure-gaitkeeper-me=${secret}`]) {
      const stranger = new Visitor(deps, { cookie });
      assertEquals(await statusOf(stranger.json("GET", `/v1/subjects/${SUBJECT}/consent`)), 401);
      assertEquals(await statusOf(stranger.json("DELETE", `/v1/subjects/${SUBJECT}`)), 401);
    }
    const bearer = createClient(createApp(deps), secret);
    assertEquals((await bearer(`GET /v1/subjects/${SUBJECT}/export`)).status, 401);
    const { operator } = await seedOperator(deps);
    const owner = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    assertEquals(await statusOf(owner.get("/me")), 403);
    for (const act of ACTS) {
      assertEquals(await statusOf(owner.post(`/me/${act}`, { word: "delete", for: "day" })), 403);
    }
  });
});

Deno.test("links are made by who may act as a subject, not by who may change one", async () => {
  await withSubject(async (deps, clock) => {
    const may = async (scope: "subjects:write" | "subjects:link") => {
      const request = { name: scope, scopes: [scope] };
      const { secret } = await createApiKey(deps.audit, DEFAULT_TENANT, request, TEST_ACTOR);
      return (await createClient(createApp(deps), secret)(`POST /v1/subjects/${SUBJECT}/link`, {}));
    };
    assertEquals((await may("subjects:write")).body.code, "permission_denied");
    assertEquals((await may("subjects:link")).status, 201);
    for (const role of ["viewer", "analyst", "owner"] as const) {
      const { operator } = await seedOperator(deps, { role });
      const browser = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
      const ask = () => statusOf(browser.json("POST", `/v1/subjects/${SUBJECT}/link`));
      assertEquals(await ask(), role === "owner" ? 201 : 403, role);
      clock.nowMs += 11 * 60_000;
      // An owner has proved it too long ago.
      assertEquals(await ask(), role === "owner" ? 401 : 403, role);
    }
  });
});

Deno.test("another site's page makes a visitor do nothing", async () => {
  await withSubject(async (deps) => {
    const visitor = await visitorOf(deps, await linkOf(deps));
    const before = await snapshot(deps.kv);
    const foreign: Record<string, string>[] = [
      { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" },
      { Origin: "null" },
      { Origin: deps.origin, "Sec-Fetch-Site": "same-site" },
      { Origin: "", "Sec-Fetch-Site": "" },
    ];
    for (const headers of foreign) {
      for (const act of ACTS) {
        const fields = { for: "open", word: "delete" };
        const response = await visitor.post(`/me/${act}`, fields, {
          ...headers,
          Accept: "application/json",
        });
        assertEquals([response.status, (await response.json()).code], [403, "origin_refused"], act);
      }
    }
    // Nor does it end a visit by leading there; who comes from elsewhere goes on from this very site.
    const cross = { "Sec-Fetch-Site": "cross-site" };
    const without = new Visitor(deps);
    for (const path of ["/me", "/me/pause", "/me/nothing"]) {
      const led = await without.get(path, cross);
      assertEquals([led.headers.get("Set-Cookie")], [null]);
      assertEquals(led.headers.get("Refresh"), path === "/me" ? "0; url=/me" : null);
      await led.body?.cancel();
    }
    // No act is a GET either.
    for (const act of ACTS) assertEquals(await statusOf(visitor.get(`/me/${act}`)), 403, act);
    assertEquals(await snapshot(deps.kv), before);
    assertEquals(await statusOf(visitor.get("/me")), 200);
  });
});

Deno.test("a pause refuses tickets until it is resumed or its time is over", async () => {
  await withSubject(async (deps, clock) => {
    const ask = createClient(createApp(deps));
    const ticket = async () => (await ask("POST /v1/tickets", { subject: SUBJECT })).body.code;
    const visitor = await visitorOf(deps, await linkOf(deps));
    assertEquals(await statusOf(visitor.post("/me/pause", { for: "forever" })), 400);
    assertEquals(await ticket(), undefined);
    await textOf(visitor.post("/me/pause", { for: "open" }));
    assertEquals(await ticket(), "paused");
    const { body } = await ask(`GET /v1/subjects/${SUBJECT}/consent`);
    assertEquals(body.paused, { since: new Date(clock.nowMs).toISOString() });
    assert((await textOf(visitor.get("/me?done=paused"))).includes(WORDS.status.paused));
    await textOf(visitor.post("/me/resume"));
    assertEquals(await ticket(), undefined);
    await textOf(visitor.post("/me/pause", { for: "hour" }));
    assertEquals(await ticket(), "paused");
    clock.nowMs += 3600_000;
    assertEquals(await ticket(), undefined);
  });
});

Deno.test("withdrawing ends every link and visit but the one that asks, which may still delete", async () => {
  await withSubject(async (deps) => {
    const own = await visitorOf(deps, await linkOf(deps));
    const other = await visitorOf(deps, await linkOf(deps));
    const link = await linkOf(deps);
    assertEquals(await statusOf(own.post("/me/withdraw")), 303);
    assertEquals(await statusOf(other.get("/me")), 403);
    const stranger = new Visitor(deps);
    await textOf(stranger.get(link));
    assertEquals(await statusOf(stranger.post("/me/open")), 403);
    const page = await textOf(own.get("/me"));
    assert(page.includes(WORDS.status.off) && !page.includes('action="/me/pause"'));
    assertEquals(await statusOf(own.post("/me/pause", { for: "day" })), 404);
    // By their site, nobody's visit is spared.
    await consent(deps, SUBJECT);
    const again = await visitorOf(deps, await linkOf(deps));
    await createClient(createApp(deps))(`DELETE /v1/subjects/${SUBJECT}/consent`);
    for (const visitor of [own, again]) assertEquals(await statusOf(visitor.get("/me")), 403);
  });
});

Deno.test("a visitor takes the same export as their site does, and the log knows who it was", async () => {
  await withSubject(async (deps) => {
    const visitor = await visitorOf(deps, await linkOf(deps));
    const response = await visitor.post("/me/export");
    assertEquals(
      response.headers.get("Content-Disposition"),
      'attachment; filename="what-is-known-of-me.json"',
    );
    const text = await response.text();
    const { records, about, pseudonym, audit } = JSON.parse(text);
    const { body } = await createClient(createApp(deps))(`GET /v1/subjects/${SUBJECT}/export`);
    assertEquals(records, body.records);
    for (const { kind } of records) assert(about[kind], `${kind} is explained`);
    assert(records.some(({ kind }: { kind: string }) => kind === "profile"));
    assert(!text.includes("SECRET-CANARY"));
    assertEquals(audit.at(-1).actor, `subject ${pseudonym}`);
    const { items } = await deps.audit.list(DEFAULT_TENANT, { limit: 50 });
    const acts = items.filter(({ actor }) => actor.kind === "subject");
    assertEquals(acts.map(({ action }) => action), ["subject.exported", "subject.link_opened"]);
    assert(acts.every(({ actor, from }) => actor.id === pseudonym && from === undefined));
  });
});

Deno.test("deleting wants the word, leaves nothing, and shows a receipt that the log names too", async () => {
  await withSubject(async (deps) => {
    const visitor = await visitorOf(deps, await linkOf(deps));
    for (const word of ["", "DELETE it", "erase"]) {
      const refused = await visitor.post("/me/erase", { word });
      assertEquals(refused.status, 400);
      assert((await refused.text()).includes("Nothing was deleted"));
    }
    const page = await textOf(visitor.post("/me/erase", { word: " Delete " }));
    assert(page.includes(WORDS.receipt.title));
    const receipt = /\b[0-9A-HJKMNP-TV-Z]{26}\b/.exec(page)![0];
    const { items } = await deps.audit.list(DEFAULT_TENANT, { limit: 1 });
    assertEquals([items[0]!.action, items[0]!.actor.kind], ["subject.erased", "subject"]);
    assert(items[0]!.after!.includes(receipt) && page.includes(items[0]!.target.id));
    assertEquals(visitor.cookies.size, 0);
    for (const { key, value } of await snapshot(deps.kv)) {
      assert(!Deno.inspect([key, value], { depth: 9 }).includes(SUBJECT), key.join("/"));
    }
  });
});

Deno.test("what cannot be opened any more is told as such, and can still be deleted", async () => {
  await withSubject(async (deps) => {
    const key = profileKey(DEFAULT_TENANT, SUBJECT, "keyboard");
    const { value } = await deps.kv.get<Uint8Array>(key);
    await deps.kv.set(key, value!.map((byte, i) => i === 40 ? byte ^ 1 : byte));
    const visitor = await visitorOf(deps, await linkOf(deps));
    const page = await visitor.get("/me");
    assertEquals(page.status, 200);
    assert((await page.text()).includes(WORDS.sure.unreadable));
    const { operator } = await seedOperator(deps);
    const owner = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    assert((await textOf(owner.get(`/subjects/${SUBJECT}`))).includes("cannot be opened"));
    assertEquals(await statusOf(visitor.post("/me/erase", { word: "delete" })), 200);
  });
});

Deno.test("one visit cannot be used to hammer the service", async () => {
  await withSubject(async (deps, clock) => {
    const visitor = await visitorOf(deps, await linkOf(deps));
    const answers: number[] = [];
    for (let i = 0; i < 40; i++) answers.push(await statusOf(visitor.post("/me/resume")));
    assertEquals(answers.filter((status) => status === 303).length, 30);
    assertEquals(answers.at(-1), 429);
    // Looking stays possible, and so does acting a little later.
    assertEquals(await statusOf(visitor.get("/me")), 200);
    clock.nowMs += 5000;
    assertEquals(await statusOf(visitor.post("/me/resume")), 303);
  });
});

Deno.test("guessing links from one address is slowed down", async () => {
  await withSubject(async (deps) => {
    const answers = new Map<number, number>();
    for (let i = 0; i < 40; i++) {
      const visitor = new Visitor(deps);
      await textOf(visitor.get(`/me/${someSecret()}`));
      const status = await statusOf(visitor.post("/me/open"));
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }
    assertEquals([...answers], [[403, 30], [429, 10]]);
    // Another address opens its link meanwhile.
    await visitorOf(deps, await linkOf(deps), "198.51.100.9");
  });
});

Deno.test("a visitor closes the page for whoever comes after them", async () => {
  await withSubject(async (deps) => {
    const visitor = await visitorOf(deps, await linkOf(deps));
    const kept = new Map(visitor.cookies);
    assert((await textOf(visitor.post("/me/close"))).includes(WORDS.left.title));
    for (const [name, value] of kept) visitor.cookies.set(name, value);
    assertEquals(await statusOf(visitor.get("/me")), 403);
  });
});
