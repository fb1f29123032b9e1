/** Pairs key presses with their releases. The only place of the collector that holds a key. */
import type { MarkName, Stroke } from "../../core/wire.ts";
import {
  APOSTROPHE,
  followShift,
  makesCapitals,
  SHIFT_WAIT_MS,
  type ShiftFate,
  shiftFate,
  TOLD,
} from "../../core/told.ts";
import { type Zone, zoneOfCode } from "../../core/zones.ts";

/** A finished stroke waits this long for keys that were pressed before it, ms. */
const ORDER_WAIT_MS = SHIFT_WAIT_MS;
/** A key down for longer was released where we could not see it, ms. */
const MAX_HOLD_MS = 10_000;
/** `keyCode` of a key that an input method has taken (UI Events, "keyCode" for IME). */
const PROCESSED = 229;

interface Press {
  /** Emptied once the key is up. */
  code: string | undefined;
  readonly timeMs: number;
  readonly zone: Zone;
  /** Whether it is told of, or what that still waits for. */
  fate: ShiftFate;
  holdMs?: number;
}

/** What is read of a `KeyboardEvent`. */
export type KeyFacts = Pick<KeyboardEvent, "code" | "keyCode" | "repeat" | "isComposing">;

/** Where strokes and facts about keys go; times are ms since the epoch. */
export interface KeyboardSink {
  stroke(stroke: Stroke): void;
  mark(mark: MarkName, timeMs: number): void;
}

/**
 * Keys that are down, and strokes that wait for them: strokes leave in the order of their presses.
 * A stroke whose release was not seen is dropped, for its hold would be invented, and so is a Shift
 * that is not told of (told.ts).
 */
export class Keyboard {
  #presses: Press[] = [];
  #isComposing = false;
  #isRepeating = false;

  constructor(readonly sink: KeyboardSink) {}

  /** Whether a finished stroke waits for one that was pressed before it. */
  get isWaiting(): boolean {
    return this.#presses.some(({ holdMs }) => holdMs !== undefined);
  }

  press({ code, keyCode, repeat, isComposing }: KeyFacts, timeMs: number): void {
    // A browser that fills a form in presses keys that are none.
    if (!code && !keyCode) return;
    if (isComposing || keyCode === PROCESSED) {
      if (!this.#isComposing) this.sink.mark("composition", timeMs);
      this.#isComposing = true;
      return;
    }
    this.#isComposing = false;
    if (repeat) {
      if (!this.#isRepeating) this.sink.mark("repeat", timeMs);
      this.#isRepeating = true;
      return;
    }
    this.#isRepeating = false;
    // Pressed again without a release: that one was not seen.
    this.#drop((press) => press.code === code || timeMs - press.timeMs > MAX_HOLD_MS);
    const zone = code === APOSTROPHE ? "letter" : zoneOfCode(code);
    for (const press of this.#presses) press.fate = followShift(press.fate, zone);
    this.#presses.push({
      code,
      timeMs,
      zone,
      fate: makesCapitals(code) ? shiftFate(timeMs) : TOLD,
    });
  }

  release({ code }: Pick<KeyFacts, "code">, timeMs: number): void {
    const press = this.#presses.find((press) => press.code === code);
    if (!press) return;
    press.code = undefined;
    press.holdMs = Math.max(0, timeMs - press.timeMs);
    // macOS tells of no release while Command is down.
    if (/^(Meta|OS)/.test(code)) this.#drop(() => true);
    this.settle(timeMs);
  }

  /** Passes on the strokes that have nothing left to wait for. */
  settle(nowMs: number): void {
    const overdue = this.#presses.findLastIndex(({ timeMs, holdMs }) =>
      holdMs !== undefined && nowMs - timeMs - holdMs >= ORDER_WAIT_MS
    );
    let isFirst = true;
    this.#presses = this.#presses.filter((press, at) => {
      const { timeMs, holdMs, zone, fate } = press;
      isFirst &&= holdMs !== undefined && fate >= TOLD;
      if (holdMs === undefined || !isFirst && at > overdue) return true;
      if (fate === TOLD) this.sink.stroke({ kind: "stroke", timeMs, holdMs, zone });
      return false;
    });
  }

  /** The page cannot see releases any more: forgets the keys that are down. */
  letGo(): void {
    this.#drop(() => true);
    this.settle(Infinity);
  }

  /** Forgets presses without a release. */
  #drop(which: (press: Press) => boolean): void {
    this.#presses = this.#presses.filter((press) => press.holdMs !== undefined || !which(press));
  }
}
