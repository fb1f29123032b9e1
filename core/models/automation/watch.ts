/**
 * Watches a session's events for what only a program does. Unlike the models it needs no window: it
 * looks as soon as an event completes something to look at, so a script that only clicks is seen.
 */
import type {
  ButtonPress,
  Device,
  MarkName,
  PointerSample,
  StreamEvent,
  Stroke,
} from "../../wire.ts";
import { type AutomationFinding, HINT_NATS, isClockWithin, PROOF_NATS } from "./finding.ts";
import type { KeyboardWindow, PointerWindow } from "../../window.ts";
import { type HabitRecord, Habits } from "./habits.ts";
import { keyboardFindings } from "./keyboard_rules.ts";
import { type AutomationScore, scoreFindings } from "./score.ts";
import { extendReach, judgeReach, type ReachRecord, STOP_MS } from "./reach.ts";

/** What a watch needs to go on in another process; plain data, so it can be stored. */
export interface WatchRecord {
  readonly habits: Readonly<Record<string, HabitRecord>>;
  /** Strokes since a key was last pressed before another was let go, or erased. */
  readonly apart: number;
  /** `[stream, ms]` of the pages that are hidden, and since when. */
  readonly hidden: readonly (readonly [number, number])[];
  /** Inputs since, that no look has counted. */
  readonly hiddenInputs: number;
  /** When the last key was let go. */
  readonly releaseMs?: number | undefined;
  readonly device?: Device | undefined;
  /** The movement under way. */
  readonly reach?: ReachRecord | undefined;
  /** When a button was last pressed, and how far the pointer has moved since. */
  readonly pressMs?: number | undefined;
  readonly travelPx: number;
}

/** Page scripts do dispatch an event now and then; a program types with them. */
const FEWEST_UNTRUSTED = 5;
/** An event may have been under way when its page was hidden, ms. */
const HIDDEN_GRACE_MS = 500;
const FEWEST_HIDDEN = 5;
/** Pages of one session that may be hidden at a time. */
const PAGES_KEPT = 16;
/** People overlap keys or correct themselves long before, nearly all of them within 100 strokes. */
const STROKES_APART = 300;
const STROKES_APART_HOP = 100;
/** Clocks coarser than these make rules silent, ms. */
const COARSEST_MS = { overlap: 2, hover: 5, reach: 20 } as const;
/**
 * A press that comes sooner after its pointer's arrival, and is let go as soon, had no hand in it. A
 * driver's next message waits for the page's next frame or two; the release follows at once.
 */
const HOVER_MS = 40;
const DWELL_MS = 12;
/** Beyond this the pointer has gone somewhere, px. */
const ELSEWHERE_PX = 50;
const FASTEST_CLICK_MS = 40;

export class AutomationWatch {
  readonly #habits: Habits;
  readonly #hidden: Map<number, number>;
  #hiddenInputs: number;
  #apart: number;
  #releaseMs: number | undefined;
  #device: Device | undefined;
  #reach: ReachRecord | undefined;
  #pressMs: number | undefined;
  #travelPx: number;

  /** Without a score the rules watch alone. */
  constructor(record?: WatchRecord, readonly score?: AutomationScore) {
    this.#habits = new Habits(record?.habits);
    this.#hidden = new Map(record?.hidden);
    this.#hiddenInputs = record?.hiddenInputs ?? 0;
    this.#apart = record?.apart ?? 0;
    this.#releaseMs = record?.releaseMs;
    this.#device = record?.device;
    this.#reach = record?.reach;
    this.#pressMs = record?.pressMs;
    this.#travelPx = record?.travelPx ?? 0;
  }

  get record(): WatchRecord {
    return {
      habits: this.#habits.record,
      apart: this.#apart,
      hidden: [...this.#hidden],
      hiddenInputs: this.#hiddenInputs,
      releaseMs: this.#releaseMs,
      device: this.#device,
      reach: this.#reach,
      pressMs: this.#pressMs,
      travelPx: this.#travelPx,
    };
  }

  /**
   * Takes an event of a page (`stream`), read by a clock of the given step (0 while unknown).
   * @returns what a look found, which may be nothing; `undefined` where nothing was looked at.
   */
  push(event: StreamEvent, stream: number, quantumMs: number): AutomationFinding[] | undefined {
    const hidden = this.#lookForHidden(event, stream);
    const found = this.#look(event, stream, quantumMs);
    return hidden && found ? [...hidden, ...found] : hidden ?? found;
  }

  /** What the rules and the score find in a window. */
  look(window: KeyboardWindow | PointerWindow, quantumMs: number): AutomationFinding[] {
    return [
      ...window.modality === "keyboard" ? keyboardFindings(window, quantumMs) : [],
      ...this.score ? scoreFindings(this.score, window, quantumMs) : [],
    ];
  }

  #look(event: StreamEvent, stream: number, quantumMs: number): AutomationFinding[] | undefined {
    switch (event.kind) {
      case "trust":
        return untrustedFindings(event);
      case "stroke":
        return this.#stroke(event, quantumMs);
      case "pointer":
        return this.#sample(event, quantumMs);
      case "button":
        return this.#press(event, quantumMs);
      case "device":
        this.#device = event.device;
        this.#forget();
        return undefined;
      case "mark":
        this.#mark(event.mark, event.timeMs, stream);
    }
    return undefined;
  }

