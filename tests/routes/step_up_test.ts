import { assert, assertEquals } from "@std/assert";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { getSession } from "../../core/store/sessions.ts";
import { createClient } from "./api_client.ts";
import { codeOf } from "./operators/seeded_operators.ts";
import { SoftAuthenticator } from "./operators/soft_authenticator.ts";
import { alarm, askStepUp, enrolTotp, type SitePage, STRONG, withSitePage } from "./site_page.ts";
import { SITE } from "./test_service.ts";

const MINUTE_MS = 60_000;

const sessionOf = ({ kv, clock }: SitePage) => getSession(kv, DEFAULT_TENANT, "s", clock.nowMs);

async function enrolPasskey(page: SitePage) {
  const authenticator = new SoftAuthenticator(SITE);
  const ticket = await page.ticket({ ...STRONG, session: "enrolling" });
  const { body } = await page.post("/v1/factors", { ticket, kind: "passkey" });
  const passkey = JSON.parse(authenticator.create(body.publicKey));
  const answer = await page.post(`/v1/factors/${body.challenge}`, { passkey, name: "Laptop" });
  return { authenticator, answer };
}

Deno.test("a step-up passed by a code ends the incident and elevates the session for a while", async () => {
  await withSitePage(async (page) => {
    const { code, answer } = await enrolTotp(page);
    assertEquals([answer.status, answer.body.kind], [201, "totp"]);
    await alarm(page);
    const before = (await sessionOf(page))!;
    const asked = await askStepUp(page);
    assertEquals([asked.methods, asked.publicKey], [["totp"], undefined]);
    const passed = await page.post(`/v1/step-up/${asked.challenge}`, { totp: code() });
    assertEquals(passed.status, 200);
    assertEquals([passed.body.action, passed.body.level, passed.body.amr], ["allow", "low", [
      "otp",
    ]]);
    const { risk, alert, assurance } = (await sessionOf(page))!;
    assert(risk < 20 && before.risk > 50, `${before.risk} -> ${risk}`);
    assertEquals([alert, assurance?.alert], [undefined, before.alert]);

    const read = createClient(page.app);
    const { body } = await read("GET /v1/sessions/s");
    assertEquals([body.assurance.acr, body.action], ["otp", "allow"]);
    assertEquals(body.assurance.until, passed.body.elevatedUntil);
    page.clock.nowMs += 15 * MINUTE_MS;
    assertEquals((await read("GET /v1/sessions/s")).body.assurance, undefined);
  });
});

Deno.test("a step-up passed by a passkey is phishing-resistant, and comes first", async () => {
  await withSitePage(async (page) => {
    await enrolTotp(page);
    const { authenticator, answer } = await enrolPasskey(page);
    assertEquals([answer.status, answer.body.name], [201, "Laptop"]);
    await alarm(page);
    const asked = await askStepUp(page);
    assertEquals(asked.methods, ["passkey", "totp"]);
    assertEquals(asked.publicKey.rpId, new URL(SITE).hostname);
    assertEquals(asked.publicKey.userVerification, "required");
    const passkey = JSON.parse(authenticator.get(asked.publicKey));
    const passed = await page.post(`/v1/step-up/${asked.challenge}`, { passkey });
    assertEquals([passed.status, passed.body.acr], [200, "phr"]);
    const { factors } = (await createClient(page.app)("GET /v1/subjects/ada/factors")).body;
    assertEquals(factors.map(({ kind }: { kind: string }) => kind), ["totp", "passkey"]);
    assert(factors[1].lastUsedAt);
    assert(!JSON.stringify(factors).includes("publicKey"));
  });
});

Deno.test("a passkey's answer is refused from elsewhere, unverified, to another challenge, or counted back", async () => {
  await withSitePage(async (page) => {
    const { authenticator } = await enrolPasskey(page);
    await alarm(page);
    const wrong = [
      { origin: "https://evil.example" },
      { rpId: "evil.example" },
      { unverified: true },
      { challenge: "AAAA" },
    ];
    for (const misbehaviour of wrong) {
      const { publicKey, challenge } = await askStepUp(page);
      const passkey = JSON.parse(authenticator.get(publicKey, misbehaviour));
      const refused = await page.post(`/v1/step-up/${challenge}`, { passkey });
      assertEquals([refused.status, refused.body.code], [403, "proof_refused"]);
    }
    const { publicKey, challenge } = await askStepUp(page);
    authenticator.counter = 10;
    const good = JSON.parse(authenticator.get(publicKey));
    assertEquals((await page.post(`/v1/step-up/${challenge}`, { passkey: good })).status, 200);
    // A clone of the authenticator, which counts on from before.
    authenticator.counter = 5;
    const next = await askStepUp(page);
    const cloned = { passkey: JSON.parse(authenticator.get(next.publicKey)) };
    assertEquals((await page.post(`/v1/step-up/${next.challenge}`, cloned)).status, 403);
    // What was said once is not said again.
    const again = await askStepUp(page);
    const replayed = await page.post(`/v1/step-up/${again.challenge}`, { passkey: good });
    assertEquals(replayed.status, 403);
  });
});

