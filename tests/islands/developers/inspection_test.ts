import { assertEquals } from "@std/assert";
import { encodeFrame, type ServerMessage, type StreamEvent } from "../../../core/wire.ts";
import { eventsWords, Inspection } from "../../../islands/developers/inspection.ts";

/** As much of a socket as is looked at. */
class Line extends EventTarget {
  readonly sent: Uint8Array[] = [];
  send(bytes: Uint8Array): void {
    this.sent.push(bytes);
  }
  hear(message: ServerMessage): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

const stroke = (timeMs: number): StreamEvent => ({
  kind: "stroke",
  timeMs,
  holdMs: 90,
  zone: "letter",
});
const pointer = (timeMs: number): StreamEvent => {
  return { kind: "pointer", timeMs, dx: 1, dy: 1, dragging: false };
};

function watched() {
  const [line, inspection] = [new Line(), new Inspection()];
  const socket = inspection.watch(line as unknown as WebSocket);
  const send = (sequence: number, events: StreamEvent[], stream = 7) =>
    socket.send(encodeFrame({ stream, sequence, events }));
  return { line, inspection, send };
}

Deno.test("Inspection counts what leaves and what came through, and passes every byte on", () => {
  const { line, inspection, send } = watched();
  send(1, [stroke(1000), stroke(1200), pointer(1300), pointer(1308), pointer(1316)]);
  send(2, [stroke(2000)]);
  line.hear({ type: "ack", stream: 7, sequence: 1 });
  const { frames, bytes, acknowledged, strokes, pointerSamples, pointerRateHz } =
    inspection.totals.value;
  assertEquals([frames, acknowledged, strokes.letter, pointerSamples], [2, 1, 3, 3]);
  assertEquals(bytes, line.sent.reduce((sum, { length }) => sum + length, 0));
  assertEquals(Math.round(pointerRateHz!), 125);
  assertEquals(inspection.frames.value.map((frame) => frame.isAcknowledged), [false, true]);
});

Deno.test("Inspection counts a frame that is sent again once", () => {
  const { line, inspection, send } = watched();
  send(1, [stroke(1000)]);
  line.hear({ type: "resume", session: "s", streams: {} });
  send(1, [stroke(1000)]);
  assertEquals([inspection.totals.value.frames, line.sent.length], [1, 2]);
  line.hear({ type: "resume", session: "s", streams: { "7": 1 } });
  assertEquals(inspection.totals.value.acknowledged, 1);
});

Deno.test("Inspection lets nothing that is said to it break the page", () => {
  const { line, inspection, send } = watched();
  line.dispatchEvent(new MessageEvent("message", { data: "no JSON" }));
  send(1, []);
  assertEquals(inspection.totals.value.frames, 1);
});

Deno.test("eventsWords() says what a frame holds in plain words", () => {
  const paste: StreamEvent = { kind: "mark", timeMs: 3, mark: "paste" };
  const space: StreamEvent = { kind: "stroke", timeMs: 4, holdMs: 80, zone: "space" };
  assertEquals(
    eventsWords([stroke(1), stroke(2), paste, space, pointer(5)]),
    "3 strokes (2 letter, 1 space), 1 pointer sample, something was pasted",
  );
  assertEquals(eventsWords([]), "nothing");
});
