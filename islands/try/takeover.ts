/** Hands the keyboard to somebody else: a generated person, or a script. */
import { type Signal, signal } from "@preact/signals";
import type { Stroke } from "../../core/wire.ts";
import type { Zone } from "../../core/zones.ts";
import type { OwnSession } from "../dashboard/own_session.ts";
import { pressAsScript, typeAsScript } from "./generated_script.ts";
import { createTypist, type Typist } from "./generated_typist.ts";
import { HoldMeter } from "./hold_meter.ts";
import { playStrokes } from "./playback.ts";

export type Stranger = "typist" | "script";

/** Enough to be noticed and to see it hold; at 9 keys a second about a minute. */
const STROKES = 500;
/** A stranger worth watching types 8 to 10 keys a second. */
const QUICK_PRESS_PRESS_MS = { from: 95, to: 120 } as const;
const ZONES_SHOWN = 60;
/** Strangers to choose from: of two people with one rhythm nobody could tell who types. */
const CANDIDATES = 40;

export class Takeover {
  readonly stranger: Signal<Stranger | undefined> = signal(undefined);
  readonly strokes: Signal<number> = signal(0);
  /** What the service is told of the keys: their zones. */
  readonly zones: Signal<string> = signal("");
  /** Of the person before, as this page saw them type. */
  readonly hold = new HoldMeter();
  #stop = () => {};

  constructor(readonly own: OwnSession) {}

  /** Types from now on, into the same session and over the same socket as the person before. */
  begin(stranger: Stranger, field: HTMLElement, randomSeed: () => number): void {
    this.end();
    this.stranger.value = stranger;
    this.strokes.value = 0;
    this.zones.value = "";
    // The one at the keyboard has left it. A script, though, acts on the page that is captured.
    if (stranger === "typist") this.own.pause();
    const startMs = epochMs();
    const strokes = stranger === "typist"
      ? unlikeTypist(this.hold.meanMs, randomSeed).type(STROKES, startMs)
      : typeAsScript(STROKES, startMs);
    this.#stop = playStrokes(strokes, {
      nowMs: epochMs,
      push: (stroke) => {
        if (stranger === "script") pressAsScript(field);
        this.own.push(stroke);
        this.#show(stroke);
      },
      schedule: (run, delayMs) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      onEnd: () => this.end(),
    });
  }

  /** Gives the keyboard back. */
  end(): void {
    this.#stop();
    this.#stop = () => {};
    if (this.stranger.value === undefined) return;
    this.stranger.value = undefined;
    this.own.capture();
  }

  #show({ zone }: Stroke): void {
    this.strokes.value++;
    this.zones.value = (this.zones.value + ZONE_GLYPHS[zone]).slice(-ZONES_SHOWN);
  }
}

const ZONE_GLYPHS: Readonly<Record<Zone, string>> = {
  letter: "a",
  digit: "1",
  punctuation: ".",
  space: " ",
  erase: "⌫",
  enterOrTab: "⏎",
  modifier: "⇧",
  navigation: "→",
  other: "?",
};

/** The one of some quick typists whose holds on letters are least like these. */
export function unlikeTypist(holdMs: number, randomSeed: () => number): Typist {
  const { from, to } = QUICK_PRESS_PRESS_MS;
  const candidates: Typist[] = [];
  while (candidates.length < CANDIDATES) {
    const typist = createTypist(randomSeed());
    const { pressPressMs } = typist.traits;
    if (pressPressMs >= from && pressPressMs < to) candidates.push(typist);
  }
  const unlikeness = ({ traits }: Typist) => Math.abs(Math.log(traits.holdMs.letter / holdMs));
  return candidates.reduce((most, typist) => unlikeness(typist) > unlikeness(most) ? typist : most);
}

/** The collector's clock: ms since the epoch, and never backwards. */
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
