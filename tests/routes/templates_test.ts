import { assert, assertEquals } from "@std/assert";
import { createApiKey } from "../../core/store/api_keys.ts";
import { DEFAULT_TENANT } from "../../core/store/keys.ts";
import { createTenant } from "../../core/store/tenants.ts";
import type { ServerMessage, StreamEvent } from "../../core/wire.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";
import { createApp } from "../../routes/app.ts";
import { framesOf, START_MS } from "../core/live_sessions.ts";
import { SMALL_MODELS } from "../core/small_models.ts";
import { createClient } from "./api_client.ts";
import { COMMIT_MS, Probe } from "./stream/probe.ts";
import { startTestService, TEST_ACTOR, type TestService } from "./test_service.ts";

const DAY_MS = 24 * 3600_000;
const TEMPLATES = "/v1/subjects/ada/templates";
const ROLLBACK = `${TEMPLATES}/keyboard/rollback`;

/** Types into a page's stream until all is committed. */
async function type(
  { clock, timers }: TestService,
  probe: Probe,
  events: readonly StreamEvent[],
  { stream = 1, from = 1 } = {},
) {
  const frames = framesOf(events, from);
  for (const frame of frames) {
    clock.nowMs = Math.ceil(Math.max(...frame.events.map(({ timeMs }) => timeMs)));
    probe.send({ ...frame, stream });
    await probe.reached();
  }
  const isLast = (message: ServerMessage) =>
    message.type === "ack" && message.stream === stream &&
    message.sequence === from + frames.length - 1;
  while (!probe.messages.some(isLast)) {
    assert(probe.socket.readyState === probe.socket.OPEN, probe.words());
    timers.elapse(COMMIT_MS);
    await probe.reached();
  }
}

Deno.test("a profile is rolled back over HTTP, and a live session goes on by what it was", async () => {
  await using service = await startTestService();
  const ask = createClient(createApp(service.deps));
  assertEquals((await ask(`GET ${TEMPLATES}`)).status, 404);
  const typist = createTypist(1);
  const probe = await Probe.open(service, await service.mint());
  await type(service, probe, typist.type(400, START_MS));
  const enrolled = await ask(`GET ${TEMPLATES}`);
  assertEquals(enrolled.status, 200);
  const [version] = enrolled.body.keyboard.versions;
  assertEquals([version.version, version.reason], [1, "enrolled"]);
  assertEquals(version.models, SMALL_MODELS.keyboard.version);
  assert(version.madeAt.startsWith("2023-11-14T"));
  assertEquals(enrolled.body.pointer, { learned: 0, versions: [] });
  assert(enrolled.body.keyboard.learned > version.windows);
  await probe.close();
  await service.idle();

  const next = await Probe.open(service, await service.mint({ session: "t" }));
  await type(service, next, typist.type(600, START_MS + DAY_MS), { stream: 2 });
  const later = (await ask(`GET ${TEMPLATES}`)).body.keyboard;
  assertEquals(later.versions[0].reason, "learned");
  assert(later.learned > enrolled.body.keyboard.learned);

  const answer = await ask(`POST ${ROLLBACK}`, { version: 1 });
  assertEquals(answer.status, 200);
  assertEquals([answer.body.version, answer.body.reason, answer.body.rolledBackTo], [
    later.versions.length + 1,
    "rolled_back",
    1,
  ]);
  assertEquals((await ask(`GET ${TEMPLATES}`)).body.keyboard.learned, version.windows);
  // The session that is live takes it up with its next commit, and tells of it with the one after.
  // Six strokes more are no window yet.
  for (const from of [121, 122]) {
    const strokes = typist.type(3, service.clock.nowMs + 3000);
    await type(service, next, strokes, { stream: 2, from });
  }
  const { windowsLearned } = (await ask("GET /v1/sessions/t")).body.keyboard;
  assertEquals(windowsLearned, version.windows);

  const [act] = (await service.deps.audit.list(DEFAULT_TENANT, { limit: 1 })).items;
  assertEquals([act!.action, act!.target.kind], ["subject.rolled_back", "subject"]);
  assert(act!.target.id !== "ada");
  assertEquals(JSON.parse(act!.before!), {
    modality: "keyboard",
    version: later.versions.length,
  });
  assertEquals(JSON.parse(act!.after!).rolledBackTo, 1);
});

Deno.test("rolling back refuses what is no version, no modality, or another tenant's", async () => {
  await using service = await startTestService();
  const { deps } = service;
  const app = createApp(deps);
  const ask = createClient(app);
  const probe = await Probe.open(service, await service.mint());
  await type(service, probe, createTypist(1).type(400, START_MS));
  for (
    const body of [{}, { version: 0 }, { version: 1.5 }, { version: "1" }, { version: 1, a: 1 }]
  ) {
    assertEquals((await ask(`POST ${ROLLBACK}`, body)).status, 400);
  }
  for (
    const path of [`${TEMPLATES}/mouse/rollback`, "/v1/subjects/%20/templates/keyboard/rollback"]
  ) {
    assertEquals((await ask(`POST ${path}`, { version: 1 })).status, 400);
  }
  assertEquals((await ask(`POST ${ROLLBACK}`, { version: 9 })).body.code, "not_found");

  await createTenant(deps.audit, { id: "other", name: "Other", nowMs: START_MS }, TEST_ACTOR);
  const keyed = async (tenant: string, scope: "subjects:read" | "subjects:write") => {
    const request = { name: "k", scopes: [scope] };
    return createClient(app, (await createApiKey(deps.audit, tenant, request, TEST_ACTOR)).secret);
  };
  const theirs = await keyed("other", "subjects:write");
  assertEquals((await theirs(`POST ${ROLLBACK}`, { version: 1 })).status, 404);
  assertEquals((await (await keyed("other", "subjects:read"))(`GET ${TEMPLATES}`)).status, 404);
  const reader = await keyed(DEFAULT_TENANT, "subjects:read");
  assertEquals((await reader(`GET ${TEMPLATES}`)).status, 200);
  assertEquals((await reader(`POST ${ROLLBACK}`, { version: 1 })).status, 403);
  assertEquals((await ask(`GET ${TEMPLATES}`)).body.keyboard.versions.length, 1);
});
