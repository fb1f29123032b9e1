/** What a page's collector sends, read back out of the very bytes that leave. */
import { batch, type Signal, signal } from "@preact/signals";
import { decodeFrame, type ServerMessage, type StreamEvent } from "../../core/wire.ts";
import { type Zone, ZONES } from "../../core/zones.ts";

/** One frame on its way. */
export interface SentFrame {
  readonly stream: number;
  readonly sequence: number;
  readonly bytes: number;
  readonly words: string;
  readonly isAcknowledged: boolean;
}

export interface Totals {
  readonly frames: number;
  readonly bytes: number;
  readonly acknowledged: number;
  readonly strokes: Readonly<Record<Zone, number>>;
  readonly pointerSamples: number;
  /** Over the last frame that held any, 1/s. */
  readonly pointerRateHz: number | undefined;
}

const NO_STROKES = Object.fromEntries(ZONES.map((zone) => [zone, 0])) as Record<Zone, number>;
const NOTHING: Totals = {
  frames: 0,
  bytes: 0,
  acknowledged: 0,
  strokes: NO_STROKES,
  pointerSamples: 0,
  pointerRateHz: undefined,
};
const FRAMES_SHOWN = 8;

export const ZONE_WORDS: Readonly<Record<Zone, string>> = {
  letter: "letter",
  digit: "digit",
  punctuation: "punctuation",
  space: "space",
  erase: "erase",
  enterOrTab: "enter or tab",
  modifier: "modifier",
  navigation: "navigation",
  other: "other",
};

export class Inspection {
  readonly totals: Signal<Totals> = signal(NOTHING);
  /** The last few, newest first. */
  readonly frames: Signal<readonly SentFrame[]> = signal([]);
  /** How far the service has said to hold what was sent, by stream. */
  readonly #acknowledged = new Map<number, number>();
  /** Highest number seen, by stream: what is sent again is the same frame. */
  readonly #sent = new Map<number, number>();

  /** Looks on while `socket` is used; hands the same socket back. */
  watch(socket: WebSocket): WebSocket {
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      send(data);
      if (data instanceof Uint8Array) this.#take(data);
    };
    socket.addEventListener("message", ({ data }) => this.#hear(String(data)));
    return socket;
  }

  clear(): void {
    this.totals.value = NOTHING;
    this.frames.value = [];
  }

  #take(bytes: Uint8Array): void {
    const { stream, sequence, events } = decodeFrame(bytes);
    if (sequence <= (this.#sent.get(stream) ?? 0)) return;
    this.#sent.set(stream, sequence);
    const now = this.totals.value;
    const strokes = { ...now.strokes };
    for (const event of events) if (event.kind === "stroke") strokes[event.zone]++;
    const samples = events.filter(({ kind }) => kind === "pointer");
    const frame = {
      stream,
      sequence,
      bytes: bytes.length,
      words: eventsWords(events),
      isAcknowledged: false,
    };
    batch(() => {
      this.totals.value = {
        frames: now.frames + 1,
        bytes: now.bytes + bytes.length,
        acknowledged: now.acknowledged,
        strokes,
        pointerSamples: now.pointerSamples + samples.length,
        pointerRateHz: rateHz(samples) ?? now.pointerRateHz,
      };
      this.frames.value = [frame, ...this.frames.value].slice(0, FRAMES_SHOWN);
    });
  }

  #hear(text: string): void {
    const message = messageOf(text);
    const durable = message?.type === "resume"
      ? Object.entries(message.streams)
      : message?.type === "ack"
      ? [[message.stream, message.sequence] as const]
      : [];
    if (durable.length === 0) return;
    for (const [stream, sequence] of durable) {
      this.#acknowledged.set(Number(stream), sequence);
    }
    batch(() => {
      const acknowledged = [...this.#acknowledged].reduce(
        (sum, [stream, sequence]) => sum + Math.min(sequence, this.#sent.get(stream) ?? 0),
        0,
      );
      this.totals.value = { ...this.totals.value, acknowledged };
      this.frames.value = this.frames.value.map((frame) => ({
        ...frame,
        isAcknowledged: frame.sequence <= (this.#acknowledged.get(frame.stream) ?? 0),
      }));
    });
  }
}

function messageOf(text: string): ServerMessage | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Samples a second over their own time; fewer than two tell none. */
function rateHz(samples: readonly StreamEvent[]): number | undefined {
  if (samples.length < 2) return undefined;
  const spanMs = samples.at(-1)!.timeMs - samples[0]!.timeMs;
  return spanMs > 0 ? 1000 * (samples.length - 1) / spanMs : undefined;
}

/** "3 strokes (2 letter, 1 space), 14 pointer samples, paste". */
export function eventsWords(events: readonly StreamEvent[]): string {
  const counts = new Map<string, number>();
  const zones = new Map<Zone, number>();
  const marks: string[] = [];
  for (const event of events) {
    if (event.kind === "mark") marks.push(MARK_WORDS[event.mark]);
    else if (event.kind === "clock") marks.push(`clock in steps of ${event.quantumMs} ms`);
    else if (event.kind === "device") marks.push(`a ${event.device}`);
    else counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
    if (event.kind === "stroke") zones.set(event.zone, (zones.get(event.zone) ?? 0) + 1);
  }
  const said = [...counts].map(([kind, count]) => {
    const [one, many] = KIND_WORDS[kind as keyof typeof KIND_WORDS];
    const words = `${count} ${count === 1 ? one : many}`;
    if (kind !== "stroke") return words;
    return `${words} (${[...zones].map(([zone, n]) => `${n} ${ZONE_WORDS[zone]}`).join(", ")})`;
  });
  return [...said, ...marks].join(", ") || "nothing";
}

const KIND_WORDS = {
  stroke: ["stroke", "strokes"],
  pointer: ["pointer sample", "pointer samples"],
  button: ["press of a button", "presses of a button"],
  wheel: ["wheel step", "wheel steps"],
  trust: ["count of events by a script", "counts of events by a script"],
} as const;

const MARK_WORDS = {
  focus: "page came into focus",
  blur: "page lost focus",
  visible: "page came into view",
  hidden: "page went out of view",
  paste: "something was pasted",
  drop: "something was dropped",
  autofill: "a field was filled in by the browser",
  composition: "an input method was used",
  repeat: "a key repeated",
  lost: "events were dropped",
} as const;
