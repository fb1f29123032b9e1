/**
 * Typing that no hand did, for the score to be trained on: somebody's zones, timed by a generator
 * that knows nobody. The generators that it is measured on are others:
 * models/evaluation/automation/keyboard_attackers.ts.
 */
import type { Random } from "../../../core/random.ts";
import { type Stroke, toWirePrecision } from "../../../core/wire.ts";
import type { Zone } from "../../../core/zones.ts";
import { between, logNormal, normal } from "../../../islands/try/sampling.ts";

/** Press-press time and hold of the next stroke, ms. */
type Timing = (zone: Zone, previous: Zone | undefined) => { stepMs: number; holdMs: number };
type TimingMaker = (random: Random) => Timing;

const SHORTEST_STEP_MS = 15;
const SHORTEST_HOLD_MS = 10;

const centres = (random: Random) => ({
  stepMs: between(random, 90, 320),
  holdMs: between(random, 40, 140),
});

export const KEYBOARD_GENERATORS: Readonly<Record<string, TimingMaker>> = {
  uniform: (random) => {
    const { stepMs, holdMs } = centres(random);
    const [width, holdWidth] = [between(random, 0.2, 0.9), between(random, 0.1, 0.8)];
    return () => ({
      stepMs: stepMs * between(random, 1 - width, 1 + width),
      holdMs: holdMs * between(random, 1 - holdWidth, 1 + holdWidth),
    });
  },
  normal: (random) => {
    const { stepMs, holdMs } = centres(random);
    const [spread, holdSpread] = [between(random, 0.1, 0.6), between(random, 0.08, 0.4)];
    return () => ({
      stepMs: stepMs * (1 + spread * normal(random)),
      holdMs: holdMs * (1 + holdSpread * normal(random)),
    });
  },
  logNormal: (random) => {
    const { stepMs, holdMs } = centres(random);
    const [spread, holdSpread] = [between(random, 0.15, 0.6), between(random, 0.1, 0.4)];
    return () => ({
      stepMs: logNormal(random, stepMs, spread),
      holdMs: logNormal(random, holdMs, holdSpread),
    });
  },
  exponential: (random) => {
    const { stepMs, holdMs } = centres(random);
    const least = between(random, 0.2, 0.7);
    return () => ({
      stepMs: stepMs * (least - (1 - least) * Math.log(1 - random())),
      holdMs: holdMs * (least - 0.3 * Math.log(1 - random())),
    });
  },
  /** Waits between the release and the next press, as most tools do: never an overlap. */
  waiting: (random) => {
    const { stepMs, holdMs } = centres(random);
    const spread = between(random, 0.1, 0.7);
    let beforeMs = holdMs;
    return () => {
      const step = beforeMs + logNormal(random, stepMs / 2, spread);
      beforeMs = holdMs * Math.exp(0.2 * normal(random));
      return { stepMs: step, holdMs: beforeMs };
    };
  },
  /** A mean for each zone, and pauses at words. */
  zoned: (random) => {
    const { stepMs, holdMs } = centres(random);
    const factors = new Map<Zone, [number, number]>();
    const [spread, pauses] = [between(random, 0.1, 0.4), between(random, 0, 0.2)];
    return (zone, previous) => {
      const [step, hold] = factors.get(zone) ??
        factors.set(zone, [logNormal(random, 1, 0.2), logNormal(random, 1, 0.15)]).get(zone)!;
      const pauseMs = previous === "space" && random() < pauses ? 500 * random() : 0;
      return {
        stepMs: stepMs * step * (1 + spread * normal(random)) + pauseMs,
        holdMs: holdMs * hold * (1 + 0.2 * normal(random)),
      };
    };
  },
  /** A tempo that wanders smoothly. */
  wandering: (random) => {
    const { stepMs, holdMs } = centres(random);
    const [kept, push, spread] = [between(random, 0.8, 0.99), between(random, 0.02, 0.2), 0.2];
    let tempo = 0;
    return () => {
      tempo = kept * tempo + push * normal(random);
      return {
        stepMs: stepMs * Math.exp(tempo + spread * normal(random)),
        holdMs: holdMs * Math.exp(0.3 * tempo + 0.15 * normal(random)),
      };
    };
  },
};

/** Times the zones by a generator with parameters of its own, the first press at `startMs`. */
export function generateTyping(
  maker: TimingMaker,
  random: Random,
  zones: readonly Zone[],
  startMs: number,
): Stroke[] {
  const timing = maker(random);
  let timeMs = startMs;
  return zones.map((zone, i) => {
    const { stepMs, holdMs } = timing(zone, zones[i - 1]);
    if (i) timeMs += Math.max(SHORTEST_STEP_MS, stepMs);
    return {
      kind: "stroke",
      timeMs: toWirePrecision(timeMs),
      holdMs: toWirePrecision(Math.max(SHORTEST_HOLD_MS, holdMs)),
      zone,
    };
  });
}
