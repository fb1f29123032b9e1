import { assert, assertEquals } from "@std/assert";
import { decodeFrame, type Frame, type Stroke } from "../../../core/wire.ts";
import type { StartOptions } from "../../../islands/collector/collector.d.ts";
import { Transport } from "../../../islands/collector/transport.ts";

/** The far end of one connection, played by the test. */
class FarEnd {
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  bufferedAmount = 0;
  readyState = WebSocket.OPEN as number;
  closed = false;
  readonly frames: Frame[] = [];

  constructor(readonly url: string, readonly protocols: string[]) {}

  send(bytes: Uint8Array): void {
    this.frames.push(decodeFrame(bytes));
  }

  close(): void {
    this.closed = true;
    this.readyState = WebSocket.CLOSING;
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  get sequences(): number[] {
    return this.frames.map(({ sequence }) => sequence);
  }
}

/** A world whose clock moves only when it is told to; the jitter takes the whole bound. */
function world(options: Partial<StartOptions> = {}) {
  let nowMs = 0;
  let timers: { id: number; atMs: number; run: () => void }[] = [];
  let ids = 0;
  const ends: FarEnd[] = [];
  const states: string[] = [];
  const state = { hidden: false };
  let tickets = 0;
  const transport = new Transport(
    { endpoint: "https://gait.example", ticket: () => `t${++tickets}`, ...options },
    {
      nowMs: () => nowMs,
      random: () => 1,
      setTimer: (run, delayMs) => {
        timers.push({ id: ++ids, atMs: nowMs + delayMs, run });
        return ids;
      },
      clearTimer: (timer) => timers = timers.filter(({ id }) => id !== timer),
      openSocket: (url, protocols) => {
        const end = new FarEnd(url, protocols);
        ends.push(end);
        return end as unknown as WebSocket;
      },
      isHidden: () => state.hidden,
    },
  );
  transport.addEventListener("state", (event) => {
    const { state, code } = (event as CustomEvent).detail;
    states.push(code ? `${state}:${code}` : state);
  });
  /** Lets time pass, timers run and tickets arrive. */
  const pass = async (ms: number) => {
    await tick();
    for (const untilMs = nowMs + ms; nowMs < untilMs;) {
      const next = Math.min(untilMs, ...timers.map(({ atMs }) => atMs));
      nowMs = Math.max(nowMs, next);
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter(({ atMs }) => atMs > nowMs);
      for (const { run } of due) run();
      await tick();
    }
  };
  const type = (timeMs: number) => transport.push(stroke(timeMs));
  const resume = (sequence = 0) =>
    ends.at(-1)!.say({ type: "resume", session: "s", streams: { [transport.stream]: sequence } });
  const acknowledge = (sequence: number, stream = transport.stream) =>
    ends.at(-1)!.say({ type: "ack", stream, sequence });
  const hangUp = (code: number, reason = "") => ends.at(-1)!.onclose?.({ code, reason });
  return { transport, ends, states, state, pass, type, resume, acknowledge, hangUp };
}

const stroke = (timeMs: number): Stroke => ({ kind: "stroke", timeMs, holdMs: 9, zone: "letter" });
const tick = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));

async function opened(options?: Partial<StartOptions>) {
  const all = world(options);
  all.transport.open();
  await all.pass(0);
  all.resume();
  return all;
}

Deno.test("Transport offers the subprotocol and the ticket, nothing in the URL", async () => {
  const { ends } = await opened();
  assertEquals(ends[0]!.url, "wss://gait.example/v1/stream");
  assertEquals(ends[0]!.protocols, ["gaitkeeper.v1", "t1"]);
});

Deno.test("Transport takes an origin or the stream itself for its endpoint", () => {
  const url = (endpoint: string) => world({ endpoint }).transport.url.href;
  assertEquals(url("http://localhost:3000"), "ws://localhost:3000/v1/stream");
  assertEquals(url("wss://gait.example/eu/v1/stream"), "wss://gait.example/eu/v1/stream");
});

