import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { RECENT_MS } from "../../../core/operator.ts";
import { getOperator } from "../../../core/store/operators.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import {
  codeOf,
  cookieOf,
  PASSWORD,
  type SeededOperator,
  seedOperator,
  Visitor,
  withOperators,
} from "./seeded_operators.ts";

async function statusOf(response: Response | Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

/** The authenticator app that the account page offers. */
async function offeredApp(visitor: Visitor) {
  const page = await (await visitor.get("/account")).text();
  return {
    totp: /name="totp" value="([^"]*)"/.exec(page)![1]!,
    secret: /class="secret">([A-Z2-7 ]+)</.exec(page)![1]!.replaceAll(" ", ""),
  };
}

function signIn(deps: AppDeps, { operator: { email } }: SeededOperator, fields: object) {
  const visitor = new Visitor(deps, { address: "192.0.2.99" });
  return statusOf(visitor.post("/sign-in/password", { email, password: PASSWORD, ...fields }));
}

Deno.test("a new password and app take the old ones' place and end every other session", async () => {
  await withOperators(async (deps, clock) => {
    const seeded = await seedOperator(deps);
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, seeded.operator) });
    const elsewhere = new Visitor(deps, { cookie: await cookieOf(deps, seeded.operator) });
    const before = visitor.cookies.get("__Host-gaitkeeper");
    const { totp, secret } = await offeredApp(visitor);
    const code = codeOf(secret, clock.nowMs);
    const fields = { password: "another long password", totp, code };
    for (const wrong of [{ password: "short" }, { code: "000000" }, { totp: "AAAA" }]) {
      assertEquals(await statusOf(visitor.post("/account/password", { ...fields, ...wrong })), 400);
    }
    assertEquals(await statusOf(elsewhere.get("/quality")), 200);
    assertEquals(await statusOf(visitor.post("/account/password", fields)), 303);
    assertEquals(await statusOf(visitor.get("/account")), 200);
    assert(visitor.cookies.get("__Host-gaitkeeper") !== before);
    assertEquals(await statusOf(elsewhere.get("/quality")), 303);
    clock.nowMs += 60_000;
    assertEquals(await signIn(deps, seeded, { code: codeOf(seeded.totpSecret, clock.nowMs) }), 401);
    const renewed = { password: fields.password, code: codeOf(secret, clock.nowMs) };
    assertEquals(await signIn(deps, seeded, renewed), 303);
  });
});

Deno.test("an app that was offered to one operator is not taken from another", async () => {
  await withOperators(async (deps, clock) => {
    const mallory = await seedOperator(deps, { email: "mallory@example.com" });
    const ada = await seedOperator(deps);
    const of = async ({ operator }: SeededOperator) =>
      new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const { totp, secret } = await offeredApp(await of(mallory));
    const fields = { password: PASSWORD, totp, code: codeOf(secret, clock.nowMs) };
    assertEquals(await statusOf((await of(ada)).post("/account/password", fields)), 400);
  });
});

Deno.test("the last way to sign in stays", async () => {
  await withOperators(async (deps) => {
    const key = {
      ...{ id: "a", publicKey: "", counter: 0, transports: [], name: "Laptop", createdAtMs: 0 },
    };
    const { operator } = await seedOperator(deps, { change: { passkeys: [key] } });
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    assertEquals(await statusOf(visitor.post("/account/password/remove")), 303);
    const refused = await visitor.post("/account/passkeys/a/remove");
    assertEquals(refused.status, 400);
    assertStringIncludes(await refused.text(), "must be left");
    const account = (await getOperator(deps.kv, operator.id))!;
    assertEquals([account.passkeys.length, account.password, account.totp], [
      1,
      undefined,
      undefined,
    ]);
    assertEquals(await statusOf(visitor.post("/account/passkeys/b/remove")), 404);
  });
});

