import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { SESSION_IDLE_MS, SESSION_LIFE_MS } from "../../../core/operator.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getOperator, type Operator } from "../../../core/store/operators.ts";
import { signDevIn } from "../../../core/store/dev_operator.ts";
import { PasswordHasher } from "../../../routes/operators/passwords.ts";
import { QUICK_SCRYPT } from "../test_service.ts";
import {
  codeOf,
  cookieOf,
  PASSWORD,
  seedOperator,
  someSecret,
  Visitor,
  withOperators,
} from "./seeded_operators.ts";

const NAME = "__Host-gaitkeeper";

async function statusOf(response: Response | Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

async function forgetAttempts(kv: Deno.Kv): Promise<void> {
  for await (const { key } of kv.list({ prefix: ["attempts"] })) await kv.delete(key);
}

Deno.test("POST /sign-in/password lets in by password and code, with a cookie no script reads", async () => {
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret } = await seedOperator(deps);
    const visitor = new Visitor(deps);
    const closed = await visitor.get("/quality?x=1");
    assertEquals([closed.status, closed.headers.get("Location")], [
      303,
      "/sign-in?next=%2Fquality%3Fx%3D1",
    ]);
    const fields = { password: PASSWORD, code: codeOf(totpSecret, clock.nowMs), next: "/quality" };
    const entered = await visitor.post("/sign-in/password", {
      // As it may be typed.
      email: ` ${operator.email.toUpperCase()} `,
      ...fields,
    });
    assertEquals([entered.status, entered.headers.get("Location")], [303, "/quality"]);
    const cookie = entered.headers.get("Set-Cookie")!;
    for (const flag of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) {
      assertStringIncludes(cookie, flag);
    }
    assert(!cookie.includes("Domain"));
    assertMatch(cookie, new RegExp(`^${NAME}=[A-Za-z0-9_-]{43};`));
    assertEquals(await statusOf(visitor.get("/quality")), 200);
    const [entry] = (await deps.audit.list(DEFAULT_TENANT, { limit: 1 })).items;
    assertEquals([entry!.action, entry!.actor.id, entry!.from], [
      "operator.signed_in",
      operator.id,
      "192.0.2.7",
    ]);
    // The store holds no secret that opens anything.
    for await (const { key, value } of deps.kv.list({ prefix: [] })) {
      const row = JSON.stringify([key, value]);
      for (const secret of [visitor.cookies.get(NAME)!, totpSecret, PASSWORD]) {
        assert(!row.includes(secret), row);
      }
    }
  });
});

Deno.test("sign-in never takes a session secret over that was there before", async () => {
  await withOperators(async (deps) => {
    const seeded = await seedOperator(deps);
    const planted = someSecret();
    const victim = new Visitor(deps, { cookie: `${NAME}=${planted}` });
    await victim.signIn(seeded);
    assert(victim.cookies.get(NAME) !== planted);
    const attacker = new Visitor(deps, { cookie: `${NAME}=${planted}` });
    assertEquals(await statusOf(attacker.get("/")), 303);

    // Nor the attacker's own session: signing in ends what the browser had.
    const other = await seedOperator(deps, { email: "mallory@example.com", role: "viewer" });
    const own = await cookieOf(deps, other.operator);
    const lured = new Visitor(deps, { cookie: own });
    // The code of the step before was used above.
    const { operator, totpSecret } = seeded;
    const code = codeOf(totpSecret, deps.nowMs(), 1);
    const fields = { email: operator.email, password: PASSWORD, code };
    assertEquals(await statusOf(lured.post("/sign-in/password", fields)), 303);
    assertEquals(await statusOf(new Visitor(deps, { cookie: own }).get("/")), 303);
  });
});

