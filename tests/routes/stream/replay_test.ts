import { assert, assertEquals } from "@std/assert";
import { openSession } from "../../../core/session.ts";
import { listAlerts } from "../../../core/store/sessions.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { getSession } from "../../../core/store/sessions.ts";
import type { Frame, StreamEvent } from "../../../core/wire.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { framesOf, START_MS } from "../../core/live_sessions.ts";
import { jittered, moved, throughWire } from "../../core/models/replay/copies.ts";
import { startTestService, type TestService } from "../test_service.ts";
import { type Closed, COMMIT_MS, Probe, settle } from "./probe.ts";

const TYPED = throughWire(createTypist(1).type(150, START_MS));
const WALKED = throughWire(createHand(3).move(60_000, START_MS));
/** The recording is played an hour later. */
const LATER_MS = 3_600_000;
const later = (events: readonly StreamEvent[]) => moved(events, (ms) => ms + LATER_MS);

function framesBy(stream: number, events: readonly StreamEvent[], fromSequence = 1): Frame[] {
  return framesOf(events, fromSequence, 20).map((frame) => ({ ...frame, stream }));
}

/** Opens a session and sends frames over a socket of its own, at the moment of their last event. */
async function open(service: TestService, session: string, subject = "ada"): Promise<Probe> {
  const probe = await Probe.open(service, await service.mint({ session, subject }));
  await probe.next("resume");
  return probe;
}

function send({ clock }: TestService, probe: Probe, frames: readonly Frame[]): void {
  const newestMs = frames.flatMap(({ events }) => events.map(({ timeMs }) => timeMs));
  clock.nowMs = Math.max(clock.nowMs, Math.ceil(Math.max(...newestMs)));
  for (const frame of frames) probe.send(frame);
}

/** A person's stay, accepted and over. */
async function stay(
  service: TestService,
  session: string,
  frames: readonly Frame[],
): Promise<void> {
  const probe = await open(service, session);
  send(service, probe, frames);
  await settle(service, probe);
  await probe.close();
  await service.idle();
}

const REFUSED: Closed = { code: 4403, reason: "replay_detected" };

Deno.test("a recorded stream sent again, byte for byte, under a new ticket and session is refused", async () => {
  await using service = await startTestService();
  const frames = framesBy(77, TYPED);
  await stay(service, "a", frames);
  const probe = await open(service, "b");
  send(service, probe, frames.slice(0, 1));
  assertEquals(await probe.closed, REFUSED);
  await service.idle();
  const record = await getSession(service.kv, DEFAULT_TENANT, "b", service.clock.nowMs);
  assertEquals(record?.strokes, 0);
  assertEquals(record?.action, "step_up");
});

for (const [what, recording] of [["typing", TYPED], ["movement", WALKED]] as const) {
  Deno.test(`recorded ${what} in frames of another stream, shifted, is refused and on record`, async () => {
    await using service = await startTestService();
    await stay(service, "a", framesBy(1, recording));
    const probe = await open(service, "b");
    send(service, probe, framesBy(2, later(recording)));
    assertEquals(await probe.closed, REFUSED);
    // Nothing is applied from there on, and the page of the session is told.
    await service.idle();
    const record = await getSession(service.kv, DEFAULT_TENANT, "b", service.clock.nowMs);
    assert(record!.strokes < TYPED.length / 2);
    assertEquals(record!.action, "step_up");
    const { items } = await listAlerts(service.kv, DEFAULT_TENANT, service.clock.nowMs, {
      limit: 10,
    });
    assertEquals(items.map(({ session }) => session), ["b"]);
    assert(items[0]!.reasons[0]!.key.startsWith("replayed"));
  });

  Deno.test(`recorded ${what} with a jitter of 5 ms asks for a step-up`, async () => {
    await using service = await startTestService();
    await stay(service, "a", framesBy(1, recording));
    const probe = await open(service, "b");
    send(service, probe, framesBy(2, jittered(later(recording), 5)));
    assertEquals((await probe.next("action")).action, "step_up");
    probe.socket.terminate();
    await probe.closed;
  });
}

Deno.test("a recording played back into the session that it was taken of is refused", async () => {
  await using service = await startTestService();
  const probe = await open(service, "a");
  send(service, probe, framesBy(1, TYPED));
  const tab = await open(service, "a");
  send(service, tab, framesBy(2, later(TYPED)));
  assertEquals(await tab.closed, REFUSED);
  // The other page stays: it is told what the session has come to.
  assertEquals((await probe.next("action")).action, "step_up");
  await probe.close();
});

Deno.test("a refused stream gets no further by connecting again", async () => {
  await using service = await startTestService();
  await stay(service, "a", framesBy(1, TYPED));
  const copy = framesBy(2, later(TYPED));
  let applied = -1;
  for (let times = 0; times < 4; times++) {
    const probe = await open(service, "b");
    const { streams } = await probe.next("resume");
    if (applied >= 0) assertEquals(streams[2] ?? 0, applied);
    applied = streams[2] ?? 0;
    send(service, probe, copy.slice(applied));
    assertEquals(await probe.closed, REFUSED);
    await service.idle();
    if (times === 0) {
      applied = await open(service, "b").then(async (again) => {
        const resumed = await again.next("resume");
        await again.close();
        await service.idle();
        return resumed.streams[2] ?? 0;
      });
    }
  }
});

Deno.test("a person who types on, or the same words once more, is let pass", async () => {
  await using service = await startTestService();
  const ada = createTypist(1);
  const text = "Dear all, please find the numbers of this week below, and tell me what you think. ";
  for (let time = 0; time < 4; time++) {
    const typed = throughWire(ada.type(text, START_MS + time * LATER_MS));
    await stay(service, `s${time}`, framesBy(time + 1, typed));
    const record = await getSession(service.kv, DEFAULT_TENANT, `s${time}`, service.clock.nowMs);
    assertEquals(record?.action, "allow");
  }
});

Deno.test("the recording of one subject is no replay in another's name: it is judged as theirs", async () => {
  await using service = await startTestService();
  await stay(service, "a", framesBy(1, TYPED));
  const probe = await open(service, "b", "eve");
  send(service, probe, framesBy(1, TYPED));
  await settle(service, probe);
  await probe.close();
});

Deno.test("frames resent to another process, in the same session or the next, are taken once and refused nowhere", async () => {
  await using service = await startTestService();
  const frames = framesBy(5, TYPED);
  const probe = await open(service, "a");
  send(service, probe, frames.slice(0, 3));
  await settle(service, probe);
  send(service, probe, frames.slice(3, 5));
  await probe.reached();
  // Another process goes on with the session; what this one had not committed it takes anew.
  const elsewhere = await openSession(
    { ...service.deps, models: await service.deps.models },
    { tenant: DEFAULT_TENANT, subject: "ada", session: "a" },
  );
  assertEquals(elsewhere.durable.get(5), 3);
  for (const frame of frames.slice(1)) await elsewhere.receive(frame);
  await elsewhere.commit();
  assertEquals(elsewhere.decision.action, "allow");
  while (!service.timers.elapse(COMMIT_MS)) await probe.reached();
  assertEquals((await probe.closed).code, 4409);

  // The same page under a ticket of another session: it is told how far it has come, and goes on.
  const next = await Probe.open(service, await service.mint({ session: "b" }));
  const { streams } = await next.next("resume");
  assertEquals(streams[5], frames.length);
  const ada = createTypist(1);
  ada.type(150, START_MS);
  const more = throughWire(ada.type(40, TYPED.at(-1)!.timeMs + 2000));
  send(service, next, framesBy(5, more, frames.length + 1));
  await settle(service, next);
  await next.close();
});
