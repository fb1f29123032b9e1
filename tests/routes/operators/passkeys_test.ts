import { assert, assertEquals } from "@std/assert";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { listOperators } from "../../../core/store/memberships.ts";
import { getOperator } from "../../../core/store/operators.ts";
import { issueSetupSecret } from "../../../core/store/setup_link.ts";
import type { AppDeps } from "../../../routes/deps.ts";
import { cookieOf, seedOperator, Visitor, withOperators } from "./seeded_operators.ts";
import { type Misbehaviour, optionsOf, SoftAuthenticator } from "./soft_authenticator.ts";

const CHALLENGE_LIFE_MS = 5 * 60_000;

async function statusOf(response: Response | Promise<Response>): Promise<number> {
  const { status, body } = await response;
  await body?.cancel();
  return status;
}

/** Registers the first owner with a passkey. */
async function registered(deps: AppDeps) {
  const token = (await issueSetupSecret(deps.kv, deps.nowMs()))!;
  const visitor = new Visitor(deps);
  const authenticator = new SoftAuthenticator(deps.origin);
  const who = { token, email: "ada@example.com", name: "Ada" };
  const page = await (await visitor.post("/setup", who)).text();
  const id = /name="id" value="([^"]*)"/.exec(page)![1]!;
  const options = optionsOf(page, "/setup/passkey");
  return { visitor, authenticator, who: { ...who, id }, options };
}

async function signInWith(deps: AppDeps, authenticator: SoftAuthenticator, wrong?: Misbehaviour) {
  const visitor = new Visitor(deps);
  const options = await (await visitor.get("/sign-in/passkey")).json();
  return { visitor, options, response: authenticator.get(options, wrong) };
}

Deno.test("a passkey made on the set-up page lets its operator in, and proves them again", async () => {
  await withOperators(async (deps, clock) => {
    const { visitor, authenticator, who, options } = await registered(deps);
    assertEquals(options.authenticatorSelection.residentKey, "required");
    assertEquals(options.authenticatorSelection.userVerification, "required");
    const response = authenticator.create(options);
    assertEquals(await statusOf(visitor.post("/setup/passkey", { ...who, response })), 200);
    const [owner] = await listOperators(deps.kv, DEFAULT_TENANT);
    assertEquals([owner!.id, owner!.passkeys.length, owner!.password], [who.id, 1, undefined]);

    const again = await signInWith(deps, authenticator);
    // Nobody is named: the authenticator knows who it is.
    assertEquals(again.options.allowCredentials ?? [], []);
    const fields = { response: again.response, next: "/operators" };
    const entered = await again.visitor.post("/sign-in/passkey", fields);
    assertEquals([entered.status, entered.headers.get("Location")], [303, "/operators"]);

    clock.nowMs += 11 * 60_000;
    const page = await (await again.visitor.get("/confirm?next=/operators")).text();
    const proof = authenticator.get(optionsOf(page, "/confirm/passkey"));
    const path = "/operators/invitations";
    const invitation = { email: "new@example.com", role: "viewer" };
    assertEquals(await statusOf(again.visitor.post(path, invitation)), 303);
    assertEquals(await statusOf(again.visitor.post("/confirm/passkey", { response: proof })), 303);
    assertEquals(await statusOf(again.visitor.post(path, invitation)), 200);
  });
});

Deno.test("a passkey's answer works once, also when 50 come at once", async () => {
  await withOperators(async (deps) => {
    const { visitor, authenticator, who, options } = await registered(deps);
    const response = authenticator.create(options);
    assertEquals(await statusOf(visitor.post("/setup/passkey", { ...who, response })), 200);
    const captured = (await signInWith(deps, authenticator)).response;
    const use = (i: number) => {
      const copy = new Visitor(deps, { address: `198.51.100.${i}` });
      return statusOf(copy.post("/sign-in/passkey", { response: captured }));
    };
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, i) => use(i)));
    assertEquals(statuses.filter((status) => status === 303).length, 1, String(statuses));
    assertEquals(statuses.filter((status) => status === 401).length, 49);
    assertEquals(await use(60), 401);
  });
});