Deno.test("Transport sends nothing before the service has said where it stands", async () => {
  const { transport, ends, type, pass, resume } = world();
  transport.open();
  type(1);
  await pass(1000);
  assertEquals(ends[0]!.frames, []);
  resume();
  assertEquals(ends[0]!.frames.map(({ events }) => events.length), [1]);
});

Deno.test("Transport gathers events for a flush, and 4 KiB at once", async () => {
  const { ends, type, pass } = await opened({ flushMs: 300 });
  type(1);
  type(2);
  await pass(299);
  assertEquals(ends[0]!.frames.length, 0);
  await pass(1);
  assertEquals(ends[0]!.frames.length, 1);
  for (let i = 0; i < 512; i++) type(i);
  assertEquals(ends[0]!.frames.length, 2);
});

Deno.test("Transport resends what is not durable, in order, before what is new", async () => {
  const { ends, type, pass, hangUp, resume } = await opened();
  for (const timeMs of [1, 2, 3]) {
    type(timeMs);
    await pass(500);
  }
  hangUp(1006);
  type(4);
  await pass(1000);
  assertEquals(ends.length, 2);
  resume(1);
  assertEquals(ends[1]!.sequences, [2, 3, 4]);
});

Deno.test("Transport tries again after delays that double, and anew after an acknowledgement", async () => {
  const { ends, type, pass, hangUp, resume, acknowledge } = await opened();
  const delayMs = async () => {
    const before = ends.length;
    hangUp(1011);
    for (let ms = 0; ms < 100_000; ms += 500) {
      if (ends.length > before) return ms;
      await pass(500);
    }
  };
  assertEquals([await delayMs(), await delayMs(), await delayMs()], [1000, 2000, 4000]);
  resume();
  type(1);
  await pass(500);
  acknowledge(1);
  assertEquals(await delayMs(), 1000);
  hangUp(4429);
  await pass(15_999);
  const before = ends.length;
  await pass(1);
  assertEquals(ends.length, before + 1);
});

Deno.test("Transport sends a long gap in bursts, not at once", async () => {
  const { ends, type, pass, hangUp, resume } = await opened();
  hangUp(1006);
  for (let i = 0; i < 512 * 20; i++) type(i);
  await pass(1000);
  resume();
  const sent = [ends[1]!.frames.length];
  while (sent.at(-1)! < 20) {
    await pass(400);
    sent.push(ends[1]!.frames.length);
  }
  const bursts = sent.map((frames, at) => frames - (sent[at - 1] ?? 0));
  assert(bursts.length > 2 && bursts.every((frames) => frames > 0 && frames <= 8), `${bursts}`);
});

Deno.test("Transport waits while the browser itself holds much unsent", async () => {
  const { ends, type, pass } = await opened();
  ends[0]!.bufferedAmount = 1 << 20;
  type(1);
  await pass(2000);
  assertEquals(ends[0]!.frames, []);
  ends[0]!.bufferedAmount = 0;
  await pass(400);
  assertEquals(ends[0]!.frames.length, 1);
});

Deno.test("Transport leaves a connection that acknowledges nothing for 30 s", async () => {
  const { ends, type, pass } = await opened();
  for (let i = 0; i < 70; i++) {
    type(i);
    await pass(450);
  }
  assert(ends[0]!.closed);
  await pass(1000);
  assertEquals(ends.length, 2);
});

Deno.test("Transport leaves a connection that does not come up in 30 s", async () => {
  const { transport, ends, pass } = world();
  transport.open();
  await pass(31_000);
  assertEquals([ends.length, ends[0]!.closed], [2, true]);
});

Deno.test("Transport fetches a new ticket when one is refused, and gives up after five", async () => {
  const { ends, states, pass, hangUp, transport } = world();
  transport.open();
  for (let i = 0; i < 5; i++) {
    await pass(16_000);
    hangUp(4401);
  }
  assertEquals(ends.map(({ protocols }) => protocols[1]), ["t1", "t2", "t3", "t4", "t5"]);
  assertEquals(states.at(-1), "failed:ticket_invalid");
});

