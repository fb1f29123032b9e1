/** One movement of the pointer, measured: speed and what is derived from it, turns, length. */
import { GRID_MS, type PointerAction } from "./pointer_path.ts";

/** An action with what is measured on it once. */
export interface MeasuredAction extends PointerAction {
  /** Smoothed, px/s a grid step; so is what is derived from it. */
  readonly speed: readonly number[];
  readonly acceleration: readonly number[];
  readonly jerk: readonly number[];
  /** Turn between successive moving steps, rad in (-pi, pi]. */
  readonly turns: readonly number[];
  /** Turn over length, rad/px, absolute. */
  readonly curvature: readonly number[];
  readonly lengthPx: number;
  /** From the first point to the last. */
  readonly distancePx: number;
  /** Furthest point along the line from first to last point, less its end. */
  readonly overshootPx: number;
}

/** Grid steps in a second. */
export const SECOND_STEPS = 1000 / GRID_MS;
/**
 * Weights over neighbouring steps, for speed and all that is derived from it: a deviation of 23 ms,
 * so that a report every 33 ms and one every 8 ms look alike. Without it a mouse that reports
 * at 30 Hz moves turning, curvature and acceleration by one to four of their deviations.
 */
const SMOOTHING = [1, 2, 3, 2, 1] as const;
/** Steps shorter than this have no direction worth the name, px. */
export const LEAST_STEP_PX = 1;

/** Weighted means over a step and its neighbours; at the ends, over those there are. */
function smoothed(values: readonly number[]): number[] {
  const reach = (SMOOTHING.length - 1) / 2;
  return values.map((_, i) => {
    let [sum, weights] = [0, 0];
    SMOOTHING.forEach((weight, k) => {
      const value = values[i + k - reach];
      if (value === undefined) return;
      sum += weight * value;
      weights += weight;
    });
    return sum / weights;
  });
}

/** Measures an action: times in grid steps of 20 ms, lengths on the path as it is. */
export function measureAction(action: PointerAction): MeasuredAction {
  const [smoothX, smoothY] = [smoothed(action.dx), smoothed(action.dy)];
  const steps = smoothX.map((dx, i) => Math.hypot(dx, smoothY[i]!));
  const speed = steps.map((px) => px * SECOND_STEPS);
  const rate = (values: readonly number[]) =>
    values.slice(1).map((value, i) => (value - values[i]!) * SECOND_STEPS);
  const acceleration = rate(speed);
  const turns: number[] = [];
  const curvature: number[] = [];
  let heading: number | undefined;
  steps.forEach((px, i) => {
    if (px < LEAST_STEP_PX) return;
    const angle = Math.atan2(smoothY[i]!, smoothX[i]!);
    if (heading !== undefined) {
      const turn = wrap(angle - heading);
      turns.push(turn);
      curvature.push(Math.abs(turn) / px);
    }
    heading = angle;
  });
  const x = action.dx.reduce((sum, dx) => sum + dx, 0);
  const y = action.dy.reduce((sum, dy) => sum + dy, 0);
  return {
    ...action,
    speed,
    acceleration,
    jerk: rate(acceleration),
    turns,
    curvature,
    lengthPx: action.dx.reduce((sum, dx, i) => sum + Math.hypot(dx, action.dy[i]!), 0),
    distancePx: Math.hypot(x, y),
    overshootPx: furthestPx(action, Math.atan2(y, x)) - Math.hypot(x, y),
  };
}

/** An angle brought into (-pi, pi]. */
function wrap(angle: number): number {
  return angle - 2 * Math.PI * Math.ceil((angle - Math.PI) / (2 * Math.PI));
}

/** The furthest point along a heading, px. */
function furthestPx({ dx, dy }: PointerAction, heading: number): number {
  let [along, furthest] = [0, 0];
  dx.forEach((x, i) => {
    along += x * Math.cos(heading) + dy[i]! * Math.sin(heading);
    furthest = Math.max(furthest, along);
  });
  return furthest;
}
