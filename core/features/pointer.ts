/** What a pointer window says of the hand, as named numbers, from its path on the common grid. */
import type { PointerWindow } from "../window.ts";
import {
  LEAST_STEP_PX,
  measureAction,
  type MeasuredAction,
  SECOND_STEPS,
} from "./pointer_action.ts";
import { type PointerPath, pointerPath } from "./pointer_path.ts";
import { FEATURES_HZ, seenAt } from "./pointer_rate.ts";
import { deviation, type FeatureDefinition, finite, mean, quantile } from "./vector.ts";

interface Feature extends FeatureDefinition {
  readonly of: (path: MeasuredPath) => number;
}

interface MeasuredPath extends PointerPath {
  readonly measured: readonly MeasuredAction[];
}

/** A stop this long ends a movement, ms: no mouse and no coarse clock leaves such a gap on the way. */
const STOP_MS = 200;
/** Actions shorter than this are tremor, px. */
const LEAST_ACTION_PX = 10;
const DOUBLE_CLICK_MS = 500;

const SOURCE = {
  gamboa: "Gamboa and Fred 2004, A behavioral biometric system based on human-computer interaction",
  ahmed: "Ahmed and Traore 2007, A new biometric technology based on mouse dynamics",
  zheng: "Zheng, Paloski and Wang 2011, An efficient user verification system via mouse movements",
  feher: "Feher et al. 2012, User identity verification via mouse dynamics",
} as const;

const SPREADS = [
  { name: "Mean", words: "on average", formula: "mean", of: mean },
  { name: "Deviation", words: "in spread", formula: "sample standard deviation", of: deviation },
  { name: "P10", words: "at the least", formula: "10 % quantile", of: at(0.1) },
  { name: "Median", words: "in the middle", formula: "median", of: at(0.5) },
  { name: "P90", words: "at the most", formula: "90 % quantile", of: at(0.9) },
] as const;

function at(share: number) {
  return (values: readonly number[]) => quantile(values, share);
}

/** A quantity by every spread. */
function spreads(
  name: string,
  { unit, words, formula, source }: Pick<
    FeatureDefinition,
    "unit" | "words" | "formula" | "source"
  >,
  values: (path: MeasuredPath) => readonly number[],
): Feature[] {
  return SPREADS.map((spread) => ({
    name: `${name}${spread.name}`,
    unit,
    words: `${words} ${spread.words}`,
    formula: `${spread.formula} of ${formula}`,
    source,
    of: (path) => spread.of(finite(values(path))),
  }));
}

const steps = (of: (action: MeasuredAction) => readonly number[]) => (path: MeasuredPath) =>
  path.measured.flatMap(of);
const perAction = (of: (action: MeasuredAction) => number) => (path: MeasuredPath) =>
  path.measured.filter(({ lengthPx }) => lengthPx >= LEAST_ACTION_PX).map(of);

const DIRECTIONS = ["right", "downRight", "down", "downLeft", "left", "upLeft", "up", "upRight"];