Deno.test("a passkey's answer to another page, person, purpose or time is refused", async () => {
  await withOperators(async (deps, clock) => {
    const { visitor, authenticator, who, options } = await registered(deps);
    const made = authenticator.create(options);
    assertEquals(await statusOf(visitor.post("/setup/passkey", { ...who, response: made })), 200);
    const misbehaviours: Misbehaviour[] = [
      { origin: "https://gaitkeeper.example.evil.example" },
      { rpId: "evil.example" },
      { unverified: true },
      { challenge: "AAAAAAAAAAAAAAAAAAAAAA" },
    ];
    for (const wrong of misbehaviours) {
      const { visitor, response } = await signInWith(deps, authenticator, wrong);
      const status = await statusOf(visitor.post("/sign-in/passkey", { response }));
      assertEquals(status, 401, JSON.stringify(wrong));
    }
    // A challenge of the page that confirms does not sign in.
    const page = await (await visitor.get("/confirm")).text();
    const confirming = authenticator.get(optionsOf(page, "/confirm/passkey"));
    const elsewhere = { response: confirming };
    assertEquals(await statusOf(new Visitor(deps).post("/sign-in/passkey", elsewhere)), 401);
    // Somebody else's authenticator, and no credential at all.
    const stranger = new SoftAuthenticator(deps.origin);
    for (const response of [(await signInWith(deps, stranger)).response, "", "{}", "[1]"]) {
      assertEquals(await statusOf(new Visitor(deps).post("/sign-in/passkey", { response })), 401);
    }
    const late = await signInWith(deps, authenticator);
    clock.nowMs += CHALLENGE_LIFE_MS;
    const response = { response: late.response };
    assertEquals(await statusOf(late.visitor.post("/sign-in/passkey", response)), 401);
    // A clone, whose counter has stayed behind.
    const counted = async (counter: number) => {
      authenticator.counter = counter;
      const { visitor, response } = await signInWith(deps, authenticator);
      return await statusOf(visitor.post("/sign-in/passkey", { response }));
    };
    assertEquals([await counted(7), await counted(3), await counted(8)], [303, 401, 303]);
  });
});

Deno.test("registration refuses a passkey without verification, of another page, or for another id", async () => {
  await withOperators(async (deps) => {
    const { visitor, authenticator, who, options } = await registered(deps);
    const wrong: [string, Record<string, string>][] = [
      [authenticator.create(options, { unverified: true }), {}],
      [authenticator.create(options, { origin: "https://evil.example" }), {}],
      [authenticator.create(options, { rpId: "evil.example" }), {}],
      [authenticator.create(options), { id: "01KAPQ60000000000000000000" }],
      ["", {}],
    ];
    for (const [response, change] of wrong) {
      const sent = visitor.post("/setup/passkey", { ...who, response, ...change });
      assertEquals(await statusOf(sent), 400);
    }
    assertEquals(await listOperators(deps.kv, DEFAULT_TENANT), []);
  });
});

Deno.test("POST /account/passkeys adds a passkey, once, and one of another account never", async () => {
  await withOperators(async (deps) => {
    const { operator } = await seedOperator(deps);
    const visitor = new Visitor(deps, { cookie: await cookieOf(deps, operator) });
    const add = async (authenticator: SoftAuthenticator, to = visitor) => {
      const page = await (await to.get("/account")).text();
      const response = authenticator.create(optionsOf(page, "/account/passkeys"));
      return statusOf(to.post("/account/passkeys", { response, name: "Laptop" }));
    };
    const laptop = new SoftAuthenticator(deps.origin);
    assertEquals(await add(laptop), 303);
    const [passkey, ...others] = (await getOperator(deps.kv, operator.id))!.passkeys;
    assertEquals([passkey!.name, passkey!.id, others.length], ["Laptop", laptop.id, 0]);
    const { response, visitor: anyone } = await signInWith(deps, laptop);
    assertEquals(await statusOf(anyone.post("/sign-in/passkey", { response })), 303);

    const other = await seedOperator(deps, { email: "other@example.com" });
    const thief = new Visitor(deps, { cookie: await cookieOf(deps, other.operator) });
    assert(await add(laptop, thief) >= 400);
    assertEquals((await getOperator(deps.kv, other.operator.id))!.passkeys, []);
  });
});
