import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { INVITATION_LIFE_MS, SETUP_LIFE_MS } from "../../../core/operator.ts";
import { createInvitation } from "../../../core/store/invitations.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { listOperators } from "../../../core/store/memberships.ts";
import { issueSetupSecret } from "../../../core/store/setup_link.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import {
  codeOf,
  cookieOf,
  PASSWORD,
  seedOperator,
  someSecret,
  Visitor,
  withOperators,
} from "./seeded_operators.ts";

const BY = { actor: { kind: "operator" as const, id: "someone" } };
const WHO = { email: "ada@example.com", name: "Ada" };

/** What a person copies off the page that offers a password: hidden fields and the app's secret. */
async function offered(response: Response) {
  const page = await response.text();
  const hidden = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1];
  return {
    page,
    id: hidden("id") ?? "",
    totp: hidden("totp") ?? "",
    secret: /class="secret">([A-Z2-7 ]+)</.exec(page)?.[1]?.replaceAll(" ", "") ?? "",
  };
}

/** Registers by password; the answer of the last step. */
async function register(visitor: Visitor, path: string, token: string, who = WHO) {
  const { id, totp, secret, page } = await offered(await visitor.post(path, { token, ...who }));
  if (!secret) return new Response(page, { status: 403 });
  const code = codeOf(secret, visitor.deps.nowMs());
  return await visitor.post(`${path}/password`, {
    ...{ token, ...who, id, totp, code },
    password: PASSWORD,
  });
}

