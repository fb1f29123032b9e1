/**
 * What a keyboard window says of the hand, as named numbers. Intervals between strokes i-1 and i, in
 * press order: press-press p = press(i) - press(i-1), flight (release-press) f = press(i) -
 * release(i-1), negative under rollover, release-release r = release(i) - release(i-1).
 */
import type { KeyboardWindow } from "../window.ts";
import { type Stroke, toWirePrecision } from "../wire.ts";
import type { Zone } from "../zones.ts";
import { deviation, type FeatureDefinition, mean, quantile, skew } from "./vector.ts";

/** Above this gap a stroke begins anew: the pause is the person's thought, not their hand. */
export const STROKE_PAUSE_MS = 3000;

/** A stroke with its intervals to the one before; NaN where there is none within reach. */
export interface TimedStroke {
  readonly zone: Zone;
  readonly previousZone: Zone | undefined;
  readonly holdMs: number;
  readonly pressPressMs: number;
  readonly flightMs: number;
  readonly releaseReleaseMs: number;
}

/**
 * The strokes with their intervals, none read across a pause of {@linkcode STROKE_PAUSE_MS}.
 * Intervals are rounded to the wire's ticks: differences of epoch times carry an error that depends
 * on the time of day and would turn a flight of 0 into rollover.
 */
export function timeStrokes(strokes: readonly Stroke[]): TimedStroke[] {
  return strokes.map(({ timeMs, holdMs, zone }, i) => {
    const before = strokes[i - 1];
    const pressPressMs = before ? toWirePrecision(timeMs - before.timeMs) : NaN;
    if (!before || pressPressMs > STROKE_PAUSE_MS) {
      const none = { pressPressMs: NaN, flightMs: NaN, releaseReleaseMs: NaN };
      return { zone, previousZone: undefined, holdMs, ...none };
    }
    const flightMs = toWirePrecision(pressPressMs - before.holdMs);
    const releaseReleaseMs = toWirePrecision(flightMs + holdMs);
    return { zone, previousZone: before.zone, holdMs, pressPressMs, flightMs, releaseReleaseMs };
  });
}

const NOT_TYPED: ReadonlySet<Zone> = new Set(["modifier", "navigation", "other"]);

/** Share of the strokes that put something on the page or take it away: no shortcuts, no arrows. */
export function typedShare(strokes: readonly Stroke[]): number {
  return strokes.filter(({ zone }) => !NOT_TYPED.has(zone)).length / strokes.length;
}

/** A definition with the function that computes it. */
interface Feature extends FeatureDefinition {
  readonly of: (strokes: readonly TimedStroke[]) => number;
}

type Interval = "holdMs" | "flightMs" | "pressPressMs" | "releaseReleaseMs";

/** Longest hold and interval counted, ms: beyond, a key was rested on or the mind was elsewhere. */
const LONGEST_MS: Readonly<Record<Interval, number>> = {
  holdMs: 1000,
  flightMs: STROKE_PAUSE_MS,
  pressPressMs: STROKE_PAUSE_MS,
  releaseReleaseMs: STROKE_PAUSE_MS,
};
/** Fewer values than this make no mean of a zone or zone pair. */
const LEAST_VALUES = 2;
const SHORT_PAUSE_MS = 500;
const LONG_PAUSE_MS = 1000;
/** Shortest mean press-press time a rate is read from: one tick of the wire. */
const SHORTEST_MEAN_MS = 0.1;

const SOURCE = {
  intervals: "Killourhy and Maxion 2009, Comparing anomaly-detection algorithms",
  quantiles: "Dhakal et al. 2018, Observations on typing from 136 million keystrokes",
  zones: "Gunetti and Picardi 2005, Keystroke analysis of free text",
} as const;

function valuesOf(strokes: readonly TimedStroke[], interval: Interval): number[] {
  return strokes.map((stroke) => Math.min(stroke[interval], LONGEST_MS[interval]))
    .filter(Number.isFinite);
}

const STATISTICS = {
  Mean: { words: "on average", formula: "mean", of: mean },
  Deviation: { words: "in spread", formula: "sample standard deviation", of: deviation },
  Skew: { words: "in skew", formula: "skewness g1", of: skew },
  P10: { words: "at their quickest", formula: "10 % quantile", of: (v) => quantile(v, 0.1) },
  P25: { words: "in the quick quarter", formula: "25 % quantile", of: (v) => quantile(v, 0.25) },
  Median: { words: "in the middle", formula: "median", of: (v) => quantile(v, 0.5) },
  P75: { words: "in the slow quarter", formula: "75 % quantile", of: (v) => quantile(v, 0.75) },
  P90: { words: "at their slowest", formula: "90 % quantile", of: (v) => quantile(v, 0.9) },
} satisfies Record<string, { words: string; formula: string; of: (v: number[]) => number }>;

const INTERVALS: readonly (readonly [Interval, string, string])[] = [
  ["holdMs", "hold", "holds"],
  ["flightMs", "flight", "flights between keys"],
  ["pressPressMs", "pressPress", "press-to-press times"],
  ["releaseReleaseMs", "releaseRelease", "release-to-release times"],
];

/** Every interval by every statistic. */
const overall: Feature[] = INTERVALS.flatMap(([interval, name, plural]) =>
  Object.entries(STATISTICS).map(([statistic, { words, formula, of }]) => ({
    name: statistic === "Skew" ? `${name}Skew` : `${name}${statistic}Ms`,
    unit: statistic === "Skew" ? "count" as const : "ms" as const,
    words: `${plural} ${words}`,
    formula: `${formula} of the window's ${plural}`,
    source: statistic.startsWith("P") ? SOURCE.quantiles : SOURCE.intervals,
    of: (strokes: readonly TimedStroke[]) => of(valuesOf(strokes, interval)),
  }))
);