Deno.test("of fifty answers to one challenge at once one is taken", async () => {
  await withSitePage(async (page) => {
    const { code } = await enrolTotp(page);
    await alarm(page);
    const { challenge } = await askStepUp(page);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => page.post(`/v1/step-up/${challenge}`, { totp: code() })),
    );
    const statuses = answers.map(({ status }) => status);
    assertEquals(statuses.filter((status) => status === 200).length, 1);
    assertEquals(statuses.filter((status) => status === 401).length, 49);
  });
});

Deno.test("a code is good once, also against two challenges at once", async () => {
  await withSitePage(async (page) => {
    const { code } = await enrolTotp(page);
    await alarm(page);
    const challenges = [await askStepUp(page), await askStepUp(page), await askStepUp(page)];
    const [first, second, third] = challenges.map(({ challenge }) => `/v1/step-up/${challenge}`);
    const both = await Promise.all(
      [first!, second!].map((path) => page.post(path, { totp: code() })),
    );
    assertEquals(both.map(({ status }) => status).sort(), [200, 403]);
    assertEquals((await page.post(third!, { totp: code() })).body.code, "proof_refused");
  });
});

Deno.test("a challenge is good for two minutes, from its own origin, for its own purpose", async () => {
  await withSitePage(async (page) => {
    const { code } = await enrolTotp(page);
    await alarm(page);
    const { challenge } = await askStepUp(page);
    const elsewhere = { Origin: "https://evil.example" };
    const foreign = await page.post(`/v1/step-up/${challenge}`, { totp: code() }, elsewhere);
    assertEquals([foreign.status, foreign.body.code], [403, "origin_refused"]);
    const ticket = await page.ticket({ ...STRONG, session: "enrolling" });
    const factor = (await page.post("/v1/factors", { ticket, kind: "totp" })).body.challenge;
    for (const path of [`/v1/factors/${challenge}`, `/v1/step-up/${factor}`]) {
      assertEquals((await page.post(path, { totp: code() })).body.code, "challenge_invalid");
    }
    // None of that has used it up.
    page.clock.nowMs += 2 * MINUTE_MS - 1;
    assertEquals((await page.post(`/v1/step-up/${challenge}`, { totp: code() })).status, 200);
    const late = await askStepUp(page);
    page.clock.nowMs += 2 * MINUTE_MS;
    const refused = await page.post(`/v1/step-up/${late.challenge}`, { totp: code() });
    assertEquals([refused.status, refused.body.code], [401, "challenge_invalid"]);
  });
});

Deno.test("five failures block the session and cost a delay that doubles, until a step-up is passed", async () => {
  await withSitePage(async (page) => {
    const { code } = await enrolTotp(page);
    await alarm(page);
    const wrong = () => code() === "000000" ? "111111" : "000000";
    const answer = async (totp: string) => {
      const { challenge, ...asked } = await askStepUp(page);
      return challenge ? await page.post(`/v1/step-up/${challenge}`, { totp }) : { body: asked };
    };
    for (let i = 1; i <= 5; i++) {
      assertEquals((await sessionOf(page))!.action, "step_up");
      assertEquals((await answer(wrong())).body.code, "proof_refused");
    }
    const blocked = (await sessionOf(page))!;
    assertEquals([blocked.action, blocked.level], ["block", "critical"]);
    for (const delayS of [30, 60, 120]) {
      const early = await answer(code());
      assertEquals([early.body.code, early.body.retryAfter], ["step_up_delayed", `${delayS}`]);
      page.clock.nowMs += delayS * 1000 - 1;
      assertEquals((await answer(code())).body.code, "step_up_delayed");
      page.clock.nowMs += 1;
      if (delayS < 120) assertEquals((await answer(wrong())).body.code, "proof_refused");
    }
    assertEquals((await sessionOf(page))!.action, "block");
    assertEquals((await answer(code())).body.action, "allow");
    assertEquals((await sessionOf(page))!.action, "allow");
    page.clock.nowMs += MINUTE_MS;
    assertEquals((await answer(wrong())).body.code, "proof_refused");
  });
});

Deno.test("failures count for the subject, whatever the session, and challenges asked before", async () => {
  await withSitePage(async (page) => {
    const { code } = await enrolTotp(page);
    await alarm(page);
    const hoard = await Promise.all(Array.from({ length: 8 }, () => askStepUp(page)));
    const answers = await Promise.all(
      hoard.map(({ challenge }) => page.post(`/v1/step-up/${challenge}`, { totp: "12345x" })),
    );
    const codes = answers.map(({ body }) => body.code).sort();
    assertEquals(codes.filter((said) => said === "proof_refused").length, 5);
    assertEquals(codes.filter((said) => said === "step_up_delayed").length, 3);
    const other = await page.ticket({ session: "another" });
    assertEquals((await page.post("/v1/step-up", { ticket: other })).body.code, "step_up_delayed");
    assertEquals(code().length, 6);
  });
});