Deno.test("Transport serves one connection on a ticket that is a string", async () => {
  const { ends, states, pass, hangUp } = await opened({ ticket: "once" });
  hangUp(1006);
  await pass(60_000);
  assertEquals(ends.length, 1);
  assertEquals(states.at(-1), "failed:ticket_spent");
});

Deno.test("Transport tries again when no ticket can be fetched", async () => {
  let tries = 0;
  const { ends, transport, pass } = world({
    ticket: () => ++tries < 3 ? Promise.reject(new Error("offline")) : "t",
  });
  transport.open();
  await pass(4000);
  assertEquals([tries, ends.length], [3, 1]);
});

for (const code of [4400, 4403, 4413, 4422]) {
  Deno.test(`Transport gives up at close code ${code}`, async () => {
    const { ends, transport, type, pass, hangUp } = await opened();
    hangUp(code);
    type(1);
    await pass(60_000);
    assertEquals([transport.state, ends.length], ["failed", 1]);
  });
}

Deno.test("Transport names the error that the service named before it hung up", async () => {
  const { ends, states, hangUp } = await opened();
  ends[0]!.say({ type: "error", code: "time_implausible", message: "…" });
  hangUp(4400, "frame_malformed");
  assertEquals(states.at(-1), "failed:time_implausible");
});

Deno.test("Transport names the reason that it was hung up for", async () => {
  const { states, hangUp } = await opened();
  hangUp(4403, "origin_refused");
  assertEquals(states.at(-1), "failed:origin_refused");
});

Deno.test("Transport, superseded, comes back for new input on a page that is seen", async () => {
  const { transport, ends, state, type, pass, hangUp } = await opened();
  hangUp(4409);
  transport.push({ kind: "mark", timeMs: 1, mark: "visible" });
  await pass(60_000);
  assertEquals(ends.length, 1);
  state.hidden = true;
  type(2);
  await pass(0);
  assertEquals(ends.length, 1);
  state.hidden = false;
  type(3);
  await pass(0);
  assertEquals(ends.length, 2);
});

Deno.test("Transport opens nothing for a hidden page with nothing to send", async () => {
  const { transport, ends, state, type, pass } = world();
  state.hidden = true;
  transport.open();
  await pass(60_000);
  assertEquals(ends.length, 0);
  type(1);
  await pass(0);
  assertEquals(ends.length, 1);
});

Deno.test("Transport at rest delivers, hangs up once all is durable, and stays away", async () => {
  const { transport, ends, type, pass, acknowledge } = await opened();
  type(1);
  transport.rest();
  assertEquals([ends[0]!.sequences, ends[0]!.closed], [[1], false]);
  acknowledge(1);
  assert(ends[0]!.closed);
  await pass(60_000);
  assertEquals(ends.length, 1);
  transport.open();
  await pass(0);
  assertEquals(ends.length, 2);
});

Deno.test("Transport opens no connection for a ticket that comes after close()", async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { transport, ends, pass } = world({ ticket: () => promise });
  transport.open();
  transport.close();
  resolve("late");
  await pass(60_000);
  assertEquals([transport.state, ends.length], ["stopped", 0]);
});

Deno.test("Transport heeds only acknowledgements of its own stream", async () => {
  const { transport, ends, type, pass, acknowledge, hangUp, resume } = await opened();
  type(1);
  await pass(400);
  acknowledge(9, (transport.stream + 1) >>> 0);
  hangUp(1006);
  await pass(1000);
  resume();
  assertEquals(ends[1]!.sequences, [1]);
});

Deno.test("Transport is not put off by answers that make no sense", async () => {
  const { ends, transport } = await opened();
  for (const data of ["", "null", "7", "{", "[]", '{"type":"resume"}', new ArrayBuffer(3)]) {
    ends[0]!.onmessage?.({ data });
  }
  assertEquals(transport.state, "open");
});
