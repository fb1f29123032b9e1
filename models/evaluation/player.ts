/**
 * Plays recorded input into one session of a running service, through the real socket, and watches
 * the session's risk.
 */
import { GaitkeeperError } from "../../core/error.ts";
import type { ServerMessage, StreamEvent } from "../../core/wire.ts";
import { type AlertView, mintTicket, readAlerts, readSession } from "./service.ts";
import type { Service, SessionView } from "./service.ts";
import { StreamClient } from "./stream_client.ts";

/** What is played: one person's input after another's. */
export interface Part {
  readonly subject: string;
  /** In time order, on one clock over all parts. */
  readonly events: readonly StreamEvent[];
}

export interface PlayOptions {
  /** Whose session it is said to be. */
  readonly as: string;
  /** The session's id; a new one by default. */
  readonly session?: string;
  /** Times real time; `max`: as fast as the service acknowledges. */
  readonly speed: number | "max";
  /** Frames that may be unacknowledged, {@linkcode WINDOW_FRAMES} by default. */
  readonly window?: number;
  readonly nowMs: () => number;
  readonly delay: (ms: number) => Promise<void>;
  /** Names the stream, 32 bits. */
  readonly stream: number;
  /** Cuts the connection behind a frame, as a failing network does. */
  readonly cutAfter?: (sequence: number) => boolean;
  /** Told each reading of the session and the share played, 0 to 1. */
  readonly onReading?: (reading: Reading, played: number) => void;
}

/** The session as the service had it when `strokes` were durable. */
export interface Reading extends SessionView {
  /** Time into what is played, ms. */
  readonly atMs: number;
  /** Whose input was acknowledged last. */
  readonly playing: string;
}

/** When the service first asked for something. */
export interface StepUp {
  readonly atMs: number;
  /** Strokes played in all, and since the last part began. */
  readonly strokes: number;
  readonly strokesOfPart: number;
  /** Time since the part began, ms. */
  readonly msOfPart: number;
  readonly playing: string;
  readonly level: string;
}

export interface Played {
  readonly session: string;
  readonly readings: readonly Reading[];
  readonly alerts: readonly AlertView[];
  /** Every time the asked action became other than `allow`. */
  readonly stepUps: readonly StepUp[];
  readonly final: SessionView;
}

/** Event time a frame covers, ms. */
export const FRAME_MS = 400;
/** Few enough that the risk is read every dozen seconds of what is played, many enough to be quick. */
export const WINDOW_FRAMES = 32;

/** @throws {GaitkeeperError} when the service refuses or stays away. */
export async function play(
  service: Service,
  parts: readonly Part[],
  options: PlayOptions,
): Promise<Played> {
  const frames = parts.flatMap(framesOf);
  const startMs = frames[0]?.events[0]?.timeMs ?? 0;
  const replay = options.speed !== 1;
  const first = await mintTicket(service, {
    subject: options.as,
    ...options.session ? { session: options.session } : {},
    replay,
  });
  const { session } = first;
  const unused = [first.ticket];
  const watch = new Watch(service, session, frames, options);
  const client: StreamClient = new StreamClient({
    service: service.origin,
    openTicket: async () =>
      unused.pop() ?? (await mintTicket(service, { subject: options.as, session, replay })).ticket,
    stream: options.stream,
    window: options.window ?? WINDOW_FRAMES,
    delay: options.delay,
    onMessage: (message) => watch.take(message, client.acknowledged),
  });
  await client.open();
  try {
    const beganMs = options.nowMs();
    let playing = frames[0]?.subject;
    for (const { subject, events, endMs } of frames) {
      if (subject !== playing) {
        // What is known when somebody else takes over is read before they do.
        await client.settled();
        await watch.caughtUp();
        playing = subject;
      }
      if (options.speed !== "max") {
        const dueMs = beganMs + (endMs - startMs) / options.speed;
        await options.delay(Math.max(0, dueMs - options.nowMs()));
      }
      await client.send(events);
      if (options.cutAfter?.(client.sent)) client.cut();
    }
    await client.settled();
    return await watch.finish();
  } finally {
    client.close();
  }
}

interface TimedFrame {
  readonly subject: string;
  readonly events: readonly StreamEvent[];
  readonly endMs: number;
  /** Strokes of the part up to the frame's end, and time since the part began. */
  readonly strokesOfPart: number;
  readonly msOfPart: number;
}

/** Cuts a part as a collector would have: what came up in each {@linkcode FRAME_MS}. */
function framesOf({ subject, events }: Part): TimedFrame[] {
  const frames: TimedFrame[] = [];
  let strokesOfPart = 0;
  for (let at = 0; at < events.length;) {
    const endMs = events[at]!.timeMs + FRAME_MS;
    let next = at;
    while (next < events.length && events[next]!.timeMs < endMs) next++;
    const slice = events.slice(at, next);
    strokesOfPart += slice.filter(({ kind }) => kind === "stroke").length;
    const msOfPart = endMs - events[0]!.timeMs;
    frames.push({ subject, events: slice, endMs, strokesOfPart, msOfPart });
    at = next;
  }
  return frames;
}

/** Reads the session whenever something new is durable, one reading at a time. */
class Watch {
  readonly #readings: Reading[] = [];
  readonly #stepUps: StepUp[] = [];
  #reading: Promise<void> | undefined;
  #acknowledged = 0;
  #read = 0;
  #failure: unknown;

  constructor(
    readonly service: Service,
    readonly session: string,
    readonly frames: readonly TimedFrame[],
    readonly options: PlayOptions,
  ) {}

  take(message: ServerMessage, acknowledged: number): void {
    this.#acknowledged = acknowledged;
    if (message.type === "ack") this.#reading ??= this.#follow();
    if (message.type !== "action" || message.action === "allow") return;
    const strokes = this.#strokes(acknowledged);
    this.#stepUps.push({ ...this.#place(acknowledged), strokes, level: message.level });
  }

  async caughtUp(): Promise<void> {
    await this.#reading;
    if (this.#failure) throw this.#failure;
  }

  async finish(): Promise<Played> {
    await this.caughtUp();
    const final = await this.#readOnce();
    const alerts = await readAlerts(this.service, this.session);
    const { session } = this;
    return { session, readings: this.#readings, stepUps: this.#stepUps, alerts, final };
  }

  async #follow(): Promise<void> {
    try {
      while (this.#read < this.#acknowledged) await this.#readOnce();
    } catch (cause) {
      // A service that is away is the stream's concern: it comes back, or the stream gives up.
      const isAway = cause instanceof GaitkeeperError && cause.code === "service_unreachable";
      if (!isAway) this.#failure = cause;
    }
    this.#reading = undefined;
  }

  async #readOnce(): Promise<SessionView> {
    const sequence = this.#acknowledged;
    const view = await readSession(this.service, this.session);
    if (sequence > this.#read) {
      this.#read = sequence;
      const { atMs, playing } = this.#place(sequence);
      const reading = { ...view, atMs, playing };
      this.#readings.push(reading);
      this.options.onReading?.(reading, sequence / this.frames.length);
    }
    return view;
  }

  /** Where in what is played a sequence number lies: they count the frames from 1. */
  #place(sequence: number) {
    const { subject, endMs, strokesOfPart, msOfPart } = this.frames[Math.max(1, sequence) - 1]!;
    const atMs = endMs - this.frames[0]!.events[0]!.timeMs;
    return { atMs, playing: subject, strokesOfPart, msOfPart };
  }

  #strokes(sequence: number): number {
    return this.frames.slice(0, sequence)
      .reduce((sum, { events }) => sum + events.filter(({ kind }) => kind === "stroke").length, 0);
  }
}
