import { assert, assertEquals, assertThrows } from "@std/assert";
import { Hono } from "hono";
import { GaitkeeperError } from "../../../core/error.ts";
import { openSession } from "../../../core/session.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import {
  assuranceFromGaitkeeper,
  checkAuthenticationLevel,
  protect,
  readChallenge,
  requireAuthenticationLevel,
} from "../../../routes/authentication_level/mod.ts";
import { CLOCK_LEEWAY_MS } from "../../../routes/authentication_level/level.ts";
import { deliver, framesOf, IDENTITY } from "../../core/live_sessions.ts";
import { SMALL_MODELS } from "../../core/small_models.ts";
import { createClient } from "../api_client.ts";
import { alarm, askStepUp, enrolTotp, type SitePage, withSitePage } from "../site_page.ts";
import { SECRET_KEY } from "../test_service.ts";

const MINUTE_MS = 60_000;
const transfer = () => new Response("transferred");

/** The site's API, before the service: once as a plain handler, once on Hono. */
function sitesBefore({ app, clock }: SitePage) {
  const levelOf = assuranceFromGaitkeeper({
    endpoint: "https://gk.example",
    secretKey: SECRET_KEY,
    sessionOf: (request) => request.headers.get("X-Session") ?? undefined,
    fetch: async (url, init) => await app.request(String(url), init),
  });
  const options = { acrValues: ["phr", "otp"], maxAgeS: 300, levelOf, nowMs: () => clock.nowMs };
  const hono = new Hono().post("/transfer", requireAuthenticationLevel(options), transfer);
  const plain = protect(transfer, options);
  const request = (session?: string) =>
    new Request("https://www.example/transfer", {
      method: "POST",
      headers: session ? { "X-Session": session } : {},
    });
  return async (session?: string) => {
    const answers = [await plain(request(session)), await hono.request(request(session))];
    const [one, other] = await Promise.all(answers.map(async (answer) => ({
      status: answer.status,
      asked: readChallenge(answer.headers.get("WWW-Authenticate")),
      body: await answer.text(),
    })));
    assertEquals(one, other);
    return one!;
  };
}

Deno.test("protect() and requireAuthenticationLevel() ask, let in who stepped up, and ask again later", async () => {
  await withSitePage(async (page) => {
    const call = sitesBefore(page);
    const { code } = await enrolTotp(page);
    await alarm(page);
    for (const session of [undefined, "nobody's", "s"]) {
      const { status, asked } = await call(session);
      assertEquals([status, asked?.acrValues, asked?.maxAgeS], [401, ["phr", "otp"], 300]);
    }
    const { challenge } = await askStepUp(page);
    await page.post(`/v1/step-up/${challenge}`, { totp: code() });
    assertEquals(await call("s"), { status: 200, asked: undefined, body: "transferred" });
    page.clock.nowMs += 5 * MINUTE_MS + 1;
    assertEquals((await call("s")).asked?.description, "More recent authentication is required");
    page.clock.nowMs += 15 * MINUTE_MS;
    assertEquals((await call("s")).asked?.description, "A proof of who you are is required");
  });
});

Deno.test("protect() asks again when a stranger sits down after the step-up, by the service's own word", async () => {
  await withSitePage(async (page) => {
    const call = sitesBefore(page);
    const { code } = await enrolTotp(page);
    await alarm(page);
    const { challenge } = await askStepUp(page);
    await page.post(`/v1/step-up/${challenge}`, { totp: code() });
    assertEquals((await call("s")).status, 200);
    const live = { ...page.deps, models: SMALL_MODELS, clock: page.clock };
    const session = await openSession(live, IDENTITY);
    for (const frame of framesOf(createTypist(3).type(200, page.clock.nowMs + 100))) {
      await deliver(live, session, { ...frame, stream: 2 });
      if (session.decision.action !== "allow") break;
    }
    await session.commit();
    const { body } = await createClient(page.app)("GET /v1/sessions/s");
    // The proof still stands, and is younger than what is asked for.
    assertEquals([body.action, body.assurance.acr], ["step_up", "otp"]);
    assert(page.clock.nowMs - Date.parse(body.assurance.at) < 5 * MINUTE_MS);
    assertEquals((await call("s")).status, 401);
  });
});

Deno.test("assuranceFromGaitkeeper() counts no proof while the session is in doubt", async () => {
  const session = { action: "step_up", assurance: { acr: "phr", at: "2026-01-01T00:00:00.000Z" } };
  const access = {
    endpoint: "https://gk.example",
    secretKey: "x",
    sessionOf: () => "s",
    fetch: () => Promise.resolve(Response.json(session)),
  };
  const request = new Request("https://www.example");
  assertEquals(await assuranceFromGaitkeeper(access)(request), undefined);
  const lenient = assuranceFromGaitkeeper({ ...access, refuseInDoubt: false });
  assertEquals(await lenient(request), { acr: "phr", atMs: Date.UTC(2026, 0, 1) });
});

Deno.test("protect() closes where the level cannot be found out, and says that it is not the caller's fault", async () => {
  for (
    const answer of [
      () => Promise.reject(new TypeError("no network")),
      () => Promise.resolve(new Response("no", { status: 401 })),
      // Somebody else's 404: the endpoint is wrong, and no step-up would mend that.
      () => Promise.resolve(new Response("<html>", { status: 404 })),
      () => Promise.resolve(Response.json({ code: "not_found" }, { status: 404 })),
      () => Promise.resolve(Response.json({ nothing: true })),
      () => Promise.resolve(new Response("<html>")),
    ]
  ) {
    const levelOf = assuranceFromGaitkeeper({
      endpoint: "https://gk.example",
      secretKey: "x",
      sessionOf: () => "s",
      fetch: answer,
    });
    const response = await protect(transfer, { levelOf })(new Request("https://www.example"));
    const { code } = await response.json();
    assertEquals([response.status, code], [503, "authentication_level_unavailable"]);
    assertEquals(response.headers.get("WWW-Authenticate"), null);
  }
});

Deno.test("checkAuthenticationLevel() takes any of the classes, and no proof out of the future", () => {
  const level = { acr: "otp", atMs: 1000 };
  assertEquals(checkAuthenticationLevel(level, {}, 1000), undefined);
  assertEquals(checkAuthenticationLevel(level, { acrValues: ["phr", "otp"] }, 1000), undefined);
  assertEquals(checkAuthenticationLevel(level, { maxAgeS: 0 }, 1000), undefined);
  for (const requirement of [{ acrValues: ["phr"] }, { maxAgeS: 0 }]) {
    const { description: _, ...asked } = checkAuthenticationLevel(level, requirement, 1001)!;
    assertEquals<unknown>(asked, requirement);
  }
  // Right after a step-up, by a clock that is a little behind the service's.
  const later = { acr: "otp", atMs: 1000 + CLOCK_LEEWAY_MS };
  assertEquals(checkAuthenticationLevel(later, { maxAgeS: 0 }, 1000), undefined);
  for (const nowMs of [999, NaN]) assertEquals(!!checkAuthenticationLevel(later, {}, nowMs), true);
});

Deno.test("protect() refuses a requirement that no header can carry when it is made", () => {
  const levelOf = () => Promise.resolve(undefined);
  assertThrows(() => protect(transfer, { acrValues: ["a b"], levelOf }), GaitkeeperError);
  for (const scheme of ["", "Be\r\nX: y", 'Basic realm="a", Bearer', "ä"]) {
    assertThrows(() => protect(transfer, { scheme, levelOf }), GaitkeeperError);
  }
});
