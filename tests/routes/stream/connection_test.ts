import { assert, assertEquals } from "@std/assert";
import { checkpointKey, DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getSession } from "../../../core/store/sessions.ts";
import type { Frame } from "../../../core/wire.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { framesOf, START_MS } from "../../core/live_sessions.ts";
import { startTestService, type TestService } from "../test_service.ts";
import { COMMIT_MS, Probe, settle } from "./probe.ts";

const FRAMES = framesOf(createTypist(1).type(300, START_MS));

function strokesOf(service: TestService, session = "s") {
  return getSession(service.kv, DEFAULT_TENANT, session, service.clock.nowMs)
    .then((record) => record?.strokes);
}

/** Sends frames and has them committed, as two seconds do. */
async function deliver(service: TestService, probe: Probe, frames: readonly Frame[]) {
  const from = probe.messages.length;
  for (const frame of frames) probe.send(frame);
  await settle(service, probe, from);
}

Deno.test("a stream acknowledges after the commit and not before", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  await probe.next("resume");
  for (const frame of FRAMES.slice(0, 3)) probe.send(frame);
  await probe.reached();
  assertEquals(await strokesOf(service), undefined);
  assertEquals(probe.messages.map(({ type }) => type), ["resume"]);
  await settle(service, probe, 0);
  assertEquals(probe.messages.at(-1), { type: "ack", stream: 1, sequence: 3 });
  assertEquals(await strokesOf(service), 15);
  await probe.close();
});

Deno.test("a stream commits without waiting when a client is 32 frames ahead", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  for (const frame of FRAMES.slice(0, 32)) probe.send(frame);
  assertEquals((await probe.next("ack")).sequence, 32);
  await probe.close();
});

Deno.test("a stream changes nothing for frames that are repeated or stale", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  await deliver(service, probe, FRAMES.slice(0, 9));
  const key = checkpointKey(DEFAULT_TENANT, "s");
  const before = await service.kv.get(key);
  for (const i of [8, 0, 4, 8, 8]) probe.send(FRAMES[i]!);
  await probe.reached();
  assertEquals(service.timers.elapse(COMMIT_MS), 0);
  await probe.close();
  await service.idle();
  const again = await Probe.open(service, await service.mint());
  assertEquals((await again.next("resume")).streams, { 1: 9 });
  for (const frame of FRAMES.slice(0, 9)) again.send(frame);
  await again.close();
  await service.idle();
  assertEquals((await service.kv.get(key)).versionstamp, before.versionstamp);
});

Deno.test("a stream commits what came when its socket closes or is cut, and lets the session go", async () => {
  await using service = await startTestService();
  for (const [i, end] of (["close", "terminate"] as const).entries()) {
    const probe = await Probe.open(service, await service.mint());
    await probe.next("resume");
    assertEquals(service.sessions(), 1);
    for (const frame of FRAMES.slice(2 * i, 2 * i + 2)) probe.send(frame);
    await probe.reached();
    probe.socket[end]();
    await probe.closed;
    await service.idle();
    const next = await Probe.open(service, await service.mint());
    assertEquals((await next.next("resume")).streams, { 1: 2 * i + 2 });
    await next.close();
  }
  assertEquals(await strokesOf(service), 20);
});

Deno.test("a stream asks for a step-up at once when the decision changes, and says so again on return", async () => {
  await using service = await startTestService();
  const own = createTypist(1).type(300, START_MS);
  const last = own.at(-1)!.timeMs;
  const frames = framesOf([...own, ...createTypist(2).type(150, last + 2000)]);
  const probe = await Probe.open(service, await service.mint());
  for (const frame of frames) {
    service.clock.nowMs = Math.ceil(frame.events.at(-1)!.timeMs);
    probe.send(frame);
    await probe.reached();
  }
  // No timer has run: what is told was committed at once.
  const { level, alert } = await probe.next("action", 0, ({ action }) => action === "step_up");
  assertEquals(typeof alert, "string");
  assert(["high", "critical"].includes(level), level);
  await probe.close();
  await service.idle();
  const again = await Probe.open(service, await service.mint());
  assertEquals((await again.next("action")).action, "step_up");
  assertEquals(again.messages.map(({ type }) => type), ["resume", "action"]);
  await again.close();
});

Deno.test("a stream shares one session between tabs and tells both", async () => {
  await using service = await startTestService();
  const [one, two] = [
    await Probe.open(service, await service.mint()),
    await Probe.open(service, await service.mint()),
  ];
  await one.next("resume");
  await two.next("resume");
  assertEquals(service.sessions(), 1);
  one.send({ ...FRAMES[0]!, stream: 7 });
  two.send({ ...FRAMES[1]!, stream: 8 });
  await one.reached();
  await two.reached();
  const streamsOf = ({ messages }: Probe) =>
    messages.flatMap((message) => message.type === "ack" ? [message.stream] : []).sort();
  await settle(service, one);
  // Two frames over two sockets may have come to one commit or to two.
  if (streamsOf(one).length < 2) await settle(service, one, one.messages.length);
  await two.reached();
  assertEquals([streamsOf(one), streamsOf(two)], [[7, 8], [7, 8]]);

  await one.close();
  two.send({ ...FRAMES[2]!, stream: 8 });
  await two.close();
  await service.idle();
  assertEquals(await strokesOf(service), 15);
});
