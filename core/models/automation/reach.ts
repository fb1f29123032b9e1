/** One movement of the pointer between two stops, and what of it no hand does. */
import type { PointerSample } from "../../wire.ts";

/** A gap this long between samples is a stop, ms: no mouse leaves one on the way. */
export const STOP_MS = 200;
/** Shorter movements say too little, px. */
const LEAST_REACH_PX = 100;
/** A hand takes longer for that, ms. */
const SHORTEST_REACH_MS = 40;
const FEWEST_SAMPLES = 6;
/** A movement along an axis may be straight, for pixels round it so, px. */
const LEAST_OFF_AXIS_PX = 20;
/** Root mean square distance from the best line, px; rounding to pixels alone gives 0.3. */
const STRAIGHT_WITHIN_PX = 0.6;
/** Deviation of the speed as a share of its mean that no hand keeps. */
const EVEN_WITHIN = 0.15;

/**
 * A movement under way, as sums, so that it stays small however long it gets. Positions are px from
 * where the first sample found the pointer; speeds are px/ms.
 */
export interface ReachRecord {
  readonly startMs: number;
  readonly endMs: number;
  readonly samples: number;
  readonly lengthPx: number;
  readonly x: number;
  readonly y: number;
  readonly sumX: number;
  readonly sumY: number;
  readonly sumXX: number;
  readonly sumYY: number;
  readonly sumXY: number;
  /** Of all steps but the first, which has no time, and the last, which is cut short. */
  readonly speeds: number;
  readonly sumSpeed: number;
  readonly sumSpeedSquare: number;
  readonly lastSpeed: number;
}

/** The movement with one more sample; `undefined` is none yet. */
export function extendReach(
  reach: ReachRecord | undefined,
  { timeMs, dx, dy }: Pick<PointerSample, "timeMs" | "dx" | "dy">,
): ReachRecord {
  const stepPx = Math.hypot(dx, dy);
  if (!reach) {
    const none = { x: 0, y: 0, sumX: 0, sumY: 0, sumXX: 0, sumYY: 0, sumXY: 0 };
    const still = { speeds: 0, sumSpeed: 0, sumSpeedSquare: 0, lastSpeed: NaN };
    return { startMs: timeMs, endMs: timeMs, samples: 1, lengthPx: stepPx, ...none, ...still };
  }
  const [x, y] = [reach.x + dx, reach.y + dy];
  const { lastSpeed } = reach;
  const hasSpeed = Number.isFinite(lastSpeed);
  return {
    startMs: reach.startMs,
    endMs: timeMs,
    samples: reach.samples + 1,
    lengthPx: reach.lengthPx + stepPx,
    x,
    y,
    sumX: reach.sumX + x,
    sumY: reach.sumY + y,
    sumXX: reach.sumXX + x * x,
    sumYY: reach.sumYY + y * y,
    sumXY: reach.sumXY + x * y,
    speeds: reach.speeds + Number(hasSpeed),
    sumSpeed: reach.sumSpeed + (hasSpeed ? lastSpeed : 0),
    sumSpeedSquare: reach.sumSpeedSquare + (hasSpeed ? lastSpeed ** 2 : 0),
    lastSpeed: stepPx / Math.max(1, timeMs - reach.endMs),
  };
}

/** What was measured of a movement; `undefined` where it says nothing. */
export interface JudgedReach {
  /** It took no time. */
  readonly teleport: boolean;
  readonly straight: boolean | undefined;
  readonly even: boolean | undefined;
}

/** Judges a movement; `undefined` when it is too short to say anything. */
export function judgeReach(reach: ReachRecord | undefined): JudgedReach | undefined {
  if (!reach || reach.lengthPx < LEAST_REACH_PX) return undefined;
  const teleport = reach.endMs - reach.startMs < SHORTEST_REACH_MS;
  // What takes no time has no shape to speak of.
  if (teleport || reach.samples < FEWEST_SAMPLES) {
    return { teleport, straight: undefined, even: undefined };
  }
  return { teleport, straight: isStraight(reach), even: isEven(reach) };
}

/** By the smaller eigenvalue of the positions' covariance. */
function isStraight(
  { samples, x, y, sumX, sumY, sumXX, sumYY, sumXY }: ReachRecord,
): boolean | undefined {
  if (Math.min(Math.abs(x), Math.abs(y)) < LEAST_OFF_AXIS_PX) return undefined;
  const varX = sumXX / samples - (sumX / samples) ** 2;
  const varY = sumYY / samples - (sumY / samples) ** 2;
  const covariance = sumXY / samples - sumX * sumY / samples ** 2;
  const across = (varX + varY - Math.hypot(varX - varY, 2 * covariance)) / 2;
  return Math.sqrt(Math.max(0, across)) < STRAIGHT_WITHIN_PX;
}

function isEven({ speeds, sumSpeed, sumSpeedSquare }: ReachRecord): boolean {
  const mean = sumSpeed / speeds;
  const variance = Math.max(0, sumSpeedSquare / speeds - mean ** 2);
  return Math.sqrt(variance) < EVEN_WITHIN * mean;
}
