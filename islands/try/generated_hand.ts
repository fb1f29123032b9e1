/**
 * A hand on a pointer that does not exist; every seed is another. Movements are minimum-jerk
 * (Flash and Hogan 1985) with the person's own skew, arc and tremor, timed by Fitts's law (1954),
 * with overshoot and correction, a dwell at the click and pauses between. For the try page and for
 * tests; never for training a model.
 */
import { type Random, seededRandom } from "../../core/random.ts";
import { type ButtonPress, type PointerSample, toWirePrecision } from "../../core/wire.ts";
import { between, logNormal, normal } from "./sampling.ts";

/** What is a person's own. Times in ms, lengths in CSS pixels. */
export interface HandTraits {
  /** Fitts's law: time = intercept + slope x bits. */
  readonly fittsInterceptMs: number;
  readonly fittsSlopeMs: number;
  /** Sideways bow of a movement as a share of its length; its sign is the side. */
  readonly arc: number;
  /** Above 1 the hand is fastest early and lands slowly. */
  readonly skew: number;
  readonly tremorPx: number;
  readonly overshootChance: number;
  readonly clickChance: number;
  readonly clickDwellMs: number;
  readonly pauseMs: number;
}

/** Moves on and on: a second call goes on where the first left the pointer. */
export interface Hand {
  readonly traits: HandTraits;
  /** About `durationMs` of input, pauses included, in time order and never past its end. */
  move(durationMs: number, startMs: number): (PointerSample | ButtonPress)[];
}

/** Sampled at the collector's cap, 125 Hz. */
const STEP_MS = 8;
const SURFACE = { width: 1100, height: 640 } as const;
const TARGET_PX = [16, 120] as const;
/** How far a movement drifts off its line before it is corrected at the end, as a share of a bow. */
const OVERSHOOT = [0.04, 0.14] as const;

type Point = readonly [x: number, y: number];

export function createHand(seed: number): Hand {
  const random = seededRandom(seed);
  const about = (centre: number, spread: number) => logNormal(random, centre, spread);
  const traits: HandTraits = {
    fittsInterceptMs: about(140, 0.3),
    fittsSlopeMs: about(125, 0.25),
    arc: 0.07 * normal(random),
    skew: about(1.35, 0.16),
    tremorPx: about(0.45, 0.4),
    overshootChance: between(random, 0.08, 0.5),
    clickChance: between(random, 0.35, 0.8),
    clickDwellMs: about(92, 0.25),
    pauseMs: about(320, 0.4),
  };
  let at: Point = [SURFACE.width / 2, SURFACE.height / 2];
  return {
    traits,
    move(durationMs, startMs) {
      const run = new Run(random, traits, at, startMs);
      while (run.timeMs < startMs + durationMs) run.reach();
      at = run.at;
      return run.events.filter((event) => event.timeMs < startMs + durationMs)
        .sort((a, b) => a.timeMs - b.timeMs);
    },
  };
}

class Run {
  readonly events: (PointerSample | ButtonPress)[] = [];
  /** Where the last whole-pixel sample left the pointer. */
  #sampled: Point;

  constructor(
    readonly random: Random,
    readonly traits: HandTraits,
    public at: Point,
    public timeMs: number,
  ) {
    this.#sampled = at;
  }

  /** One action: to a target, often past it and back, often a click, then a pause. */
  reach(): void {
    const { random, traits } = this;
    const target: Point = [random() * SURFACE.width, random() * SURFACE.height];
    const widthPx = between(random, ...TARGET_PX);
    if (random() < traits.overshootChance) {
      const past = 1 + between(random, ...OVERSHOOT);
      const [x, y] = this.at;
      this.#stroke([x + past * (target[0] - x), y + past * (target[1] - y)], widthPx);
      this.timeMs += between(random, 30, 90);
    }
    this.#stroke(target, widthPx);
    if (random() < traits.clickChance) this.#click();
    this.timeMs += logNormal(random, traits.pauseMs, 0.6);
  }

  #stroke(target: Point, widthPx: number): void {
    const { random, traits, at } = this;
    const lengthPx = Math.hypot(target[0] - at[0], target[1] - at[1]);
    if (lengthPx < 3) return;
    const bits = Math.log2(lengthPx / widthPx + 1);
    const durationMs = (traits.fittsInterceptMs + traits.fittsSlopeMs * bits) *
      Math.exp(0.12 * normal(random));
    const bowPx = lengthPx * (traits.arc + 0.03 * normal(random));
    const side: Point = [-(target[1] - at[1]) / lengthPx, (target[0] - at[0]) / lengthPx];
    const startMs = this.timeMs;
    for (let t = STEP_MS; t < durationMs + STEP_MS; t += STEP_MS) {
      const share = minimumJerk(Math.min(1, t / durationMs) ** (1 / traits.skew));
      const off = bowPx * 4 * share * (1 - share) + traits.tremorPx * normal(random);
      this.#sample(startMs + t, [
        at[0] + share * (target[0] - at[0]) + off * side[0],
        at[1] + share * (target[1] - at[1]) + off * side[1],
      ]);
    }
    this.timeMs = startMs + durationMs;
    this.at = target;
  }

  #sample(timeMs: number, [x, y]: Point): void {
    const dx = Math.round(x - this.#sampled[0]);
    const dy = Math.round(y - this.#sampled[1]);
    if (dx === 0 && dy === 0) return;
    this.#sampled = [this.#sampled[0] + dx, this.#sampled[1] + dy];
    this.events.push({
      kind: "pointer",
      timeMs: toWirePrecision(timeMs),
      dx,
      dy,
      dragging: false,
    });
  }

  #click(): void {
    const { random, traits } = this;
    this.timeMs += between(random, 40, 160);
    const dwellMs = toWirePrecision(Math.max(20, logNormal(random, traits.clickDwellMs, 0.2)));
    this.events.push({ kind: "button", timeMs: toWirePrecision(this.timeMs), dwellMs, button: 0 });
    this.timeMs += dwellMs;
  }
}

/** Share of the way after a share of the time. */
function minimumJerk(share: number): number {
  return share ** 3 * (10 - 15 * share + 6 * share ** 2);
}