Deno.test("no factor is registered without a strong sign-in, nor in a session that is in doubt", async () => {
  await withSitePage(async (page) => {
    for (const acr of [{}, { acr: "aal1" }, { acr: "" }, { acr: "AAL2" }]) {
      const ticket = await page.ticket(acr);
      const refused = await page.post("/v1/factors", { ticket, kind: "passkey" });
      assertEquals([refused.status, refused.body.code], [403, "acr_insufficient"]);
      assertEquals((await page.post("/v1/factors", { ticket, kind: "totp" })).status, 401);
    }
    await alarm(page);
    const ticket = await page.ticket(STRONG);
    const taken = await page.post("/v1/factors", { ticket, kind: "passkey" });
    assertEquals(taken.body.code, "acr_insufficient");
  });
});

Deno.test("a step-up is not asked of who has no factor, no consent, no session or no ticket", async () => {
  await withSitePage(async (page) => {
    const none = await page.post("/v1/step-up", { ticket: await page.ticket() });
    assertEquals([none.status, none.body.code], [404, "session_not_found"]);
    await alarm(page);
    assertEquals((await askStepUp(page)).code, "factor_missing");
    const used = await page.ticket();
    await page.post("/v1/step-up", { ticket: used });
    assertEquals((await page.post("/v1/step-up", { ticket: used })).body.code, "ticket_invalid");
    const elsewhere = { Origin: "https://evil.example" };
    const ticket = await page.ticket();
    const stolen = await page.post("/v1/step-up", { ticket }, elsewhere);
    assertEquals([stolen.status, stolen.body.code], [403, "origin_refused"]);
    await createClient(page.app)("DELETE /v1/subjects/ada/consent");
    assertEquals((await askStepUp(page)).code, "consent_missing");
  });
});

Deno.test("a site that runs its own step-up reports it, and the log says so", async () => {
  await withSitePage(async (page) => {
    await alarm(page);
    const site = createClient(page.app);
    const said = { amr: ["hwk", "pin"], acr: "https://bank.example/loa3" };
    const verified = await site("POST /v1/sessions/s/verified", said);
    assertEquals([verified.status, verified.body.action], [200, "allow"]);
    const { assurance } = (await site("GET /v1/sessions/s")).body;
    assertEquals([assurance.amr, assurance.acr], [said.amr, said.acr]);
    const { entries } = (await site("GET /v1/audit?limit=1")).body;
    assertEquals([entries[0].action, entries[0].after], ["session.verified", said]);
    for (const wrong of [{ amr: ["two words"] }, { acr: 'quo"te s' }, { amr: "otp" }, { x: 1 }]) {
      assertEquals((await site("POST /v1/sessions/s/verified", wrong)).status, 400);
    }
  });
});

Deno.test("a mistyped first code leaves the app's key good, and counts as no failed step-up", async () => {
  await withSitePage(async (page) => {
    const ticket = await page.ticket({ ...STRONG, session: "enrolling" });
    const { challenge, secret } = (await page.post("/v1/factors", { ticket, kind: "totp" })).body;
    const right = () => codeOf(secret, page.clock.nowMs);
    const answer = (totp: string) => page.post(`/v1/factors/${challenge}`, { totp });
    const wrong = right() === "000000" ? "111111" : "000000";
    for (let i = 0; i < 6; i++) assertEquals((await answer(wrong)).body.code, "proof_refused");
    page.clock.nowMs += 9 * MINUTE_MS;
    assertEquals((await answer(right())).status, 201);
    assertEquals((await answer(right())).body.code, "challenge_invalid");
  });
});

Deno.test("removing a factor ends it, and erasing the subject leaves none and no challenge", async () => {
  await withSitePage(async (page) => {
    const { answer } = await enrolTotp(page);
    await enrolPasskey(page);
    await alarm(page);
    await askStepUp(page);
    const site = createClient(page.app);
    assertEquals((await site(`DELETE /v1/subjects/ada/factors/${answer.body.id}`)).status, 204);
    assertEquals((await site(`DELETE /v1/subjects/ada/factors/${answer.body.id}`)).status, 404);
    assertEquals((await askStepUp(page)).methods, ["passkey"]);
    assertEquals((await site("DELETE /v1/subjects/ada")).status, 200);
    const left = await Array.fromAsync(page.kv.list({ prefix: [] }));
    const theirs = left.filter(({ key, value }) =>
      key.includes("ada") || key[0] === "challenge" || JSON.stringify(value)?.includes('"ada"')
    );
    assertEquals(theirs.map(({ key }) => key), []);
  });
});
