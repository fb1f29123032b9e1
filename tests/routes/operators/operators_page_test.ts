import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RECENT_MS } from "../../../core/operator.ts";
import { listInvitations } from "../../../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { listOperators } from "../../../core/store/memberships.ts";
import { getOperator } from "../../../core/store/operators.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import {
  codeOf,
  cookieOf,
  PASSWORD,
  seedOperator,
  Visitor,
  withOperators,
} from "./seeded_operators.ts";

async function statusOf(response: Response | Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

Deno.test("an owner invites, changes roles and removes, and the audit log says who did it", async () => {
  await withOperators(async (deps) => {
    const { operator: owner } = await seedOperator(deps);
    const { operator: viewer } = await seedOperator(deps, { role: "viewer" });
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, owner) });
    const invitation = { email: "new@example.com", role: "analyst" };
    assertEquals(await statusOf(visitor.post("/operators/invitations", invitation)), 200);
    const [open] = await listInvitations(deps.kv, DEFAULT_TENANT, deps.nowMs());
    const revoke = `/operators/invitations/${open!.id}/revoke`;
    assertEquals(await statusOf(visitor.post(revoke)), 303);
    assertEquals(await statusOf(visitor.post(revoke)), 404);
    assertEquals(await listInvitations(deps.kv, DEFAULT_TENANT, deps.nowMs()), []);
    assertEquals(
      await statusOf(visitor.post(`/operators/${viewer.id}/role`, { role: "analyst" })),
      303,
    );
    assertEquals((await getOperator(deps.kv, viewer.id))!.memberships, {
      [DEFAULT_TENANT]: "analyst",
    });
    assertEquals(await statusOf(visitor.post(`/operators/${viewer.id}/remove`)), 303);
    assertEquals(await getOperator(deps.kv, viewer.id), undefined);
    const { items } = await deps.audit.list(DEFAULT_TENANT, { limit: 4 });
    assertEquals(items.map(({ action, actor }) => [action, actor.id]), [
      ["operator.removed", owner.id],
      ["operator.role_changed", owner.id],
      ["invitation.revoked", owner.id],
      ["operator.invited", owner.id],
    ]);
    assertEquals([items[1]!.before, items[1]!.after], ['"viewer"', '"analyst"']);
  });
});

Deno.test("a removed operator is out at once, and a lower role counts with the next request", async () => {
  await withOperators(async (deps) => {
    const { operator: owner } = await seedOperator(deps);
    const seeded = await seedOperator(deps, { email: "second@example.com" });
    const boss = new Visitor(deps, { cookie: await cookieOf(deps, owner) });
    const second = new Visitor(deps, { cookie: await cookieOf(deps, seeded.operator) });
    assertEquals(await statusOf(second.get("/operators")), 200);
    const path = `/operators/${seeded.operator.id}`;
    assertEquals(await statusOf(boss.post(`${path}/role`, { role: "viewer" })), 303);
    assertEquals(await statusOf(second.get("/operators")), 403);
    assertEquals(await statusOf(second.get("/quality")), 200);
    assertEquals(await statusOf(boss.post(`${path}/remove`)), 303);
    assertEquals(await statusOf(second.get("/quality")), 303);
    assertEquals(await statusOf(second.json("GET", "/v1/sessions")), 401);
    const { operator: { email }, totpSecret } = seeded;
    const fields = { email, password: PASSWORD, code: codeOf(totpSecret, deps.nowMs()) };
    assertEquals(await statusOf(new Visitor(deps).post("/sign-in/password", fields)), 401);
  });
});

Deno.test("the last owner stays an owner, also when two remove each other at once", async () => {
  await withOperators(async (deps) => {
    const { operator: one } = await seedOperator(deps);
    const { operator: two } = await seedOperator(deps, { email: "two@example.com" });
    const [first, second] = [
      new Visitor(deps, { cookie: await cookieOf(deps, one) }),
      new Visitor(deps, { cookie: await cookieOf(deps, two) }),
    ];
    await Promise.all([
      statusOf(first.post(`/operators/${two.id}/remove`)),
      statusOf(second.post(`/operators/${one.id}/remove`)),
    ]);
    const [left, ...others] = await listOperators(deps.kv, DEFAULT_TENANT);
    assertEquals([left!.memberships, others.length], [{ [DEFAULT_TENANT]: "owner" }, 0]);
    const survivor = left!.id === one.id ? first : second;
    for (const [path, fields] of [["remove", {}], ["role", { role: "viewer" }]] as const) {
      const response = await survivor.post(`/operators/${left!.id}/${path}`, fields);
      assertEquals(response.status, 409);
      assertStringIncludes(await response.text(), "one owner must be left");
    }
  });
});

Deno.test("analysts and viewers can do nothing of an owner's, by page or by API", async () => {
  await withOperators(async (deps) => {
    const { operator: owner } = await seedOperator(deps);
    for (const role of ["analyst", "viewer"] as const) {
      const { operator } = await seedOperator(deps, { role });
      const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
      const promoted = { role: "owner" };
      const posts: [string, Record<string, string>][] = [
        ["/operators/invitations", { email: "x@example.com", role: "owner" }],
        ["/operators/invitations/x/revoke", {}],
        [`/operators/${operator.id}/role`, promoted],
        [`/operators/${owner.id}/remove`, {}],
      ];
      for (const [path, fields] of posts) {
        assertEquals(await statusOf(visitor.post(path, fields)), 403, path);
      }
      const calls: [string, string, unknown?][] = [
        ["GET", "/v1/operators"],
        ["PATCH", `/v1/operators/${operator.id}`, promoted],
        ["DELETE", `/v1/operators/${owner.id}`],
        ["POST", "/v1/operators/invitations", { email: "x@example.com", role: "owner" }],
        ["GET", "/v1/keys"],
        ["PATCH", "/v1/tenant", { name: "Mine" }],
      ];
      for (const [method, path, body] of calls) {
        assertEquals(await statusOf(visitor.json(method, path, body)), 403, `${method} ${path}`);
      }
      const page = await visitor.get("/operators");
      assertEquals(page.status, 403);
      assertStringIncludes(await page.text(), "<h1>Forbidden</h1>");
    }
  });
});

