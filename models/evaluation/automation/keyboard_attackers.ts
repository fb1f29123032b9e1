/**
 * Programs that type, from the plainest to one that knows the subject. None was learned from by the
 * automation score: its own generators are models/training/automation/keyboard_generators.ts.
 */
import { timeStrokes } from "../../../core/features/keystroke.ts";
import { deviation, mean } from "../../../core/features/vector.ts";
import type { Random } from "../../../core/random.ts";
import { type Stroke, toWirePrecision } from "../../../core/wire.ts";
import type { Zone } from "../../../core/zones.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { between, normal } from "../../../islands/try/sampling.ts";
import { generateText } from "../../../islands/try/generated_text.ts";

/** What an attacker has to go by. */
export interface KeyboardMaterial {
  readonly random: Random;
  /** The zones to be typed. */
  readonly zones: readonly Zone[];
  /** What it has overheard of the subject; as many strokes at least. */
  readonly recording: readonly Stroke[];
}
export type KeyboardAttacker = (material: KeyboardMaterial) => Stroke[];

type Timing = (zone: Zone, previous: Zone | undefined) => { stepMs: number; holdMs: number };

/** Beyond this a step is a pause, which an imitator does not count, ms. */
const LONGEST_STEP_MS = 1000;
const WARP = { stretch: 0.1, drift: 0.02, jitterMs: 5 } as const;

export const KEYBOARD_ATTACKERS: Readonly<Record<string, KeyboardAttacker>> = {
  /** `keyboard.type(text)`: as fast as the driver's messages go. */
  typeAtOnce: ({ random, zones }) =>
    timed(zones, () => ({ stepMs: between(random, 1, 4), holdMs: between(random, 0.3, 2) })),
  /** `keyboard.type(text, { delay: 100 })`: the delay lies between press and release. */
  typeWithDelay: ({ random, zones }) =>
    timed(zones, () => {
      const holdMs = 100 + between(random, 0, 3);
      return { holdMs, stepMs: holdMs + between(random, 0.5, 3) };
    }),
  /** `keyboard.press(key)`, then a random wait. */
  pressAndWait: ({ random, zones }) =>
    timed(zones, () => ({ stepMs: between(random, 50, 250), holdMs: between(random, 0.3, 2) })),
  /** `keyboard.press(key, { delay })` with a random delay, then a random wait. */
  randomHoldAndWait: ({ random, zones }) =>
    timed(zones, () => {
      const holdMs = between(random, 50, 120);
      return { holdMs, stepMs: holdMs + between(random, 20, 150) };
    }),
  /** The subject's mean and deviation of holds and steps, by zone. */
  meanImitation: ({ random, zones, recording }) => {
    const strokes = timeStrokes(recording);
    const of = (zone: Zone, interval: "holdMs" | "pressPressMs") => {
      const values = (chosen: typeof strokes) =>
        chosen.map((stroke) => stroke[interval]).filter((ms) => ms < LONGEST_STEP_MS);
      const own = values(strokes.filter((stroke) => stroke.zone === zone));
      const known = own.length > 3 ? own : values(strokes);
      return Math.max(15, mean(known) + deviation(known) * normal(random));
    };
    return timed(
      zones,
      (zone) => ({ stepMs: of(zone, "pressPressMs"), holdMs: of(zone, "holdMs") }),
    );
  },
  /** Steps and holds drawn from the subject's own, by zone pair. */
  ownStatistics: ({ random, zones, recording }) => {
    const strokes = timeStrokes(recording).filter(({ pressPressMs }) => pressPressMs < 3000);
    const byPair = Map.groupBy(strokes, ({ zone, previousZone }) => `${previousZone}>${zone}`);
    const draw = (from: typeof strokes) => from[Math.floor(random() * from.length)]!;
    return timed(zones, (zone, previous) => {
      const known = byPair.get(`${previous}>${zone}`) ?? strokes;
      return { stepMs: draw(known).pressPressMs, holdMs: draw(known).holdMs };
    });
  },
  /** A person who does not exist, with rollover, pauses and corrections. */
  generatedTypist: ({ random, zones }) => {
    const typist = createTypist(Math.floor(random() * 2 ** 31));
    const strokes: Stroke[] = [];
    while (strokes.length < zones.length) {
      const startMs = (strokes.at(-1)?.timeMs ?? 0) + 400;
      strokes.push(...typist.type(generateText(random), startMs));
    }
    return strokes.slice(0, zones.length);
  },
  /** What was overheard, played again a little faster or slower, each key a little off. */
  warpedReplay: ({ random, zones, recording }) => {
    let stretch = 1 + WARP.stretch * (2 * random() - 1);
    let timeMs = 0;
    return recording.slice(0, zones.length).map((stroke, i): Stroke => {
      const stepMs = i ? stroke.timeMs - recording[i - 1]!.timeMs : 0;
      stretch *= Math.exp(WARP.drift * normal(random));
      timeMs += Math.max(1, stretch * stepMs + WARP.jitterMs * normal(random));
      const holdMs = stretch * stroke.holdMs + WARP.jitterMs * normal(random);
      return {
        ...stroke,
        timeMs: toWirePrecision(timeMs),
        holdMs: toWirePrecision(Math.max(5, holdMs)),
      };
    });
  },
};

function timed(zones: readonly Zone[], timing: Timing): Stroke[] {
  let timeMs = 0;
  return zones.map((zone, i) => {
    const { stepMs, holdMs } = timing(zone, zones[i - 1]);
    if (i) timeMs += stepMs;
    return {
      kind: "stroke",
      timeMs: toWirePrecision(timeMs),
      holdMs: toWirePrecision(holdMs),
      zone,
    };
  });
}
