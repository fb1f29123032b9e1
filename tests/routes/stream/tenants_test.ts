import { assertEquals } from "@std/assert";
import { giveConsent } from "../../../core/store/consents.ts";
import { DEFAULT_TENANT, tenantKey } from "../../../core/store/keys.ts";
import { getSession } from "../../../core/store/sessions.ts";
import { createTenant } from "../../../core/store/tenants.ts";
import { createTicket } from "../../../core/store/tickets.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { framesOf, START_MS } from "../../core/live_sessions.ts";
import { SITE, startTestService, TEST_ACTOR } from "../test_service.ts";
import { Probe, settle } from "./probe.ts";

const FRAMES = framesOf(createTypist(1).type(60, START_MS));

Deno.test("a stream of another tenant that names a session's id and subject is told nothing of it", async () => {
  await using service = await startTestService();
  const { kv, clock, deps: { audit } } = service;
  const theirs = await Probe.open(service, await service.mint());
  for (const frame of FRAMES.slice(0, 6)) theirs.send(frame);
  await settle(service, theirs, 0);
  const before = await Array.fromAsync(kv.list({ prefix: tenantKey(DEFAULT_TENANT) }));

  const other = await createTenant(audit, { id: "other", name: "Other", nowMs: 0 }, TEST_ACTOR);
  await giveConsent(audit, other, "ada", { policyVersion: "1", how: "test" }, TEST_ACTOR);
  const grant = { tenant: "other", subject: "ada", session: "s", origin: SITE, replay: false };
  const { secret } = await createTicket(kv, grant, clock.nowMs);
  const probe = await Probe.open(service, secret);
  assertEquals((await probe.next("resume")).streams, {});
  assertEquals(service.sessions(), 2);
  for (const frame of FRAMES.slice(0, 2)) probe.send(frame);
  await settle(service, probe, 0);
  assertEquals((await getSession(kv, "other", "s", clock.nowMs))?.strokes, 10);
  assertEquals(await Array.fromAsync(kv.list({ prefix: tenantKey(DEFAULT_TENANT) })), before);
  await Promise.all([probe.close(), theirs.close()]);
});
