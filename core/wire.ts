/**
 * What crosses the socket: event kinds, the binary frame codec, the server's messages, the limits.
 * Shared by browser and server on purpose.
 *
 * A frame is: version (1 byte), stream, sequence, base time, count (varints), then the events. An
 * event is one byte (kind in the low nibble, detail in the high one), the zigzag varint of its time
 * less the time of the event before it, and the kind's own fields. Times travel in ticks of 0.1 ms,
 * the finest clock a browser hands out. Varints are little-endian base 128, shortest form only, so
 * that one frame has one spelling.
 */
import { GaitkeeperError } from "./error.ts";
import { type Zone, ZONES } from "./zones.ts";

/** The WebSocket subprotocol; the ticket follows it as the second one offered. */
export const SUBPROTOCOL = "gaitkeeper.v1";

/** First byte of every frame. */
export const WIRE_VERSION = 1;

/** What one frame may hold; more is refused before it is read. */
export const FRAME_LIMITS = { bytes: 64 * 1024, events: 8192 } as const;

export const MARKS = [
  "focus",
  "blur",
  "visible",
  "hidden",
  "paste",
  "drop",
  "autofill",
  "composition",
  "repeat",
  "lost",
] as const;
/**
 * A fact about the input, never its content. `lost` says that the collector's bounded buffer
 * dropped events here, so no interval may be read across it.
 */
export type MarkName = typeof MARKS[number];

export const DEVICES = ["mouse", "touch", "pen", "unknown"] as const;
/** Input-device class of the pointer samples that follow. */
export type Device = typeof DEVICES[number];

/** One key press with its release: press time, hold (dwell) in ms, zone. */
export type Stroke = { kind: "stroke"; timeMs: number; holdMs: number; zone: Zone };
/** Movement since the last sample, whole CSS pixels; `dragging` while a button is down. */
export type PointerSample = {
  kind: "pointer";
  timeMs: number;
  dx: number;
  dy: number;
  dragging: boolean;
};
/** One button press with its release; `button` as in `MouseEvent.button`, 0 to 4. */
export type ButtonPress = { kind: "button"; timeMs: number; dwellMs: number; button: number };
/** One wheel step, whole CSS pixels, down and right positive. */
export type WheelStep = { kind: "wheel"; timeMs: number; dx: number; dy: number };
export type Mark = { kind: "mark"; timeMs: number; mark: MarkName };
/** The coarsest step seen in event timestamps, ms. Evidence finer than this is refused. */
export type ClockQuantum = { kind: "clock"; timeMs: number; quantumMs: number };
export type DeviceClass = { kind: "device"; timeMs: number; device: Device };
/** Counts of events by `isTrusted` since the last such event. */
export type TrustCounts = { kind: "trust"; timeMs: number; trusted: number; untrusted: number };

/** `timeMs` is milliseconds since the Unix epoch by the browser's monotonic clock. */
export type StreamEvent =
  | Stroke
  | PointerSample
  | ButtonPress
  | WheelStep
  | Mark
  | ClockQuantum
  | DeviceClass
  | TrustCounts;

/**
 * `stream` names one run of one collector (a page load) and `sequence` counts its frames from 1,
 * so two pages of one session cannot mistake each other's acknowledgements.
 */
export type Frame = { stream: number; sequence: number; events: readonly StreamEvent[] };

/** Server to client, JSON text. A decision travels; the score does not. */
export type ServerMessage =
  /** First message of a connection: the last durable sequence number of each known stream. */
  | { type: "resume"; session: string; streams: Record<string, number> }
  /** `sequence` and everything before it on `stream` is durable. */
  | { type: "ack"; stream: number; sequence: number }
  | { type: "action"; action: "allow" | "step_up" | "block"; level: string; alert?: string }
  | { type: "error"; code: string; message: string };

const TICKS_PER_MS = 10;
const KINDS = ["stroke", "pointer", "button", "wheel", "mark", "clock", "device", "trust"] as const;

/** Rounds a time or duration in ms to what the wire can carry. */
export function toWirePrecision(ms: number): number {
  return Math.round(ms * TICKS_PER_MS) / TICKS_PER_MS;
}