  #lookForHidden(event: StreamEvent, stream: number): AutomationFinding[] | undefined {
    const sinceMs = this.#hidden.get(stream);
    if (sinceMs === undefined || !(event.timeMs > sinceMs + HIDDEN_GRACE_MS)) return undefined;
    if (!["stroke", "pointer", "button", "wheel"].includes(event.kind)) return undefined;
    if (++this.#hiddenInputs < FEWEST_HIDDEN) return undefined;
    this.#hiddenInputs = 0;
    const words = "somebody typed or pointed while the page was hidden";
    return [{ rule: "hiddenInput", words, nats: PROOF_NATS }];
  }

  #mark(mark: MarkName, timeMs: number, stream: number): void {
    if (mark === "lost" || mark === "blur" || mark === "hidden") this.#forget();
    if (mark === "visible") this.#hidden.delete(stream);
    if (mark !== "hidden") return;
    this.#hidden.set(stream, timeMs);
    this.#hiddenInputs = 0;
    const [oldest] = this.#hidden.keys();
    if (this.#hidden.size > PAGES_KEPT) this.#hidden.delete(oldest!);
  }

  /** Nothing may be read across a gap. */
  #forget(): void {
    this.#reach = undefined;
    this.#travelPx = 0;
    this.#pressMs = undefined;
    this.#releaseMs = undefined;
  }

  #stroke(stroke: Stroke, quantumMs: number): AutomationFinding[] | undefined {
    // Shift overlaps its letter by need, not by habit. A coarse clock hides overlaps.
    if (stroke.zone === "modifier" || !isClockWithin(quantumMs, COARSEST_MS.overlap)) {
      return undefined;
    }
    const overlaps = stroke.timeMs < (this.#releaseMs ?? -Infinity);
    this.#releaseMs = stroke.timeMs + stroke.holdMs;
    this.#apart = overlaps || stroke.zone === "erase" ? 0 : this.#apart + 1;
    const beyond = this.#apart - STROKES_APART;
    if (beyond < 0 || beyond % STROKES_APART_HOP) return undefined;
    const words = `${this.#apart} keys without one pressed early or one put right`;
    return [{ rule: "neverOverlapping", words, nats: HINT_NATS }];
  }

  #sample(sample: PointerSample, quantumMs: number): AutomationFinding[] | undefined {
    if (this.#isTouched) return undefined;
    const stopped = this.#reach && sample.timeMs - this.#reach.endMs > STOP_MS;
    const found = stopped ? this.#endReach(quantumMs) : undefined;
    this.#reach = extendReach(this.#reach, sample);
    this.#travelPx += Math.hypot(sample.dx, sample.dy);
    return found;
  }

  #press({ timeMs, dwellMs }: ButtonPress, quantumMs: number): AutomationFinding[] | undefined {
    const sinceMs = timeMs - (this.#pressMs ?? NaN);
    const travelPx = this.#travelPx;
    const arrivedMs = this.#reach?.endMs ?? NaN;
    this.#pressMs = timeMs;
    this.#travelPx = 0;
    if (this.#isTouched || !isClockWithin(quantumMs, COARSEST_MS.reach)) {
      this.#reach = undefined;
      return undefined;
    }
    const reach = judgeReach(this.#reach);
    const looks = [this.#endReach(quantumMs)];
    if (travelPx > ELSEWHERE_PX && reach) {
      looks.push(this.#habits.add("clicksWithoutApproach", reach.teleport));
    }
    if (isClockWithin(quantumMs, COARSEST_MS.hover)) {
      if (travelPx > ELSEWHERE_PX) {
        const atOnce = timeMs - arrivedMs < HOVER_MS && dwellMs < DWELL_MS;
        looks.push(this.#habits.add("clicksWithoutHover", atOnce));
      }
      if (sinceMs >= 0) {
        looks.push(this.#habits.add("impossibleClicks", sinceMs < FASTEST_CLICK_MS));
      }
    }
    return joined(looks);
  }

  #endReach(quantumMs: number): AutomationFinding[] | undefined {
    const reach = judgeReach(this.#reach);
    this.#reach = undefined;
    if (!reach || !isClockWithin(quantumMs, COARSEST_MS.reach)) return undefined;
    const looks = [this.#habits.add("teleports", reach.teleport)];
    if (reach.straight !== undefined) {
      looks.push(this.#habits.add("straightLines", reach.straight));
    }
    if (reach.even !== undefined && isClockWithin(quantumMs, COARSEST_MS.hover)) {
      looks.push(this.#habits.add("evenSpeed", reach.even));
    }
    return joined(looks);
  }

  /** A finger comes down where it likes, without a way there. */
  get #isTouched(): boolean {
    return this.#device === "touch" || this.#device === "pen";
  }
}

/** What several looks found; `undefined` where none was due. */
function joined(
  looks: readonly (AutomationFinding[] | undefined)[],
): AutomationFinding[] | undefined {
  const due = looks.filter((look) => look !== undefined);
  return due.length ? due.flat() : undefined;
}

function untrustedFindings(
  { trusted, untrusted }: { readonly trusted: number; readonly untrusted: number },
): AutomationFinding[] {
  if (untrusted < FEWEST_UNTRUSTED) return [];
  const share = Math.round(100 * untrusted / (trusted + untrusted));
  const words = `a script made ${untrusted} of the events, ${share} % of them`;
  return [{ rule: "untrustedEvents", words, nats: PROOF_NATS }];
}
