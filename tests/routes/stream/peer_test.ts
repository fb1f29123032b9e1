import { assert, assertEquals } from "@std/assert";
import type { ModelSet } from "../../../core/models/model_set.ts";
import { encodeFrame, SUBPROTOCOL } from "../../../core/wire.ts";
import { Connection } from "../../../routes/stream/connection.ts";
import { SessionRegistry } from "../../../routes/stream/registry.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { framesOf, IDENTITY, START_MS } from "../../core/live_sessions.ts";
import { SMALL_MODELS } from "../../core/small_models.ts";
import { consent, SITE, startTestService, type TestService } from "../test_service.ts";
import { marks, Probe, protocolFrame, readUntilClose, upgrade, writeAll } from "./probe.ts";

const FRAMES = framesOf(createTypist(1).type(20, START_MS));
const PING = 9;
const HEARTBEAT_MS = 30_000;

Deno.test("a stream ends a peer that gives no sign of life, and keeps one that does", async () => {
  await using service = await startTestService();
  const alive = await Probe.open(service, await service.mint());
  await alive.next("resume");
  const { connection } = await upgrade(service, [
    ["Origin", SITE],
    ["Sec-WebSocket-Protocol", `${SUBPROTOCOL}, ${await service.mint({ session: "t" })}`],
  ]);
  let beats = 0;
  const ended = readUntilClose(connection).then(() => "ended");
  for (;;) {
    beats = service.timers.elapse(HEARTBEAT_MS);
    if (beats === 1) break;
    assertEquals(beats, 2);
    // A ping is answered before the next one is sent, so the first answer is in with the second.
    await alive.reached();
    await alive.reached();
  }
  assertEquals(await ended, "ended");
  connection.close();
  await alive.close();
});

Deno.test("a stream ends a peer that asks for answers and never reads them", async () => {
  await using service = await startTestService();
  const { connection } = await upgrade(service, [
    ["Origin", SITE],
    ["Sec-WebSocket-Protocol", `${SUBPROTOCOL}, ${await service.mint()}`],
  ]);
  const pings = protocolFrame(PING, new Uint8Array(125));
  const many = new Uint8Array(pings.length * 4000);
  for (let at = 0; at < many.length; at += pings.length) many.set(pings, at);
  let sentBytes = 0;
  try {
    while (sentBytes < 200e6) {
      await writeAll(connection, many);
      sentBytes += many.length;
    }
  } catch {
    // Cut off, as it should be.
  }
  assert(sentBytes < 200e6, "it was never cut off");
  connection.close();
  await service.idle();
});

/**
 * A connection to a far end that writes down what is done to it. No real socket can be made to hold
 * this much back within a test: the system's buffers take it.
 */
async function connectPeer(service: TestService, { replay = false, unreadBytes = 0 } = {}) {
  await consent(service.deps, IDENTITY.subject);
  const registry = new SessionRegistry(service.deps);
  const told: string[] = [];
  const done: string[] = [];
  const connection = new Connection({
    send: (message) => told.push(message.type),
    close: () => done.push("close"),
    terminate: () => done.push("terminate"),
    pause: () => done.push("pause"),
    resume: () => done.push("resume"),
    unreadBytes,
  }, {
    nowMs: service.deps.nowMs,
    replay,
    consented: false,
    join: (listener) => Promise.resolve(registry.join(IDENTITY, listener)),
  });
  return { connection, registry, told, done };
}

Deno.test("a stream ends a peer that leaves what it is told unread", async () => {
  await using service = await startTestService();
  for (const excess of [0, 1]) {
    const peer = await connectPeer(service, { unreadBytes: 256 * 1024 + excess });
    peer.connection.receive(encodeFrame(FRAMES[excess]!), true);
    await peer.connection.end();
    assertEquals(peer.told, excess ? ["resume"] : ["resume", "ack"]);
    assertEquals(peer.done, excess ? ["terminate"] : ["close"]);
    await peer.connection.left();
    assertEquals(peer.registry.size, 0);
  }
});

Deno.test("a stream stops reading a replay while 64 frames wait, and goes on when 16 do", async () => {
  const models = Promise.withResolvers<ModelSet>();
  await using service = await startTestService({ models: models.promise });
  const { connection, done, told } = await connectPeer(service, { replay: true });
  const ordinary = await connectPeer(service);
  for (let i = 1; i <= 63; i++) {
    connection.receive(encodeFrame(marks(i, 1)), true);
    ordinary.connection.receive(encodeFrame(marks(i, 1)), true);
  }
  assertEquals(done, []);
  connection.receive(encodeFrame(marks(64, 1)), true);
  ordinary.connection.receive(encodeFrame(marks(64, 1)), true);
  assertEquals([done, ordinary.done], [["pause"], []]);
  models.resolve(SMALL_MODELS);
  await connection.end();
  assertEquals([done, told], [["pause", "resume", "close"], ["resume", "ack", "ack"]]);
  await connection.left();
  await ordinary.connection.left();
});