Deno.test("a wrong password, a wrong code and no account are answered alike, after the same work", async () => {
  /** Counts what is derived, and with which parameters. */
  class CountingHasher extends PasswordHasher {
    readonly derived: string[] = [];
    protected override derive(...[text, salt, parameters]: Parameters<PasswordHasher["derive"]>) {
      this.derived.push(JSON.stringify(parameters));
      return super.derive(text, salt, parameters);
    }
  }
  const passwords = new CountingHasher(QUICK_SCRYPT);
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret } = await seedOperator(deps);
    const passkeyOnly: Partial<Operator> = { passkeys: [], email: "passkey@example.com" };
    const { operator: bare } = await seedOperator(deps, { change: passkeyOnly });
    await deps.kv.set(["operator", bare.id], { ...bare, password: undefined, totp: undefined });
    const code = codeOf(totpSecret, clock.nowMs);
    const attempts = [
      { email: operator.email, password: "not the password", code },
      { email: operator.email, password: PASSWORD, code: "000000" },
      { email: operator.email, password: PASSWORD, code: "" },
      { email: operator.email, password: "", code },
      { email: "nobody@example.com", password: PASSWORD, code },
      { email: bare.email, password: PASSWORD, code },
      { email: "no address at all", password: PASSWORD, code },
    ];
    for (const path of ["/sign-in/password", "/sign-in/recovery"]) {
      const answers = new Set<string>();
      for (const [i, fields] of attempts.entries()) {
        await forgetAttempts(deps.kv);
        passwords.derived.length = 0;
        const visitor = new Visitor(deps, { address: `192.0.2.${i}` });
        const response = await visitor.post(path, fields);
        const text = await response.text();
        const withoutEmail = text.replaceAll(fields.email, "").replace(/challenge[^,]*/g, "");
        const headers = [...response.headers].filter(([name]) => name !== "date").join("\n");
        answers.add(`${response.status} ${withoutEmail} ${headers}`);
        assertEquals(passwords.derived, [JSON.stringify(QUICK_SCRYPT)], JSON.stringify(fields));
      }
      assertEquals(answers.size, 1, [...answers].join("\n\n"));
      assertStringIncludes([...answers][0]!, "401 ");
    }
  }, { passwords });
});

Deno.test("attempts at an account close it for longer and longer, from any address", async () => {
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret } = await seedOperator(deps);
    const attempt = async (password: string, i: number, email = operator.email) => {
      const visitor = new Visitor(deps, { address: `2001:db8:${i}::1` });
      const fields = { email, password, code: codeOf(totpSecret, clock.nowMs) };
      return await statusOf(visitor.post("/sign-in/password", fields));
    };
    for (let i = 0; i < 5; i++) assertEquals(await attempt("not the password", i), 401);
    for (const waitMs of [30_000, 60_000, 120_000]) {
      // Also with the right password: else the delay would say that it is right.
      assertEquals(await attempt(PASSWORD, 9), 429);
      clock.nowMs += waitMs - 1;
      assertEquals(await attempt(PASSWORD, 9), 429);
      clock.nowMs += 1;
      assertEquals(await attempt("not the password", 9), 401);
    }
    clock.nowMs += 240_000;
    assertEquals(await attempt(PASSWORD, 9), 303);
    // An account that nobody has closes in the same way.
    const nobody = "nobody@example.com";
    for (let i = 0; i < 5; i++) assertEquals(await attempt("not it", 100 + i, nobody), 401);
    assertEquals(await attempt("not it", 200, nobody), 429);
  });
});

Deno.test("attempts from an address close it, whichever accounts they are at; other networks go on", async () => {
  await withOperators(async (deps, clock) => {
    const seeded = await seedOperator(deps);
    // Addresses of one customer's network.
    const attempt = (i: number) => {
      const address = `2001:db8:0:1:${(i + 1).toString(16)}::${i + 1}`;
      const fields = { email: `nobody${i}@example.com`, password: "x", code: "000000" };
      return statusOf(new Visitor(deps, { address }).post("/sign-in/password", fields));
    };
    for (let i = 0; i < 30; i++) assertEquals(await attempt(i), 401);
    assertEquals(await attempt(30), 429);
    await new Visitor(deps, { address: "2001:db8:0:2::1" }).signIn(seeded);
    clock.nowMs += 30_000;
    assertEquals(await attempt(31), 401);
  });
});

