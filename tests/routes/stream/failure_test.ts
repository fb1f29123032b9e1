import { assert, assertEquals } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import type { ModelSet } from "../../../core/models/model_set.ts";
import { openSession } from "../../../core/session.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getSession } from "../../../core/store/sessions.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { framesOf, IDENTITY, START_MS } from "../../core/live_sessions.ts";
import { createStatelessObserver } from "../../../core/models/model_set.ts";
import { SMALL_MODELS } from "../../core/small_models.ts";
import { startTestService } from "../test_service.ts";
import { COMMIT_MS, Probe, settle } from "./probe.ts";
import { withLog } from "./server_log.ts";

const FRAMES = framesOf(createTypist(1).type(300, START_MS));

/** What every client is told when the service itself cannot judge. */
const UNKNOWN = { type: "action", level: "unknown", action: "step_up" };

Deno.test("a stream fails closed when the store is down: unknown, step up, 1011, nothing acknowledged", async () => {
  const log = await withLog(async () => {
    await using service = await startTestService();
    const probe = await Probe.open(service, await service.mint());
    await probe.next("resume");
    probe.send(FRAMES[0]!);
    await probe.reached();
    service.kv.close();
    while (!service.timers.elapse(COMMIT_MS)) await probe.reached();
    assertEquals(await probe.closed, { code: 1011, reason: "store_unavailable" });
    assertEquals(probe.messages.slice(1), [
      { type: "error", code: "store_unavailable", message: "Something went wrong on the server" },
      UNKNOWN,
    ]);
  });
  assert(log.includes("store_unavailable") || log.includes("Cannot reach store"), log);
});

Deno.test("a stream fails closed when the models cannot be loaded", async () => {
  await withLog(async () => {
    const models = Promise.withResolvers<ModelSet>();
    await using service = await startTestService({ models: models.promise });
    const probe = await Probe.open(service, await service.mint());
    probe.send(FRAMES[0]!);
    await probe.reached();
    models.reject(new GaitkeeperError("model_invalid", "Cannot load keyboard: ..."));
    assertEquals(await probe.closed, { code: 1011, reason: "model_invalid" });
    assertEquals(probe.messages.at(-1), UNKNOWN);
  });
});

Deno.test("a stream fails closed on an error that nobody foresaw, and tells the client nothing of it", async () => {
  const observe = () => Promise.reject(new Error("of the keys in /srv/secret"));
  const createObserver = () => createStatelessObserver(observe);
  const models = { ...SMALL_MODELS, keyboard: { ...SMALL_MODELS.keyboard, createObserver } };
  const log = await withLog(async () => {
    await using service = await startTestService({ models: Promise.resolve(models) });
    const [probe, sibling] = [
      await Probe.open(service, await service.mint()),
      await Probe.open(service, await service.mint()),
    ];
    await probe.next("resume");
    await sibling.next("resume");
    for (const frame of FRAMES.slice(0, 15)) probe.send(frame);
    for (const one of [probe, sibling]) {
      assertEquals(await one.closed, { code: 1011, reason: "internal" });
      assertEquals(one.messages.at(-1), UNKNOWN);
      assert(!one.words().includes("secret"));
    }
    await service.idle();
  });
  assert(log.includes("/srv/secret"), "the log is where it belongs");
});

Deno.test("a stream closes 4409 when another process has gone on with its session", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  probe.send(FRAMES[0]!);
  await settle(service, probe);
  const elsewhere = await openSession({ ...service.deps, models: SMALL_MODELS }, IDENTITY);
  await elsewhere.receive(FRAMES[1]!);
  await elsewhere.commit();
  probe.send(FRAMES[1]!);
  await probe.reached();
  while (!service.timers.elapse(COMMIT_MS)) await probe.reached();
  assertEquals(await probe.closed, { code: 4409, reason: "session_superseded" });
  assertEquals(probe.messages.filter(({ type }) => type === "action"), []);

  await service.idle();
  const again = await Probe.open(service, await service.mint());
  assertEquals((await again.next("resume")).streams, { 1: 2 });
  await again.close();
});

Deno.test("serveGaitkeeper().close() commits and acknowledges what came, then closes 1012", async () => {
  await using service = await startTestService();
  const probes = await Promise.all(
    ["a", "b", "c"].map(async (session) => Probe.open(service, await service.mint({ session }))),
  );
  for (const probe of probes) {
    await probe.next("resume");
    for (const frame of FRAMES.slice(0, 4)) probe.send(frame);
    await probe.reached();
  }
  await service.stop();
  for (const probe of probes) {
    assertEquals((await probe.closed).code, 1012);
    assertEquals(probe.messages.at(-1), { type: "ack", stream: 1, sequence: 4 });
  }
  for (const session of ["a", "b", "c"]) {
    const record = await getSession(service.kv, DEFAULT_TENANT, session, service.clock.nowMs);
    assertEquals(record?.strokes, 20);
  }
  assertEquals(service.sessions(), 0);
});
