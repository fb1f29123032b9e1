/**
 * A stream of events cut into windows, one score each. Time comes from the events alone, so a
 * stream gives the same windows however it was framed, delayed or resent.
 */
import {
  type ButtonPress,
  FRAME_LIMITS,
  type PointerSample,
  type StreamEvent,
  type Stroke,
  type WheelStep,
} from "./wire.ts";

export type Modality = "keyboard" | "pointer";
export const MODALITIES: readonly Modality[] = ["keyboard", "pointer"];

/** `strokes` in press order, at most the settings' number; fewer where a stream begins or ends. */
export interface KeyboardWindow {
  readonly modality: "keyboard";
  readonly startMs: number;
  readonly endMs: number;
  readonly strokes: readonly Stroke[];
  /** How many of the last strokes no window before held; all of them where it is left out. */
  readonly fresh?: number;
}

export type PointerEvents = PointerSample | ButtonPress | WheelStep;

/** `events` in time order; `activeMs` is the time in movement, pauses left out. */
export interface PointerWindow {
  readonly modality: "pointer";
  readonly startMs: number;
  readonly endMs: number;
  readonly activeMs: number;
  readonly events: readonly PointerEvents[];
}

/** What a windower needs to go on in another process. */
export interface OpenWindow<Event extends StreamEvent> {
  readonly events: readonly Event[];
  /** Strokes, or ms of movement, since the last window was cut. */
  readonly sinceCut: number;
}

/** What windows hold; the models' manifests say which. */
export interface KeyboardWindowSettings {
  /** Strokes a full window holds. */
  readonly strokes: number;
  /** Strokes of the first window of a stream, which then grow to full ones. */
  readonly least: number;
  /** Strokes between two windows. */
  readonly hop: number;
}

/** Cuts keyboard windows: one that grows, then one that moves along. */
export class KeyboardWindower {
  #strokes: Stroke[];
  #sinceCut: number;

  constructor(readonly settings: KeyboardWindowSettings, open?: OpenWindow<Stroke>) {
    this.#strokes = [...open?.events ?? []];
    this.#sinceCut = open?.sinceCut ?? 0;
  }

