import { assertEquals } from "@std/assert";
import type { ModelSet } from "../../../core/models/model_set.ts";
import { encodeFrame, FRAME_LIMITS, SUBPROTOCOL } from "../../../core/wire.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { framesOf, START_MS } from "../../core/live_sessions.ts";
import { SMALL_MODELS } from "../../core/small_models.ts";
import { SITE, startTestService, type TestService } from "../test_service.ts";
import {
  closeCodeOf,
  marks,
  Probe,
  protocolFrame,
  readUntilClose,
  settle,
  upgrade,
  writeAll,
} from "./probe.ts";

const FRAMES = framesOf(createTypist(1).type(300, START_MS));
const BINARY = 2;
const CONTINUATION = 0;

/** What the service has of the session once everybody has left. */
async function durableOf(service: TestService): Promise<Record<string, number>> {
  await service.idle();
  const probe = await Probe.open(service, await service.mint());
  const { streams } = await probe.next("resume");
  await probe.close();
  return streams;
}

const UNREADABLE: Record<string, Uint8Array> = {
  "nothing": new Uint8Array(),
  "another version": Uint8Array.of(2, 1, 1, 0, 0),
  "a frame that ends early": encodeFrame(FRAMES[3]!).subarray(0, 20),
  "a frame with more behind it": Uint8Array.of(...encodeFrame(FRAMES[3]!), 0),
  "events that are not there": Uint8Array.of(1, 1, 9, 0, 5),
  "more events than allowed": Uint8Array.of(1, 1, 9, 0, 0x81, 0x40),
  "arbitrary bytes": new Uint8Array(500).map((_, i) => (i + 1) * 7919 % 251),
};

Deno.test("a stream closes 4400 on what is no frame; what came before is kept, what follows is not", async () => {
  for (const [name, bytes] of Object.entries(UNREADABLE)) {
    await using service = await startTestService();
    const probe = await Probe.open(service, await service.mint());
    probe.send(FRAMES[0]!);
    probe.socket.send(bytes);
    probe.send(FRAMES[1]!);
    assertEquals((await probe.closed).code, 4400, name);
    assertEquals(probe.messages.at(-1)?.type, "error");
    assertEquals(await durableOf(service), { 1: 1 }, name);
  }
});

Deno.test("a stream closes 4400 on text", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  await probe.next("resume");
  probe.socket.send(JSON.stringify({ type: "ack", stream: 1, sequence: 1 }));
  assertEquals(await probe.closed, { code: 4400, reason: "frame_malformed" });
});

Deno.test("a stream takes a frame of 64 KiB and closes 1009 on a byte more", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  await probe.next("resume");
  // Long, but no frame: it is read, and found wanting.
  probe.socket.send(new Uint8Array(FRAME_LIMITS.bytes).fill(1));
  assertEquals((await probe.closed).code, 4400);

  const over = await Probe.open(service, await service.mint());
  await over.next("resume");
  over.socket.send(new Uint8Array(FRAME_LIMITS.bytes + 1).fill(1));
  assertEquals((await over.closed).code, 1009);
});

Deno.test("a stream closes 1009 on fragments that add up to too much, before they end", async () => {
  await using service = await startTestService();
  const { status, connection } = await upgrade(service, [
    ["Origin", SITE],
    ["Sec-WebSocket-Protocol", `${SUBPROTOCOL}, ${await service.mint()}`],
  ]);
  assertEquals(status, 101);
  const part = new Uint8Array(16 * 1024).fill(1);
  await writeAll(connection, protocolFrame(BINARY, part, false));
  for (let i = 0; i < 4; i++) {
    // Never the final one: a server that waits for the end would go on buffering.
    await writeAll(connection, protocolFrame(CONTINUATION, part, false));
  }
  const answers = await readUntilClose(connection);
  assertEquals(closeCodeOf(answers), 1009);
  connection.close();
});

Deno.test("a stream closes 4429 on a flood of frames, and goes on at the rate of a page", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  await probe.next("resume");
  for (let second = 0; second < 30; second++) {
    service.clock.nowMs += 1000;
    for (let i = 1; i <= 40; i++) probe.send(marks(40 * second + i, 1));
    // Every 32nd frame is committed at once: with its acknowledgement the queue is as good as empty.
    const due = 32 * Math.floor(40 * (second + 1) / 32);
    await probe.next("ack", 0, ({ sequence }) => sequence >= due);
  }
  assertEquals(probe.messages.filter(({ type }) => type === "error"), []);
  for (let i = 1201; i <= 1601; i++) probe.send(marks(i, 1));
  assertEquals(await probe.closed, { code: 4429, reason: "rate_exceeded" });
  // What is left of a burst of 400 after the last second's 40.
  assertEquals(await durableOf(service), { 1: 1560 });
});

Deno.test("a stream closes 4429 on a flood of events in few frames", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint());
  for (let i = 1; i <= 9; i++) probe.send(marks(i, 5000));
  assertEquals(await probe.closed, { code: 4429, reason: "rate_exceeded" });
  assertEquals(await durableOf(service), { 1: 8 });
});

Deno.test("a stream has frames wait for the models, and closes 4429 when too many wait", async () => {
  const models = Promise.withResolvers<ModelSet>();
  await using service = await startTestService({ models: models.promise });
  const patient = await Probe.open(service, await service.mint());
  for (const frame of FRAMES.slice(0, 5)) patient.send(frame);
  const pushing = await Probe.open(service, await service.mint());
  for (let i = 1; i <= 513; i++) {
    pushing.send({ ...marks(i, 1), stream: 2 });
    if (i % 40 === 0) {
      await pushing.reached();
      service.clock.nowMs += 1000;
    }
  }
  await pushing.reached();
  assertEquals(patient.messages, []);
  models.resolve(SMALL_MODELS);
  assertEquals(await pushing.closed, { code: 4429, reason: "queue_full" });
  await settle(service, patient);
  assertEquals(patient.messages[0]?.type, "resume");
  await patient.close();
  assertEquals(await durableOf(service), { 1: 5, 2: 512 });
});

Deno.test("a replayed stream is slowed, not cut off, and loses nothing", async () => {
  await using service = await startTestService();
  const probe = await Probe.open(service, await service.mint({ replay: true }));
  // Far ahead of the clock, far above the rate, far more than may wait.
  const frames = Array.from({ length: 3200 }, (_, i) => ({
    stream: 1,
    sequence: i + 1,
    events: [{ kind: "mark", timeMs: START_MS + 60_000 * i, mark: "focus" } as const],
  }));
  for (const frame of frames) probe.send(frame);
  await probe.next("ack", 0, ({ sequence }) => sequence === 3200);
  await probe.close();
  assertEquals(await durableOf(service), { 1: 3200 });
});

Deno.test("a stream closes 4422 on time that has not passed, for the socket that claims it alone", async () => {
  await using service = await startTestService();
  const [honest, hasty] = [
    await Probe.open(service, await service.mint()),
    await Probe.open(service, await service.mint()),
  ];
  honest.send(FRAMES[0]!);
  await settle(service, honest);
  const later = START_MS + 10 * 60_000;
  hasty.send({ stream: 2, sequence: 1, events: [{ kind: "mark", timeMs: later, mark: "focus" }] });
  hasty.send({ ...FRAMES[1]!, stream: 2, sequence: 2 });
  assertEquals(await hasty.closed, { code: 4422, reason: "time_implausible" });
  const from = honest.messages.length;
  honest.send(FRAMES[1]!);
  await settle(service, honest, from);
  await honest.close();
  assertEquals(await durableOf(service), { 1: 2 });
});
