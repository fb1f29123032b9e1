/**
 * How a window of strokes hangs together, as named numbers in which neither tempo nor text matters:
 * what a hand cannot help doing and a generator does not think of.
 */
import { type TimedStroke, timeStrokes } from "../../features/keystroke.ts";
import { finite, mean, quantile } from "../../features/vector.ts";
import type { KeyboardWindow } from "../../window.ts";
import type { Zone } from "../../zones.ts";
import {
  correlation,
  kurtosis,
  lopsidedness,
  persistence,
  quantileOf,
  ratio,
  relativeQuantile,
  skewness,
  variation,
} from "./statistics.ts";

interface Manner {
  readonly strokes: readonly TimedStroke[];
  readonly holdMs: readonly number[];
  /** Press to press, NaN across a pause. */
  readonly stepMs: readonly number[];
  readonly logStep: readonly number[];
  readonly logHold: readonly number[];
  readonly flightMs: readonly number[];
}

/** A longer step is a pause, ms. */
const LONGEST_STEP_MS = 1000;
/** Keeps the logarithm of a hold of 0 finite, ms. */
const LEAST_MS = 1;

const FEATURES: Readonly<Record<string, (manner: Manner) => number>> = {
  holdVariation: ({ holdMs }) => variation(holdMs),
  holdSkew: ({ logHold }) => skewness(logHold),
  holdKurtosis: ({ logHold }) => kurtosis(logHold),
  holdLopsidedness: ({ holdMs }) => lopsidedness(holdMs),
  holdShortest: ({ holdMs }) => relativeQuantile(holdMs, 0.05),
  holdLongest: ({ holdMs }) => relativeQuantile(holdMs, 0.95),
  holdPersistence: ({ logHold }) => persistence(logHold),
  stepSpread: ({ logStep }) => quantileOf(logStep, 0.9) - quantileOf(logStep, 0.1),
  stepSkew: ({ logStep }) => skewness(logStep),
  stepKurtosis: ({ logStep }) => kurtosis(logStep),
  stepLopsidedness: ({ stepMs }) => lopsidedness(stepMs),
  stepShortest: ({ stepMs }) => relativeQuantile(stepMs, 0.05),
  stepQuarter: ({ stepMs }) => relativeQuantile(stepMs, 0.25),
  stepLong: ({ stepMs }) => relativeQuantile(stepMs, 0.75),
  stepLongest: ({ stepMs }) => relativeQuantile(stepMs, 0.95),
  stepPersistence: ({ logStep }) => persistence(logStep),
  stepDrift: ({ logStep }) => correlation(logStep, logStep.map((_, i) => i)),
  flightKurtosis: ({ flightMs }) => kurtosis(flightMs),
  flightSkew: ({ flightMs }) => skewness(flightMs),
  holdWithStep: ({ logHold, logStep }) => correlation(logHold, logStep),
  holdWithNextStep: ({ logHold, logStep }) => correlation(logHold.slice(0, -1), logStep.slice(1)),
  holdToStep: ({ holdMs, stepMs }) => ratio(quantileOf(holdMs, 0.5), quantileOf(stepMs, 0.5)),
  overlapShare: ({ flightMs }) => mean(finite(flightMs).map((ms) => Number(ms < 0))),
  overlapDepth: ({ flightMs, holdMs }) =>
    -ratio(quantile(finite(flightMs), 0.05), quantileOf(holdMs, 0.5)),
  stepIntoSpace: (manner) => stepAgainstLetters(manner, "letter", "space"),
  stepOutOfSpace: (manner) => stepAgainstLetters(manner, "space", "letter"),
  spaceHold: ({ strokes, holdMs }) =>
    Math.log(ratio(meanHold(strokes, "space"), quantileOf(holdMs, 0.5))),
};

/** Order of {@linkcode strokeManner}. */
export const STROKE_MANNER_FEATURES: readonly string[] = Object.keys(FEATURES);

/** The window's manner; NaN where it says nothing of a feature. */
export function strokeManner(window: KeyboardWindow): Float64Array {
  const strokes = timeStrokes(window.strokes);
  const stepMs = strokes.map(({ pressPressMs }) => {
    return pressPressMs < LONGEST_STEP_MS ? pressPressMs : NaN;
  });
  const holdMs = strokes.map(({ holdMs }) => Math.min(holdMs, LONGEST_STEP_MS));
  const manner: Manner = {
    strokes,
    holdMs,
    stepMs,
    logStep: stepMs.map((ms) => Math.log(Math.max(LEAST_MS, ms))),
    logHold: holdMs.map((ms) => Math.log(Math.max(LEAST_MS, ms))),
    flightMs: strokes.map(({ flightMs }, i) => Number.isNaN(stepMs[i]) ? NaN : flightMs),
  };
  return Float64Array.from(Object.values(FEATURES), (of) => of(manner));
}

/** Mean log step from one zone to another, less that between letters. */
function stepAgainstLetters({ strokes, logStep }: Manner, from: Zone, to: Zone): number {
  const stepsOf = (previous: Zone, next: Zone) =>
    finite(logStep.filter((_, i) => {
      return strokes[i]!.previousZone === previous && strokes[i]!.zone === next;
    }));
  return mean(stepsOf(from, to)) - mean(stepsOf("letter", "letter"));
}

function meanHold(strokes: readonly TimedStroke[], of: Zone): number {
  return mean(strokes.filter(({ zone }) => zone === of).map(({ holdMs }) => holdMs));
}