Deno.test("what lets somebody in is changed only soon after a proof", async () => {
  await withOperators(async (deps, clock) => {
    const { operator } = await seedOperator(deps);
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    clock.nowMs += RECENT_MS;
    const paths = ["passkeys", "passkeys/a/remove", "password", "password/remove"];
    for (const path of [...paths, "recovery-codes"]) {
      const response = await visitor.post(`/account/${path}`);
      assertEquals(response.headers.get("Location"), "/confirm?next=%2Faccount", path);
    }
    assertEquals(await getOperator(deps.kv, operator.id), operator);
  });
});

Deno.test("new recovery codes end the old, and each of them works once", async () => {
  await withOperators(async (deps) => {
    const { operator, recoveryCodes } = await seedOperator(deps);
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const page = await (await visitor.post("/account/recovery-codes")).text();
    const codes = [...page.matchAll(/<code>([0-9a-z-]{19})<\/code>/g)].map(([, code]) => code!);
    assertEquals(codes.length, 10);
    const recover = async (code: string, password = PASSWORD) => {
      const response = await new Visitor(deps).post("/sign-in/recovery", {
        email: operator.email,
        password,
        code,
      });
      await response.body?.cancel();
      return [response.status, response.headers.get("Location")];
    };
    assertEquals(await recover(recoveryCodes[0]!), [401, null]);
    // A code is no password, where there is one.
    assertEquals(await recover(codes[0]!, ""), [401, null]);
    // As somebody reads it off paper.
    const typed = codes[0]!.toUpperCase().replaceAll("-", " ").replaceAll("0", "O");
    assertEquals(await recover(typed), [303, "/account?done=recovered"]);
    assertEquals(await recover(codes[0]!), [401, null]);
  });
});

Deno.test("an account with passkeys alone is recovered by a code alone", async () => {
  await withOperators(async (deps) => {
    const { operator, recoveryCodes } = await seedOperator(deps);
    const { password: _, totp: __, ...bare } = operator;
    await deps.kv.set(["operator", operator.id], bare);
    const fields = { email: operator.email, password: "", code: recoveryCodes[0]! };
    assertEquals(await statusOf(new Visitor(deps).post("/sign-in/recovery", fields)), 303);
  });
});

Deno.test("an operator sees where they are signed in, ends one session, or all", async () => {
  await withOperators(async (deps) => {
    const { operator } = await seedOperator(deps);
    const other = await seedOperator(deps, { email: "other@example.com" });
    const [here, there, further] = await Promise.all(
      [1, 2, 3].map(async () => new Visitor(deps, { cookie: await cookieOf(deps, operator) })),
    );
    const stranger = new Visitor(deps, { cookie: await cookieOf(deps, other.operator) });
    const page = await (await here!.get("/account")).text();
    const ends = [...page.matchAll(/action="(\/account\/sessions\/[^"]+\/end)"/g)];
    assertEquals(ends.length, 2);
    // Nobody else's session can be ended by its id.
    assertEquals(await statusOf(stranger.post(ends[0]![1]!)), 404);
    assertEquals(await statusOf(here!.post(ends[0]![1]!)), 303);
    const alive = await Promise.all(
      [there, further].map((each) => statusOf(each!.get("/quality"))),
    );
    assertEquals(alive.sort(), [200, 303]);
    assertEquals(await statusOf(here!.post("/account/sign-out-everywhere")), 303);
    for (const each of [here, there, further]) {
      assertEquals(await statusOf(each!.get("/quality")), 303);
    }
    assertEquals(await statusOf(stranger.get("/quality")), 200);
  });
});

Deno.test("a name and a passkey's name are escaped where they are shown", async () => {
  await withOperators(async (deps) => {
    const { operator } = await seedOperator(deps);
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const name = `"><script>alert(1)</script>`;
    assertEquals(await statusOf(visitor.post("/account/name", { name })), 303);
    for (const path of ["/account", "/operators", "/"]) {
      assert(!(await (await visitor.get(path)).text()).includes("<script>alert"), path);
    }
    assertEquals(await statusOf(visitor.post("/account/name", { name: "x".repeat(81) })), 400);
  });
});