Deno.test("50 attempts at once count as 50", async () => {
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret } = await seedOperator(deps);
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, i) => {
      const code = codeOf(totpSecret, clock.nowMs);
      const fields = { email: operator.email, password: "not the password", code };
      const visitor = new Visitor(deps, { address: `198.51.100.${i}` });
      return statusOf(visitor.post("/sign-in/password", fields));
    }));
    assertEquals(statuses.filter((status) => status === 401).length, 5);
    assertEquals(statuses.filter((status) => status === 429).length, 45);
  });
});

Deno.test("of 50 uses of one code at once one lets in, and none afterwards", async () => {
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret, recoveryCodes } = await seedOperator(deps);
    const ways: [string, string][] = [
      ["/sign-in/password", codeOf(totpSecret, clock.nowMs)],
      ["/sign-in/recovery", recoveryCodes[3]!],
    ];
    for (const [path, code] of ways) {
      const fields = { email: operator.email, password: PASSWORD, code };
      const use = async (i: number) => {
        // The limits have tests of their own.
        await forgetAttempts(deps.kv);
        return await statusOf(
          new Visitor(deps, { address: `198.51.100.${i}` }).post(path, fields),
        );
      };
      const statuses = await Promise.all(Array.from({ length: 50 }, (_, i) => use(i)));
      assertEquals(statuses.filter((status) => status === 303).length, 1, path);
      assertEquals(await use(51), 401, path);
    }
    assertEquals((await getOperator(deps.kv, operator.id))!.recoveryCodes.length, 9);
    // A code of the step before the one that was used is used up with it.
    const earlier = codeOf(totpSecret, clock.nowMs, -1);
    const fields = { email: operator.email, password: PASSWORD, code: earlier };
    assertEquals(await statusOf(new Visitor(deps).post("/sign-in/password", fields)), 401);
  });
});

Deno.test("a session ends when it idles, and after a week whatever it does", async () => {
  await withOperators(async (deps, clock) => {
    const { operator } = await seedOperator(deps);
    const idle = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const busy = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const beganAtMs = clock.nowMs;
    clock.nowMs += SESSION_IDLE_MS - 1;
    for (const visitor of [idle, busy]) assertEquals(await statusOf(visitor.get("/quality")), 200);
    clock.nowMs += SESSION_IDLE_MS - 60_000;
    assertEquals(await statusOf(busy.get("/quality")), 200);
    clock.nowMs += 60_000;
    assertEquals(await statusOf(idle.get("/quality")), 303);
    while (clock.nowMs + SESSION_IDLE_MS / 2 < beganAtMs + SESSION_LIFE_MS) {
      clock.nowMs += SESSION_IDLE_MS / 2;
      assertEquals(await statusOf(busy.get("/quality")), 200);
    }
    clock.nowMs = beganAtMs + SESSION_LIFE_MS;
    assertEquals(await statusOf(busy.get("/quality")), 303);
  });
});

Deno.test("what another site's page sends is refused, signed in or not", async () => {
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret } = await seedOperator(deps);
    const code = codeOf(totpSecret, clock.nowMs);
    const fields = { email: operator.email, password: PASSWORD, code };
    const foreign: Record<string, string>[] = [
      { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" },
      { Origin: "https://evil.example" },
      { Origin: "null", "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
      { Origin: "" },
    ];
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    for (const headers of foreign) {
      for (const path of ["/sign-out", "/sign-in/password", "/setup", "/live/ticket"]) {
        const said = `${path} ${JSON.stringify(headers)}`;
        assertEquals(await statusOf(visitor.post(path, fields, headers)), 403, said);
      }
    }
    assertEquals(await statusOf(visitor.get("/quality")), 200);
  });
});