/** Share of path length in each eighth of the compass, y downwards. */
const directions: Feature[] = DIRECTIONS.map((direction, eighth) => ({
  name: `directionShare.${direction}`,
  unit: "ratio",
  words: `share of movement ${direction.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`)}`,
  formula: `share of path length whose angle is nearest to ${45 * eighth} degrees, y downwards`,
  source: SOURCE.ahmed,
  of: ({ actions }) => {
    let [within, total] = [0, 0];
    for (const { dx, dy } of actions) {
      dx.forEach((x, i) => {
        const px = Math.hypot(x, dy[i]!);
        if (px < LEAST_STEP_PX) return;
        total += px;
        if ((Math.round(Math.atan2(dy[i]!, x) / (Math.PI / 4)) + 8) % 8 === eighth) within += px;
      });
    }
    return total ? within / total : NaN;
  },
}));

const px = "px" as const;
const FEATURES: readonly Feature[] = [
  ...spreads("speed", {
    unit: "px/s",
    words: "pointer speed",
    formula: "smoothed displacement a grid step / 20 ms",
    source: SOURCE.gamboa,
  }, steps(({ speed }) => speed)),
  ...spreads("acceleration", {
    unit: "px/s²",
    words: "pointer acceleration",
    formula: "change of speed a grid step / 20 ms, absolute",
    source: SOURCE.gamboa,
  }, steps(({ acceleration }) => acceleration.map(Math.abs))),
  ...spreads("jerk", {
    unit: "px/s³",
    words: "pointer jerk",
    formula: "change of acceleration a grid step / 20 ms, absolute",
    source: SOURCE.gamboa,
  }, steps(({ jerk }) => jerk.map(Math.abs))),
  ...spreads("curvature", {
    unit: "rad/px",
    words: "curvature of the path",
    formula: "absolute turn between smoothed steps of 1 px or more / step length",
    source: SOURCE.zheng,
  }, steps(({ curvature }) => curvature)),
  ...spreads("turn", {
    unit: "rad",
    words: "turning",
    formula: "absolute turn between smoothed steps of 1 px or more",
    source: SOURCE.zheng,
  }, steps(({ turns }) => turns.map(Math.abs))),
  ...spreads("straightness", {
    unit: "ratio",
    words: "straightness of movements",
    formula: "distance from first to last point / path length, by action",
    source: SOURCE.gamboa,
  }, perAction(({ distancePx, lengthPx }) => distancePx / lengthPx)),
  ...spreads("actionLengthPx", {
    unit: px,
    words: "length of movements",
    formula: "path length, by action",
    source: SOURCE.ahmed,
  }, perAction(({ lengthPx }) => lengthPx)),
  ...spreads("actionMs", {
    unit: "ms",
    words: "movements",
    formula: "duration, by action",
    source: SOURCE.ahmed,
  }, perAction(({ startMs, endMs }) => endMs - startMs)),
  ...spreads("pauseMs", {
    unit: "ms",
    words: "pauses of the pointer",
    formula: `stops above ${STOP_MS} ms between actions, up to 10 s`,
    source: SOURCE.ahmed,
  }, ({ actions }) => actions.map(({ pauseMs }) => Math.min(pauseMs, 10_000))),
  ...directions,
  {
    name: "directionChangeRate",
    unit: "per second",
    words: "sharp changes of direction",
    formula: "turns above 90 degrees / time in movement",
    source: SOURCE.zheng,
    of: (path) =>
      rateOf(path, ({ turns }) => turns.filter((t) => Math.abs(t) > Math.PI / 2).length),
  },
  {
    name: "overshootPx",
    unit: px,
    words: "overshoot at the end of movements",
    formula: "mean of the furthest point along an action's heading less its end, by action",
    source: SOURCE.feher,
    of: (path) => mean(perAction(({ overshootPx }) => overshootPx)(path)),
  },
  {
    name: "peakPlace",
    unit: "ratio",
    words: "place of the peak speed within movements",
    formula: "mean of the index of the fastest step / steps, by action",
    source: SOURCE.feher,
    of: (path) =>
      mean(perAction(({ speed }) => speed.indexOf(Math.max(...speed)) / speed.length)(path)),
  },
  {
    name: "dragShare",
    unit: "ratio",
    words: "share of movement with a button down",
    formula: "share of grid steps that are dragging",
    source: SOURCE.ahmed,
    of: ({ actions }) => mean(actions.flatMap(({ dragging }) => dragging.map(Number))),
  },
  {
    name: "clickDwellMeanMs",
    unit: "ms",
    words: "clicks",
    formula: "mean dwell of left presses under 1 s",
    source: SOURCE.feher,
    of: (path) => mean(clickDwells(path)),
  },
  {
    name: "clickDwellDeviationMs",
    unit: "ms",
    words: "clicks, in spread,",
    formula: "sample standard deviation of the dwell of left presses under 1 s",
    source: SOURCE.feher,
    of: (path) => deviation(clickDwells(path)),
  },
  {
    name: "doubleClickGapMs",
    unit: "ms",
    words: "gaps within double clicks",
    formula: `mean time from release to next press of one button, under ${DOUBLE_CLICK_MS} ms`,
    source: SOURCE.feher,
    of: ({ presses }) => mean(doubleClickGaps(presses)),
  },
  {
    name: "wheelGapMs",
    unit: "ms",
    words: "gaps between wheel steps",
    formula: "median time between wheel steps under 1 s",
    source: SOURCE.feher,
    of: ({ wheel }) => quantile(gapsUnder(wheel.map(({ timeMs }) => timeMs), 1000), 0.5),
  },
  {
    name: "wheelReversalShare",
    unit: "ratio",
    words: "share of wheel steps that turn back",
    formula: "share of wheel steps whose sign of dy differs from the step before",
    source: SOURCE.feher,
    of: ({ wheel }) =>
      mean(wheel.slice(1).map(({ dy }, i) => Number(Math.sign(dy) !== Math.sign(wheel[i]!.dy)))),
  },
];

function rateOf(path: MeasuredPath, count: (action: MeasuredAction) => number): number {
  const steps = path.measured.reduce((sum, { speed }) => sum + speed.length, 0);
  const counted = path.measured.reduce((sum, action) => sum + count(action), 0);
  return steps ? counted / steps * SECOND_STEPS : NaN;
}

function clickDwells({ presses }: PointerPath): number[] {
  return presses.filter(({ button, dwellMs }) => button === 0 && dwellMs < 1000)
    .map(({ dwellMs }) => dwellMs);
}

function doubleClickGaps(presses: PointerPath["presses"]): number[] {
  return presses.slice(1).flatMap((press, i) => {
    const before = presses[i]!;
    const gapMs = press.timeMs - before.timeMs - before.dwellMs;
    return press.button === before.button && gapMs >= 0 && gapMs < DOUBLE_CLICK_MS ? [gapMs] : [];
  });
}

function gapsUnder(timesMs: readonly number[], mostMs: number): number[] {
  return timesMs.slice(1).map((timeMs, i) => timeMs - timesMs[i]!).filter((gap) => gap < mostMs);
}

/** Order and meaning of {@linkcode pointerVector}. */
export const POINTER_FEATURES: readonly FeatureDefinition[] = FEATURES;

/** The window's features in the order of {@linkcode POINTER_FEATURES}; NaN is missing. */
export function pointerVector(window: PointerWindow): Float64Array {
  const path = pointerPath(seenAt(window, FEATURES_HZ), STOP_MS);
  const measured = { ...path, measured: path.actions.map(measureAction) };
  return Float64Array.from(FEATURES, ({ of }) => of(measured));
}
