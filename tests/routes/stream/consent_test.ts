import { assertEquals } from "@std/assert";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getSession } from "../../../core/store/sessions.ts";
import { withdrawConsent } from "../../../core/store/consents.ts";
import { createSubjectLink, openSubjectLink } from "../../../core/store/subject_links.ts";
import { pauseConsent } from "../../../core/store/pauses.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { createApp } from "../../../routes/app.ts";
import { framesOf, START_MS } from "../../core/live_sessions.ts";
import { SECRET_KEY, startTestService, TEST_ACTOR, type TestService } from "../test_service.ts";
import { COMMIT_MS, Probe, settle } from "./probe.ts";

const FRAMES = framesOf(createTypist(1).type(300, START_MS));
const CONSENT_CLOSE = { code: 4403, reason: "consent_missing" };

function strokesOf({ kv, clock }: TestService) {
  return getSession(kv, DEFAULT_TENANT, "s", clock.nowMs).then((record) => record?.strokes);
}

/** As a site's back end asks, of the service that listens. */
async function withdraw({ port }: TestService, subject: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/subjects/${subject}/consent`, {
    method: "DELETE",
    headers: { Authorization: `Bearer ${SECRET_KEY}` },
  });
  await response.body?.cancel();
  return response.status;
}

Deno.test("withdrawing a consent ends the subject's streams before another frame is taken", async () => {
  await using service = await startTestService();
  const ada = await Probe.open(service, await service.mint());
  const eve = await Probe.open(service, await service.mint({ subject: "eve", session: "t" }));
  for (const probe of [ada, eve]) {
    for (const frame of FRAMES.slice(0, 3)) probe.send(frame);
    await settle(service, probe, 0);
  }
  ada.send(FRAMES[3]!);
  await ada.reached();
  assertEquals(await withdraw(service, "ada"), 204);
  assertEquals(await ada.closed, CONSENT_CLOSE);
  assertEquals(ada.messages.at(-1)?.type, "error");
  // What was not yet durable never becomes so.
  assertEquals(await strokesOf(service), 15);
  eve.send(FRAMES[3]!);
  await eve.reached();
  await eve.close();
  assertEquals(await withdraw(service, "ada"), 404);
});

Deno.test("a stream without a consent on record is refused, also with a ticket from before", async () => {
  await using service = await startTestService();
  const ticket = await service.mint();
  await withdrawConsent(service.deps.audit, DEFAULT_TENANT, "ada", TEST_ACTOR);
  const probe = await Probe.open(service, ticket);
  assertEquals(await probe.closed, CONSENT_CLOSE);
  assertEquals(await strokesOf(service), undefined);
  const app = createApp(service.deps);
  const response = await app.request("/v1/tickets", {
    method: "POST",
    headers: { Authorization: `Bearer ${SECRET_KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ subject: "ada" }),
  });
  assertEquals([response.status, (await response.json()).code], [403, "consent_missing"]);
});

Deno.test("a consent withdrawn in another process stops the session at its next commit", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  for (const frame of FRAMES.slice(0, 3)) probe.send(frame);
  await settle(service, probe, 0);
  await withdrawConsent(service.deps.audit, DEFAULT_TENANT, "ada", TEST_ACTOR);
  probe.send(FRAMES[3]!);
  await probe.reached();
  assertEquals(service.timers.elapse(COMMIT_MS), 1);
  assertEquals(await probe.closed, CONSENT_CLOSE);
  assertEquals(await strokesOf(service), 15);
});

Deno.test("a stream goes on through a consent renewed to another policy", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  probe.send(FRAMES[0]!);
  await settle(service, probe, 0);
  const put = await fetch(`http://127.0.0.1:${service.port}/v1/subjects/ada/consent`, {
    method: "PUT",
    headers: { Authorization: `Bearer ${SECRET_KEY}`, "Content-Type": "application/json" },
    body: JSON.stringify({ policyVersion: "2", how: "banner" }),
  });
  assertEquals((await put.json()).policyVersion, "2");
  const from = probe.messages.length;
  for (const frame of FRAMES.slice(1, 4)) probe.send(frame);
  await settle(service, probe, from);
  assertEquals(await strokesOf(service), 20);
  await probe.close();
});

Deno.test("a pause in another process stops the session at its next commit, and refuses new streams", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  for (const frame of FRAMES.slice(0, 3)) probe.send(frame);
  await settle(service, probe, 0);
  const ticket = await service.mint({ session: "t" });
  const { audit } = service.deps;
  const untilMs = service.clock.nowMs + 60_000;
  await pauseConsent(audit, { tenant: DEFAULT_TENANT, subject: "ada", untilMs }, TEST_ACTOR);
  probe.send(FRAMES[3]!);
  await probe.reached();
  assertEquals(service.timers.elapse(COMMIT_MS), 1);
  assertEquals(await probe.closed, { code: 4403, reason: "paused" });
  assertEquals(await strokesOf(service), 15);
  assertEquals((await (await Probe.open(service, ticket)).closed).reason, "paused");
  const ask = () =>
    createApp(service.deps).request("/v1/tickets", {
      method: "POST",
      headers: { Authorization: `Bearer ${SECRET_KEY}`, "Content-Type": "application/json" },
      // To agree again is not to end a pause.
      body: JSON.stringify({ subject: "ada", consent: { policyVersion: "2", how: "banner" } }),
    });
  const refused = await ask();
  assertEquals([refused.status, (await refused.json()).code], [403, "paused"]);
  service.clock.nowMs = untilMs;
  assertEquals((await ask()).status, 201);
});

Deno.test("a pause on the subject's own page ends their streams before another frame is taken", async () => {
  await using service = await startTestService();
  const { deps: { audit }, port } = service;
  const ada = await Probe.open(service, await service.mint());
  const eve = await Probe.open(service, await service.mint({ subject: "eve", session: "t" }));
  for (const frame of FRAMES.slice(0, 3)) ada.send(frame);
  await settle(service, ada, 0);
  ada.send(FRAMES[3]!);
  await ada.reached();
  const link = await createSubjectLink(
    audit,
    { tenant: DEFAULT_TENANT, subject: "ada" },
    TEST_ACTOR,
  );
  const { secret } = await openSubjectLink(audit, link.secret);
  const paused = await fetch(`http://127.0.0.1:${port}/me/pause`, {
    method: "POST",
    headers: { Cookie: `__Secure-gaitkeeper-me=${secret}`, Origin: "https://gaitkeeper.example" },
    body: new URLSearchParams({ for: "day" }),
    redirect: "manual",
  });
  await paused.body?.cancel();
  assertEquals(paused.status, 303);
  assertEquals(await ada.closed, { code: 4403, reason: "paused" });
  assertEquals(await strokesOf(service), 15);
  eve.send(FRAMES[0]!);
  await eve.reached();
  await eve.close();
});