Deno.test("/v1/operators does for an owner's cookie what the page does, and nothing for an API key", async () => {
  await withOperators(async (deps) => {
    const { operator: owner } = await seedOperator(deps);
    const { operator: viewer } = await seedOperator(deps, { role: "viewer" });
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, owner) });
    const { operators } = await (await visitor.json("GET", "/v1/operators")).json();
    assertEquals(operators.map(({ email, role }: Record<string, string>) => [email, role]), [
      [owner.email, "owner"],
      [viewer.email, "viewer"],
    ]);
    const secrets = [owner.password!, owner.totp!.sealed, ...owner.recoveryCodes];
    for (const secret of secrets) assert(!JSON.stringify(operators).includes(secret));
    const role = { role: "analyst" };
    const changed = await visitor.json("PATCH", `/v1/operators/${viewer.id}`, role);
    assertEquals((await changed.json()).role, "analyst");
    const made = await visitor.json("POST", "/v1/operators/invitations", {
      email: " New@Example.com",
      role: "viewer",
    });
    assertEquals(made.status, 201);
    const { link, email, id } = await made.json();
    assertEquals(email, "new@example.com");
    assertStringIncludes(link, "/invitation#");
    const list = await (await visitor.json("GET", "/v1/operators/invitations")).json();
    assertEquals(list.invitations.map((each: { id: string }) => each.id), [id]);
    assertEquals(await statusOf(visitor.json("DELETE", `/v1/operators/invitations/${id}`)), 204);
    assertEquals(await statusOf(visitor.json("DELETE", `/v1/operators/${viewer.id}`)), 204);
    assertEquals(await statusOf(visitor.json("DELETE", `/v1/operators/${viewer.id}`)), 404);
    assertEquals(await statusOf(visitor.json("DELETE", `/v1/operators/${owner.id}`)), 409);
    const key = { Accept: "application/json", Authorization: "Bearer gk_sk_of-the-tests" };
    assertEquals(await statusOf(visitor.get("/v1/operators", key)), 403);
  });
});

Deno.test("what is dangerous wants a recent proof, which gives the session another secret", async () => {
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret } = await seedOperator(deps);
    const cookie = await cookieOf(deps, operator);
    const visitor = new Visitor(deps, { cookie });
    clock.nowMs += RECENT_MS;
    const invitation = { email: "new@example.com", role: "analyst" };
    const led = await visitor.post("/operators/invitations", invitation);
    assertEquals([led.status, led.headers.get("Location")], [303, "/confirm?next=%2Foperators"]);
    const refused = await visitor.json("POST", "/v1/operators/invitations", invitation);
    assertEquals([refused.status, (await refused.json()).code], [401, "reauthentication_required"]);
    assertEquals(await listInvitations(deps.kv, DEFAULT_TENANT, clock.nowMs), []);
    const page = await (await visitor.get("/operators")).text();
    assertStringIncludes(page, "/confirm?next=/operators");

    const wrong = { password: PASSWORD, code: "000000", next: "/operators" };
    assertEquals(await statusOf(visitor.post("/confirm/password", wrong)), 401);
    const right = { ...wrong, code: codeOf(totpSecret, clock.nowMs) };
    const confirmed = await visitor.post("/confirm/password", right);
    assertEquals([confirmed.status, confirmed.headers.get("Location")], [303, "/operators"]);
    assertEquals(await statusOf(visitor.post("/operators/invitations", invitation)), 200);
    // Whoever had copied the cookie before has nothing.
    assertEquals(await statusOf(new Visitor(deps, { cookie }).get("/quality")), 303);
  });
});

Deno.test("another operator's password confirms nothing", async () => {
  await withOperators(async (deps, clock) => {
    const { operator } = await seedOperator(deps);
    const other = await seedOperator(deps, { email: "other@example.com" });
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const fields = {
      email: other.operator.email,
      password: PASSWORD,
      code: codeOf(other.totpSecret, clock.nowMs),
    };
    assertEquals(await statusOf(visitor.post("/confirm/password", fields)), 401);
  });
});

Deno.test("operators of one tenant see and touch none of another's", async () => {
  await withOperators(async (deps) => {
    const by = { actor: { kind: "service" as const, id: "test" } };
    await createTenant(deps.audit, { id: "other", name: "Other", nowMs: deps.nowMs() }, by);
    const { operator: owner } = await seedOperator(deps);
    const foreign = await seedOperator(deps, { email: "them@example.com", tenant: "other" });
    const cookie = await cookieOf(deps, foreign.operator, "other");
    const them = new Visitor(deps, { cookie });
    const page = await (await them.get("/operators")).text();
    assert(page.includes("them@example.com") && !page.includes(owner.email));
    assertEquals(await statusOf(them.post(`/operators/${owner.id}/remove`)), 404);
    assertEquals(
      await statusOf(them.json("PATCH", `/v1/operators/${owner.id}`, { role: "viewer" })),
      404,
    );
    // A session for a tenant that its operator does not belong to opens nothing.
    const misplaced = await cookieOf(deps, foreign.operator, DEFAULT_TENANT);
    assertEquals(await statusOf(new Visitor(deps, { cookie: misplaced }).get("/quality")), 303);
  });
});
