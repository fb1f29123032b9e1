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

/** `strokes` in press order, exactly the window's length. */
export interface KeyboardWindow {
  readonly modality: "keyboard";
  readonly startMs: number;
  readonly endMs: number;
  readonly strokes: readonly Stroke[];
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

/** Strokes a window holds and strokes between two windows; the models' manifests say which. */
export interface KeyboardWindowSettings {
  readonly strokes: number;
  readonly hop: number;
}

/** Cuts keyboard windows of a fixed number of strokes. */
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
    if (this.#strokes.length < this.settings.strokes || this.#sinceCut < this.settings.hop) return;
    this.#sinceCut = 0;
    const strokes = [...this.#strokes];
    const last = strokes.at(-1)!;
    return {
      modality: "keyboard",
      startMs: strokes[0]!.timeMs,
      endMs: last.timeMs + last.holdMs,
      strokes,
    };
  }

  /** Forgets the open window: what follows was typed after something was lost. */
  reset(): void {
    this.#strokes = [];
    this.#sinceCut = 0;
  }

  /** Strokes still missing to the next window. */
  get untilNext(): number {
    const { strokes, hop } = this.settings;
    return Math.max(strokes - this.#strokes.length, hop - this.#sinceCut);
  }

  get open(): OpenWindow<Stroke> {
    return { events: [...this.#strokes], sinceCut: this.#sinceCut };
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

/** Cuts pointer windows of a fixed time in movement. */
export class PointerWindower {
  #events: PointerEvents[];
  #active: number[];
  #sinceCut: number;

  constructor(readonly settings: PointerWindowSettings, open?: OpenWindow<PointerEvents>) {
    this.#events = [];
    this.#active = [];
    for (const event of open?.events ?? []) this.#insert(event);
    this.#sinceCut = open?.sinceCut ?? 0;
  }

  /** Takes an event; a window when `hopMs` of movement have passed since the last. */
  push(event: PointerEvents): PointerWindow | undefined {
    const before = this.#activeMs();
    this.#insert(event);
    this.#sinceCut += this.#activeMs() - before;
    while (this.#activeMs() - (this.#active[1] ?? Infinity) >= this.settings.activeMs) {
      this.#events.shift();
      this.#active.shift();
    }
    const activeMs = this.#activeMs() - (this.#active[0] ?? 0);
    if (activeMs < this.settings.activeMs || this.#sinceCut < this.settings.hopMs) return;
    this.#sinceCut = 0;
    const events = [...this.#events];
    return {
      modality: "pointer",
      startMs: events[0]!.timeMs,
      endMs: events.at(-1)!.timeMs,
      activeMs,
      events,
    };
  }

  reset(): void {
    this.#events = [];
    this.#active = [];
    this.#sinceCut = 0;
  }

  get open(): OpenWindow<PointerEvents> {
    return { events: [...this.#events], sinceCut: this.#sinceCut };
  }

  /** Movement still missing to the next window, ms. */
  get untilNext(): number {
    const heldMs = this.#activeMs() - (this.#active[0] ?? 0);
    return Math.max(this.settings.activeMs - heldMs, this.settings.hopMs - this.#sinceCut);
  }

  /** Movement up to the newest event, on the scale of `#active`. */
  #activeMs(): number {
    return this.#active.at(-1) ?? 0;
  }

  /**
   * A press is reported at its release, so it may lie before samples already here. Time in movement
   * depends on the events' order in time alone, so a resumed windower counts it alike.
   */
  #insert(event: PointerEvents): void {
    const place = insertByTime(this.#events, event);
    if (place === 0) {
      this.#active.unshift((this.#active[0] ?? 0) - this.#movementMs(1));
    } else {
      this.#active.splice(place, 0, 0);
      for (let i = place; i < this.#events.length; i++) {
        this.#active[i] = this.#active[i - 1]! + this.#movementMs(i);
      }
    }
    if (this.#events.length > FRAME_LIMITS.events) {
      // No hand is that busy; what was kept of it must stay small enough to be stored.
      this.#events.shift();
      this.#active.shift();
    }
  }

  /** Time in movement between the i-th event and the one before it. */
  #movementMs(i: number): number {
    const [before, event] = [this.#events[i - 1], this.#events[i]];
    const gapMs = before && event ? event.timeMs - before.timeMs : 0;
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