Deno.test("POST /sign-out ends the session for whoever holds its secret", async () => {
  await withOperators(async (deps) => {
    const { operator } = await seedOperator(deps);
    const cookie = await cookieOf(deps, operator);
    const visitor = new Visitor(deps, { cookie });
    const response = await visitor.post("/sign-out");
    assertEquals(response.headers.get("Location"), "/sign-in");
    assertEquals(visitor.cookies.size, 0);
    assertEquals(await statusOf(new Visitor(deps, { cookie }).get("/quality")), 303);
  });
});

Deno.test("`next` leads nowhere but into this service", async () => {
  await withOperators(async (deps) => {
    const { operator } = await seedOperator(deps);
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const ways: [string, string][] = [
      ["/quality?a=b", "/quality?a=b"],
      ["//evil.example/", "/"],
      ["/\\evil.example", "/"],
      ["/\t/evil.example", "/"],
      ["https://evil.example/", "/"],
      ["javascript:alert(1)", "/"],
      ["", "/"],
    ];
    for (const [next, to] of ways) {
      const response = await visitor.get(`/sign-in?next=${encodeURIComponent(next)}`);
      assertEquals(response.headers.get("Location"), to, next);
    }
  });
});

Deno.test("dev signs its own browser in and says so; start knows nobody whom dev had let in", async () => {
  await withOperators(async (deps) => {
    const dev = { ...deps, dev: true, origin: "http://localhost:3000" };
    const visitor = new Visitor(dev);
    const page = await (await visitor.get("/quality")).text();
    assertStringIncludes(page, "Dev signed this browser in");
    const secret = visitor.cookies.get("gaitkeeper_dev")!;
    assert(secret);
    const door = await (await new Visitor(dev).get("/sign-in")).text();
    assertStringIncludes(door, "signs this browser in by itself");
    // It stays the same browser, and is one session.
    await (await visitor.get("/quality")).body?.cancel();
    assertEquals(visitor.cookies.get("gaitkeeper_dev"), secret);

    for (const cookie of [`${NAME}=${secret}`, `gaitkeeper_dev=${secret}`]) {
      const stranger = new Visitor(deps, { cookie });
      assertEquals(await statusOf(stranger.get("/quality")), 303);
      assertEquals(stranger.cookies.has(NAME) && stranger.cookies.get(NAME) !== secret, false);
    }
    const fresh = await signDevIn(deps.audit, { nowMs: deps.nowMs() });
    const cookie = `${NAME}=${fresh}`;
    assertEquals(await statusOf(new Visitor(deps, { cookie }).get("/quality")), 303);
  });
});

Deno.test("a sign-in that would wait too long for its turn is told to come again", async () => {
  class Busy extends PasswordHasher {
    protected override derive(): never {
      throw new GaitkeeperError("queue_full", "Cannot check password now: try again in a moment");
    }
  }
  await withOperators(async (deps, clock) => {
    const { operator, totpSecret } = await seedOperator(deps);
    const busy = new Visitor({ ...deps, passwords: new Busy(QUICK_SCRYPT) });
    const code = codeOf(totpSecret, clock.nowMs);
    const fields = { email: operator.email, password: PASSWORD, code };
    const response = await busy.post("/sign-in/password", fields);
    assertEquals(response.status, 503);
    assertStringIncludes(await response.text(), "try again in a moment");
  });
});

Deno.test("a password is hashed anew at sign-in where the parameters have grown", async () => {
  await withOperators(async (deps, clock) => {
    const seeded = await seedOperator(deps);
    const grown = { ...deps, passwords: new PasswordHasher({ ...QUICK_SCRYPT, logN: 5 }) };
    await new Visitor(grown).signIn(seeded);
    const { password } = (await getOperator(deps.kv, seeded.operator.id))!;
    assertMatch(password!, /^\$scrypt\$ln=5,r=8,p=1\$/);
    clock.nowMs += 60_000;
    await new Visitor(grown).signIn(seeded);
  });
});
