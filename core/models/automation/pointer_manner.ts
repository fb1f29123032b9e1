/**
 * How the movements of a pointer window are shaped, as named numbers in which neither the size of a
 * screen nor the rate of a mouse should matter.
 */
import {
  LEAST_STEP_PX,
  measureAction,
  type MeasuredAction,
  SECOND_STEPS,
} from "../../features/pointer_action.ts";
import { pointerPath } from "../../features/pointer_path.ts";
import { finite, mean } from "../../features/vector.ts";
import type { PointerWindow } from "../../window.ts";
import type { ButtonPress } from "../../wire.ts";
import { STOP_MS } from "./reach.ts";
import { correlation, kurtosis, quantileOf, ratio, skewness, variation } from "./statistics.ts";

interface Manner {
  /** Movements long enough to have a shape. */
  readonly reaches: readonly MeasuredAction[];
  readonly presses: readonly ButtonPress[];
}

const LEAST_REACH_PX = 40;
const FEWEST_STEPS = 5;
/** Keeps logarithms of a standstill finite. */
const LEAST_SPEED = 1;

const median = (of: (reach: MeasuredAction) => number) => ({ reaches }: Manner) =>
  quantileOf(reaches.map(of), 0.5);
const spread = (of: (reach: MeasuredAction) => number) => ({ reaches }: Manner) => {
  const values = reaches.map(of);
  return quantileOf(values, 0.8) - quantileOf(values, 0.2);
};
const both = (name: string, of: (reach: MeasuredAction) => number) => ({
  [`${name}Median`]: median(of),
  [`${name}Spread`]: spread(of),
});

const FEATURES: Readonly<Record<string, (manner: Manner) => number>> = {
  ...both("straightness", ({ distancePx, lengthPx }) => ratio(distancePx, lengthPx)),
  ...both("speedVariation", ({ speed }) => variation(speed)),
  ...both("speedSkew", ({ speed }) => skewness(speed)),
  ...both("speedKurtosis", ({ speed }) => kurtosis(speed)),
  ...both("peakPlace", ({ speed }) => ratio(speed.indexOf(Math.max(...speed)), speed.length - 1)),
  ...both("peakRate", ({ speed }) => ratio(peaks(speed), speed.length) * SECOND_STEPS),
  ...both("start", ({ speed }) => ratio(mean(ends(speed).first), mean(speed))),
  ...both("landing", ({ speed }) => ratio(mean(ends(speed).last), mean(speed))),
  ...both("roughness", ({ speed, jerk }) => Math.log(roughness(speed, jerk))),
  ...both("turning", ({ turns }) => quantileOf(turns.map(Math.abs), 0.5)),
  ...both("turningTail", ({ turns }) => quantileOf(turns.map(Math.abs), 0.9)),
  ...both("turnPersistence", ({ turns }) => correlation(turns.slice(0, -1), turns.slice(1))),
  ...both("slowTurns", slowTurns),
  ...both("standstill", ({ speed }) => {
    return mean(speed.map((value) => Number(value < LEAST_STEP_PX * SECOND_STEPS)));
  }),
  lengthWithDuration: ({ reaches }) =>
    correlation(logsOf(reaches, lengthOf), logsOf(reaches, durationOf)),
  lengthWithPeak: ({ reaches }) => correlation(logsOf(reaches, lengthOf), logsOf(reaches, peakOf)),
  durationVariation: ({ reaches }) => variation(reaches.map(durationOf)),
  pauseVariation: ({ reaches }) => variation(reaches.map(({ pauseMs }) => pauseMs)),
  dwellVariation: ({ presses }) => variation(presses.map(({ dwellMs }) => dwellMs)),
  dwellSkew: ({ presses }) => skewness(presses.map(({ dwellMs }) => dwellMs)),
};

/** Order of {@linkcode pointerManner}. */
export const POINTER_MANNER_FEATURES: readonly string[] = Object.keys(FEATURES);

/** The window's manner; NaN where it says nothing of a feature. */
export function pointerManner(window: PointerWindow): Float64Array {
  const { actions, presses } = pointerPath(window, STOP_MS);
  const reaches = actions.map(measureAction)
    .filter(({ lengthPx, speed }) => lengthPx >= LEAST_REACH_PX && speed.length >= FEWEST_STEPS);
  return Float64Array.from(Object.values(FEATURES), (of) => of({ reaches, presses }));
}

function peaks(speed: readonly number[]): number {
  return speed.filter((value, i) => i > 0 && value > speed[i - 1]! && value >= (speed[i + 1] ?? 0))
    .length;
}

/** The first and the last fifth. */
function ends(values: readonly number[]) {
  const fifth = Math.max(1, Math.round(values.length / 5));
  return { first: values.slice(0, fifth), last: values.slice(-fifth) };
}

/** Jerk without a unit (Hogan and Sternad 2009), by its median so that one stumble does not rule. */
function roughness(speed: readonly number[], jerk: readonly number[]): number {
  const seconds = speed.length / SECOND_STEPS;
  return ratio(quantileOf(jerk.map(Math.abs), 0.5) * seconds ** 2, Math.max(...speed));
}

/** How much more slowly the hand goes where it turns: the two-thirds power law's direction. */
function slowTurns({ speed, curvature }: MeasuredAction): number {
  const known = finite(curvature);
  const moving = speed.filter((value) => value >= LEAST_STEP_PX * SECOND_STEPS).slice(1);
  const log = (values: readonly number[]) => values.map((value) => Math.log(value + 1e-4));
  return correlation(log(known.slice(0, moving.length)), log(moving.slice(0, known.length)));
}

const lengthOf = ({ lengthPx }: MeasuredAction) => lengthPx;
const durationOf = ({ speed }: MeasuredAction) => speed.length;
const peakOf = ({ speed }: MeasuredAction) => Math.max(...speed);
function logsOf(reaches: readonly MeasuredAction[], of: (reach: MeasuredAction) => number) {
  return reaches.map((reach) => Math.log(Math.max(LEAST_SPEED, of(reach))));
}