  /** Takes a stroke; a window when `hop` strokes have passed since the last and enough are there. */
  push(stroke: Stroke): KeyboardWindow | undefined {
    insertByTime(this.#strokes, stroke);
    this.#sinceCut++;
    if (this.#strokes.length > this.settings.strokes) this.#strokes.shift();
    const { least, hop } = this.settings;
    return this.#strokes.length >= least && this.#sinceCut >= hop ? this.#cut() : undefined;
  }

  /** A last window of a stream that ends, when it holds anything new and at least `least` strokes. */
  flush(least = this.settings.least): KeyboardWindow | undefined {
    return this.#sinceCut > 0 && this.#strokes.length >= least ? this.#cut() : undefined;
  }

  /** Forgets the open window: what follows was typed after something was lost. */
  reset(): void {
    this.#strokes = [];
    this.#sinceCut = 0;
  }

  /** Strokes still missing to the next window. */
  get untilNext(): number {
    const { least, hop } = this.settings;
    return Math.max(least - this.#strokes.length, hop - this.#sinceCut);
  }

  get open(): OpenWindow<Stroke> {
    return { events: [...this.#strokes], sinceCut: this.#sinceCut };
  }

  #cut(): KeyboardWindow {
    const strokes = [...this.#strokes];
    const last = strokes.at(-1)!;
    const [startMs, endMs] = [strokes[0]!.timeMs, last.timeMs + last.holdMs];
    const fresh = Math.min(this.#sinceCut, strokes.length);
    this.#sinceCut = 0;
    return { modality: "keyboard", startMs, endMs, strokes, fresh };
  }
}

export interface PointerWindowSettings {
  /** Movement a window holds, ms. */
  readonly activeMs: number;
  /** Movement between two windows, ms. */
  readonly hopMs: number;
}

/** A gap between samples above this is a pause, not movement (MODELS: 0.5 s). */
export const POINTER_PAUSE_MS = 500;

/** More than any hand fills a window with; what is kept must stay small enough to be stored. */
const MOST_SAMPLES = FRAME_LIMITS.events * 3 / 4;
const MOST_ACTS = FRAME_LIMITS.events / 4;

type Act = ButtonPress | WheelStep;

/**
 * Cuts pointer windows of a fixed time in movement. Presses and wheel steps go along with the samples
 * between which they lie; they are no movement, so scrolling alone cuts no window and no movement is
 * scored twice for it.
 */
export class PointerWindower {
  /** In time order, beside the movement up to each. */
  readonly #samples: PointerSample[] = [];
  readonly #movedMs: number[] = [];
  readonly #acts: Act[] = [];
  #sinceCut = 0;

  constructor(readonly settings: PointerWindowSettings, open?: OpenWindow<PointerEvents>) {
    for (const event of open?.events ?? []) this.#insert(event);
    this.#sinceCut = open?.sinceCut ?? 0;
  }

  /** Takes an event; a window when `hopMs` of movement have passed since the last. */
  push(event: PointerEvents): PointerWindow | undefined {
    const before = this.#movedMs.at(-1) ?? 0;
    this.#insert(event);
    this.#sinceCut += (this.#movedMs.at(-1) ?? 0) - before;
    this.#trim();
    const { activeMs, hopMs } = this.settings;
    return this.#activeMs() >= activeMs && this.#sinceCut >= hopMs ? this.#cut() : undefined;
  }

  /** A last window of a stream that ends, when it holds anything new and `leastMs` of movement. */
  flush(leastMs = this.settings.activeMs / 2): PointerWindow | undefined {
    return this.#sinceCut > 0 && this.#activeMs() >= leastMs ? this.#cut() : undefined;
  }

  reset(): void {
    for (const kept of [this.#samples, this.#movedMs, this.#acts]) kept.length = 0;
    this.#sinceCut = 0;
  }

  get open(): OpenWindow<PointerEvents> {
    return { events: this.#events(), sinceCut: this.#sinceCut };
  }

  /** Movement still missing to the next window, ms. */
  get untilNext(): number {
    const { activeMs, hopMs } = this.settings;
    return Math.max(activeMs - this.#activeMs(), hopMs - this.#sinceCut);
  }

  #cut(): PointerWindow {
    this.#sinceCut = 0;
    const events = this.#events();
    const [startMs, endMs] = [events[0]!.timeMs, events.at(-1)!.timeMs];
    return { modality: "pointer", startMs, endMs, activeMs: this.#activeMs(), events };
  }

  /** Movement held, ms. */
  #activeMs(): number {
    return (this.#movedMs.at(-1) ?? 0) - (this.#movedMs[0] ?? 0);
  }

  #events(): PointerEvents[] {
    const events: PointerEvents[] = [];
    let next = 0;
    for (const act of this.#acts) {
      while (next < this.#samples.length && this.#samples[next]!.timeMs <= act.timeMs) {
        events.push(this.#samples[next++]!);
      }
      events.push(act);
    }
    return events.concat(this.#samples.slice(next));
  }

  #insert(event: PointerEvents): void {
    if (event.kind !== "pointer") {
      // A press is reported at its release, so it may lie before samples already here.
      insertByTime(this.#acts, event);
      return;
    }
    const place = insertByTime(this.#samples, event);
    if (place === 0) {
      // Time in movement depends on the samples held alone, so a resumed windower counts it alike.
      this.#movedMs.unshift((this.#movedMs[0] ?? 0) - this.#movementMs(1));
      return;
    }
    this.#movedMs.splice(place, 0, 0);
    for (let i = place; i < this.#samples.length; i++) {
      this.#movedMs[i] = this.#movedMs[i - 1]! + this.#movementMs(i);
    }
  }

  /** Drops what the next window can do without. */
  #trim(): void {
    const newest = this.#movedMs.at(-1) ?? 0;
    while (
      newest - (this.#movedMs[1] ?? Infinity) >= this.settings.activeMs ||
      this.#samples.length > MOST_SAMPLES
    ) {
      this.#samples.shift();
      this.#movedMs.shift();
    }
    const startMs = this.#samples[0]?.timeMs ?? -Infinity;
    while (this.#acts.length > MOST_ACTS || (this.#acts[0]?.timeMs ?? Infinity) < startMs) {
      this.#acts.shift();
    }
  }

  /** Time in movement between the i-th sample and the one before it. */
  #movementMs(i: number): number {
    const [before, sample] = [this.#samples[i - 1], this.#samples[i]];
    const gapMs = before && sample ? sample.timeMs - before.timeMs : 0;
    // In binary fractions, so that sums are exact wherever they begin.
    return gapMs <= POINTER_PAUSE_MS ? Math.round(gapMs * 1024) / 1024 : 0;
  }
}

/** Inserts behind whatever is as old, and says where. */
function insertByTime<Event extends { readonly timeMs: number }>(
  events: Event[],
  event: Event,
): number {
  let place = events.length;
  while (place > 0 && events[place - 1]!.timeMs > event.timeMs) place--;
  events.splice(place, 0, event);
  return place;
}