async function statusOf(response: Response | Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

async function invited(deps: AppDeps, email = WHO.email) {
  const request = { tenant: DEFAULT_TENANT, email, role: "analyst" as const };
  return await createInvitation(deps.audit, request, BY);
}

Deno.test("the set-up link makes the first owner, shows recovery codes once and is dead after that", async () => {
  await withOperators(async (deps) => {
    const token = (await issueSetupSecret(deps.kv, deps.nowMs()))!;
    const visitor = new Visitor(deps);
    const response = await register(visitor, "/setup", ` ${token} `);
    assertEquals(response.status, 200);
    const codes = [...(await response.text()).matchAll(/<code>([0-9a-z-]{19})<\/code>/g)];
    assertEquals(new Set(codes.map(([, code]) => code)).size, 10);
    assertEquals(await statusOf(visitor.get("/operators")), 200);
    const [owner, ...others] = await listOperators(deps.kv, DEFAULT_TENANT);
    assertEquals([owner!.email, owner!.memberships, others.length], [
      WHO.email,
      { [DEFAULT_TENANT]: "owner" },
      0,
    ]);
    // Stolen from the console's scrollback.
    const thief = await register(new Visitor(deps), "/setup", token, {
      email: "eve@example.com",
      name: "Eve",
    });
    assertEquals(await statusOf(thief), 403);
    assertEquals(await issueSetupSecret(deps.kv, deps.nowMs()), undefined);
    // What was shown is in no row of the store.
    const shown = [token, codes[0]![1]!];
    for await (const { key, value } of deps.kv.list({ prefix: [] })) {
      for (const secret of shown) assert(!JSON.stringify([key, value]).includes(secret));
    }
  });
});

Deno.test("a set-up link is dead after a day, and when a later start printed another", async () => {
  await withOperators(async (deps, clock) => {
    const first = (await issueSetupSecret(deps.kv, clock.nowMs))!;
    const second = (await issueSetupSecret(deps.kv, clock.nowMs))!;
    const open = (token: string) => statusOf(new Visitor(deps).post("/setup", { token, ...WHO }));
    assertEquals(await open(first), 403);
    assertEquals(await open(someSecret()), 403);
    assertEquals(await open(""), 403);
    clock.nowMs += SETUP_LIFE_MS - 1;
    assertEquals(await open(second), 200);
    clock.nowMs += 1;
    assertEquals(await open(second), 403);
  });
});

Deno.test("of 50 uses of one link at once one registers", async () => {
  for (const path of ["/setup", "/invitation"]) {
    await withOperators(async (deps) => {
      const token = path === "/setup"
        ? (await issueSetupSecret(deps.kv, deps.nowMs()))!
        : (await invited(deps)).secret;
      const statuses = await Promise.all(Array.from({ length: 50 }, async (_, i) => {
        const visitor = new Visitor(deps, { address: `198.51.100.${i}` });
        // Of a set-up link everybody may choose their address.
        const who = path === "/setup" ? { email: `${i}@example.com`, name: `No. ${i}` } : WHO;
        return await statusOf(register(visitor, path, token, who));
      }));
      assertEquals(statuses.filter((status) => status === 200).length, 1, `${path} ${statuses}`);
      assertEquals((await listOperators(deps.kv, DEFAULT_TENANT)).length, 1);
    });
  }
});

Deno.test("an invitation registers whom it names, as what it names, within a week, unless taken back", async () => {
  await withOperators(async (deps, clock) => {
    await seedOperator(deps);
    const { secret } = await invited(deps);
    const visitor = new Visitor(deps);
    // The page may send what it likes: the address is the invitation's.
    const forged = { email: "mallory@example.com", name: "Mallory", role: "owner" };
    assertEquals(await statusOf(register(visitor, "/invitation", secret, forged)), 200);
    const mallory = (await listOperators(deps.kv, DEFAULT_TENANT)).find(({ name }) =>
      name === "Mallory"
    );
    assertEquals([mallory!.email, mallory!.memberships], [WHO.email, {
      [DEFAULT_TENANT]: "analyst",
    }]);
    const again = await invited(deps);
    const taken = await register(new Visitor(deps), "/invitation", again.secret);
    assertEquals(await statusOf(taken), 403);
    assertEquals(await statusOf(visitor.post("/invitation/join", { token: again.secret })), 409);

    const late = await invited(deps, "late@example.com");
    clock.nowMs += INVITATION_LIFE_MS;
    const opened = await new Visitor(deps).post("/invitation", { token: late.secret, ...WHO });
    assertEquals(await statusOf(opened), 403);
  });
});

Deno.test("registration wants a long password and the code of the secret that it showed", async () => {
  await withOperators(async (deps, clock) => {
    const token = (await issueSetupSecret(deps.kv, clock.nowMs))!;
    const visitor = new Visitor(deps);
    const first = await offered(await visitor.post("/setup", { token, ...WHO }));
    const right = codeOf(first.secret, clock.nowMs);
    const send = (fields: Record<string, string>) => {
      const given = { token, ...WHO, id: first.id, totp: first.totp, password: PASSWORD };
      return visitor.post("/setup/password", { ...given, code: right, ...fields });
    };
    const wrong: Record<string, string>[] = [
      { password: "eleven char" },
      { password: "x".repeat(257) },
      { code: "000000" },
      { code: "" },
      { totp: "" },
      // A secret that was sealed for somebody else's page.
      { id: "01KAPQ60000000000000000000" },
      { id: "dev" },
      { name: " " },
    ];
    for (const fields of wrong) {
      const response = await send(fields);
      const said = JSON.stringify(fields);
      assertEquals(response.status, 400, said);
      const { page, secret } = await offered(response);
      assertStringIncludes(page, 'role="alert"');
      // The app need not be set up again for a password that was too short.
      if (fields.password || fields.code === "000000") assertEquals(secret, first.secret, said);
      assert(!page.includes(PASSWORD));
    }
    assertEquals(await listOperators(deps.kv, DEFAULT_TENANT), []);
    // 12 characters, each of which takes two units of UTF-16.
    assertEquals(await statusOf(send({ password: "🐎".repeat(12) })), 200);
  });
});

Deno.test("links are tried from one address so often and no more", async () => {
  await withOperators(async (deps) => {
    const visitor = new Visitor(deps);
    const statuses: number[] = [];
    for (let i = 0; i < 31; i++) {
      const token = someSecret();
      statuses.push(await statusOf(visitor.post("/invitation", { token, ...WHO })));
    }
    assertEquals(statuses.slice(-2), [403, 429]);
  });
});

Deno.test("an operator of one tenant joins another by invitation, and turns from one to the other", async () => {
  await withOperators(async (deps) => {
    const { operator: owner } = await seedOperator(deps);
    const boss = new Visitor(deps, { cookie: await cookieOf(deps, owner) });
    const ada = await seedOperator(deps, { email: WHO.email, role: "viewer" });
    const request = { id: "shop", name: "Shop", owner: WHO.email };
    const made = await (await boss.json("POST", "/v1/tenants", request)).json();
    const token = made.link;
    // Whoever else opens the link learns that there is an account, and cannot take it up.
    const stranger = new Visitor(deps);
    assertStringIncludes(await (await stranger.post("/invitation", { token })).text(), "Sign in");
    for (const visitor of [stranger, boss]) {
      assertEquals(await statusOf(visitor.post("/invitation/join", { token })), 403);
    }
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, ada.operator) });
    assertStringIncludes(await (await visitor.post("/invitation", { token })).text(), "Join shop");
    const before = visitor.cookies.get("__Host-gaitkeeper");
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => {
      const copy = new Visitor(deps, { cookie: `__Host-gaitkeeper=${before}` });
      const status = await statusOf(copy.post("/invitation/join", { token }));
      if (status === 303) copy.cookies.forEach((value, name) => visitor.cookies.set(name, value));
      return status;
    }));
    assertEquals(statuses.filter((status) => status === 303).length, 1, String(statuses));
    assert(visitor.cookies.get("__Host-gaitkeeper") !== before);
    const tenantOf = async () => (await (await visitor.json("GET", "/v1/tenant")).json()).id;
    assertEquals(await tenantOf(), "shop");
    assertEquals(await statusOf(visitor.get("/operators")), 200);
    assertEquals(await statusOf(visitor.post("/account/tenant", { tenant: "default" })), 303);
    assertEquals(await tenantOf(), "default");
    assertEquals(await statusOf(visitor.get("/operators")), 403);
    for (const tenant of ["nowhere", "", "__proto__", "constructor"]) {
      assertEquals(await statusOf(visitor.post("/account/tenant", { tenant })), 404, tenant);
    }
    assertEquals(await statusOf(boss.post("/account/tenant", { tenant: "shop" })), 404);
    // Out of one tenant, they stay in the other.
    assertEquals(await statusOf(boss.post(`/operators/${ada.operator.id}/remove`)), 303);
    assertEquals(await statusOf(visitor.get("/quality")), 303);
    const [left] = await listOperators(deps.kv, "shop");
    assertEquals([left!.id, left!.memberships], [ada.operator.id, { shop: "owner" }]);
  });
});

Deno.test("nothing secret stands in a URL that a server or a referrer would see", async () => {
  await withOperators(async (deps) => {
    const { operator } = await seedOperator(deps);
    const owner = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const fields = { email: WHO.email, role: "viewer" };
    const response = await owner.post("/operators/invitations", fields);
    const page = await response.text();
    const link = new URL(/class="link-once">([^<]+)</.exec(page)![1]!);
    assertEquals([link.pathname, link.search, link.hash.length], ["/invitation", "", 44]);
    assertEquals(response.headers.get("Referrer-Policy"), "same-origin");
    // It is shown this once.
    const later = await (await owner.get("/operators")).text();
    assert(later.includes(WHO.email) && !later.includes(link.hash));
  });
});