/** Encodes a frame. Times and durations are rounded to 0.1 ms, counts and pixels to whole numbers. */
export function encodeFrame({ stream, sequence, events }: Frame): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [WIRE_VERSION];
  const put = (value: number) => {
    while (value >= 128) {
      bytes.push(value % 128 + 128);
      value = Math.floor(value / 128);
    }
    bytes.push(value);
  };
  const putSigned = (value: number) => put(value < 0 ? -2 * value - 1 : 2 * value);
  const ticks = (ms: number) => Math.round(ms * TICKS_PER_MS);

  let clock = events.length ? ticks(events[0]!.timeMs) : 0;
  for (const value of [stream, sequence, clock, events.length]) put(value);
  for (const event of events) {
    bytes.push(KINDS.indexOf(event.kind) + 16 * detailOf(event));
    const time = ticks(event.timeMs);
    putSigned(time - clock);
    clock = time;
    if (event.kind === "stroke") put(ticks(event.holdMs));
    else if (event.kind === "button") put(ticks(event.dwellMs));
    else if (event.kind === "clock") put(ticks(event.quantumMs));
    else if (event.kind === "trust") {
      put(event.trusted);
      put(event.untrusted);
    } else if (event.kind === "pointer" || event.kind === "wheel") {
      putSigned(Math.round(event.dx));
      putSigned(Math.round(event.dy));
    }
  }
  return Uint8Array.from(bytes);
}

function detailOf(event: StreamEvent): number {
  switch (event.kind) {
    case "stroke":
      return ZONES.indexOf(event.zone);
    case "pointer":
      return event.dragging ? 1 : 0;
    case "button":
      return event.button;
    case "mark":
      return MARKS.indexOf(event.mark);
    case "device":
      return DEVICES.indexOf(event.device);
    default:
      return 0;
  }
}

/**
 * Decodes one frame, which must fill `bytes` exactly.
 * @throws {GaitkeeperError} `frame_too_large`, `unsupported_version`, `frame_malformed`.
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length > FRAME_LIMITS.bytes) {
    throw new GaitkeeperError(
      "frame_too_large",
      `Cannot read frame: it must be at most ${FRAME_LIMITS.bytes} bytes, got ${bytes.length}`,
    );
  }
  if (bytes[0] !== WIRE_VERSION) {
    throw new GaitkeeperError(
      "unsupported_version",
      `Cannot read frame: version must be ${WIRE_VERSION}, got ${bytes[0]}`,
    );
  }
  let at = 1;
  const take = (): number => {
    let value = 0;
    for (let scale = 1;; scale *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw malformed("it ends inside a number");
      value += byte % 128 * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw malformed("a number is above 2^53 - 1");
      if (byte < 128) {
        if (byte === 0 && scale > 1) throw malformed("a number is not in its shortest form");
        return value;
      }
    }
  };
  const takeSigned = (): number => {
    const value = take();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };

  const [stream, sequence, baseTicks, count] = [take(), take(), take(), take()];
  if (stream > 0xffff_ffff) throw malformed("the stream is above 2^32 - 1");
  if (count > FRAME_LIMITS.events) throw malformed(`it announces ${count} events`);
  if (count === 0 && baseTicks !== 0) throw malformed("it has a base time and no event");
  const events: StreamEvent[] = [];
  let clock = baseTicks;
  for (let i = 0; i < count; i++) {
    const head = bytes[at++];
    if (head === undefined) throw malformed("it ends before its last event");
    const step = takeSigned();
    if (i === 0 && step !== 0) throw malformed("its first event is not at its base time");
    clock += step;
    if (clock < 0) throw malformed("an event lies before the epoch");
    events.push(takeEvent(head, clock / TICKS_PER_MS, take, takeSigned));
  }
  if (at !== bytes.length) throw malformed("bytes follow its last event");
  return { stream, sequence, events };
}

function takeEvent(
  head: number,
  timeMs: number,
  take: () => number,
  takeSigned: () => number,
): StreamEvent {
  const kind = KINDS[head % 16];
  const detail = head >> 4;
  const named = <T>(names: readonly T[]): T => {
    const name = names[detail];
    if (name === undefined) throw malformed(`a ${kind} has the unknown detail ${detail}`);
    return name;
  };
  switch (kind) {
    case "stroke":
      return { kind, timeMs, holdMs: take() / TICKS_PER_MS, zone: named(ZONES) };
    case "pointer":
      return { kind, timeMs, dx: takeSigned(), dy: takeSigned(), dragging: named([false, true]) };
    case "button":
      return { kind, timeMs, dwellMs: take() / TICKS_PER_MS, button: named([0, 1, 2, 3, 4]) };
    case "wheel":
      named([0]);
      return { kind, timeMs, dx: takeSigned(), dy: takeSigned() };
    case "mark":
      return { kind, timeMs, mark: named(MARKS) };
    case "clock":
      named([0]);
      return { kind, timeMs, quantumMs: take() / TICKS_PER_MS };
    case "device":
      return { kind, timeMs, device: named(DEVICES) };
    case "trust":
      named([0]);
      return { kind, timeMs, trusted: take(), untrusted: take() };
    default:
      throw malformed(`it has an event of unknown kind ${head % 16}`);
  }
}

function malformed(why: string): GaitkeeperError {
  return new GaitkeeperError("frame_malformed", `Cannot read frame: ${why}`);
}