const ZONE_WORDS: Readonly<Record<Zone, string>> = {
  letter: "letters",
  digit: "digits",
  punctuation: "punctuation",
  space: "the space bar",
  erase: "erase keys",
  enterOrTab: "enter and tab",
  modifier: "modifier keys",
  navigation: "navigation keys",
  other: "other keys",
};

const holdsByZone: Feature[] = (Object.keys(ZONE_WORDS) as Zone[]).map((zone) => ({
  name: `holdMeanMs.${zone}`,
  unit: "ms",
  words: `holds on ${ZONE_WORDS[zone]}`,
  formula: `mean hold of the strokes in zone ${zone}, from ${LEAST_VALUES} strokes on`,
  source: SOURCE.zones,
  of: (strokes) => meanOfEnough(valuesOf(strokes.filter((s) => s.zone === zone), "holdMs")),
}));

const PAIRS: readonly (readonly [Zone, Zone])[] = [
  ["letter", "letter"],
  ["letter", "space"],
  ["space", "letter"],
  ["letter", "erase"],
  ["erase", "erase"],
  ["erase", "letter"],
  ["letter", "punctuation"],
  ["punctuation", "space"],
  ["modifier", "letter"],
  ["space", "modifier"],
];

const byPair: Feature[] = PAIRS.flatMap(([from, to]) => {
  const words = `from ${ZONE_WORDS[from]} to ${ZONE_WORDS[to]}`;
  const pairOf = (strokes: readonly TimedStroke[]) =>
    strokes.filter(({ zone, previousZone }) => previousZone === from && zone === to);
  const feature = (interval: Interval, name: string, plural: string): Feature => ({
    name: `${name}MeanMs.${from}.${to}`,
    unit: "ms",
    words: `${plural} ${words}`,
    formula: `mean of the ${plural} ${words}, from ${LEAST_VALUES} on`,
    source: SOURCE.zones,
    of: (strokes) => meanOfEnough(valuesOf(pairOf(strokes), interval)),
  });
  return [feature("flightMs", "flight", "flights"), feature("pressPressMs", "pressPress", "times")];
});

function meanOfEnough(values: readonly number[]): number {
  return values.length < LEAST_VALUES ? NaN : mean(values);
}

function shareOf(strokes: readonly TimedStroke[], holds: (stroke: TimedStroke) => boolean): number {
  return strokes.length ? strokes.filter(holds).length / strokes.length : NaN;
}

const timed = (strokes: readonly TimedStroke[]) =>
  strokes.filter(({ pressPressMs }) => Number.isFinite(pressPressMs));

/** How the strokes follow each other. */
const manner: Feature[] = [
  {
    name: "strokeRate",
    unit: "per second",
    words: "typing speed",
    formula: "1000 / mean press-press time (0.1 ms at least), pauses over 3 s left out",
    source: SOURCE.quantiles,
    of: (strokes) => 1000 / Math.max(SHORTEST_MEAN_MS, mean(valuesOf(strokes, "pressPressMs"))),
  },
  {
    name: "pauseShare",
    unit: "ratio",
    words: "share of short pauses",
    formula: `share of press-press times above ${SHORT_PAUSE_MS} ms`,
    source: SOURCE.zones,
    of: (strokes) => shareOf(timed(strokes), (s) => s.pressPressMs > SHORT_PAUSE_MS),
  },
  {
    name: "longPauseShare",
    unit: "ratio",
    words: "share of long pauses",
    formula: `share of press-press times above ${LONG_PAUSE_MS} ms`,
    source: SOURCE.zones,
    of: (strokes) => shareOf(timed(strokes), (s) => s.pressPressMs > LONG_PAUSE_MS),
  },
  {
    name: "burstStrokes",
    unit: "count",
    words: "strokes in one burst",
    formula: `strokes / (1 + press-press times above ${SHORT_PAUSE_MS} ms)`,
    source: SOURCE.quantiles,
    of: (strokes) =>
      strokes.length / (1 + strokes.filter((s) => s.pressPressMs > SHORT_PAUSE_MS).length),
  },
  {
    name: "erasureShare",
    unit: "ratio",
    words: "share of corrections",
    formula: "share of strokes in zone erase",
    source: SOURCE.quantiles,
    of: (strokes) => shareOf(strokes, ({ zone }) => zone === "erase"),
  },
  {
    name: "rolloverShare",
    unit: "ratio",
    words: "share of keys pressed before the last was let go",
    formula: "share of flights below 0",
    source: SOURCE.quantiles,
    of: (strokes) => shareOf(timed(strokes), ({ flightMs }) => flightMs < 0),
  },
  {
    name: "rolloverMeanMs",
    unit: "ms",
    words: "overlaps of keys",
    formula: `mean of -flight over flights below 0, from ${LEAST_VALUES} on`,
    source: SOURCE.quantiles,
    of: (strokes) =>
      meanOfEnough(strokes.filter((s) => s.flightMs < 0).map(({ flightMs }) => -flightMs)),
  },
];

const FEATURES: readonly Feature[] = [...overall, ...holdsByZone, ...byPair, ...manner];

/** Order and meaning of {@linkcode keystrokeVector}. */
export const KEYSTROKE_FEATURES: readonly FeatureDefinition[] = FEATURES;

/** The window's features in the order of {@linkcode KEYSTROKE_FEATURES}; NaN is missing. */
export function keystrokeVector(window: KeyboardWindow): Float64Array {
  const strokes = timeStrokes(window.strokes);
  return Float64Array.from(FEATURES, ({ of }) => of(strokes));
}
