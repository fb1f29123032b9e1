/**
 * A pointer window's events as movement on a common grid of time. Mice report at anything from 30 to
 * 1000 Hz, which would give the device away, not the hand; on the grid all look alike.
 */
import { POINTER_PAUSE_MS, type PointerWindow } from "../window.ts";
import { type ButtonPress, type PointerSample, toWirePrecision, type WheelStep } from "../wire.ts";

/** Step of the grid, ms: no finer than a 60 Hz report can fill. */
export const GRID_MS = 20;

/** Movement between two pauses, on the grid. */
export interface PointerAction {
  readonly startMs: number;
  readonly endMs: number;
  /** Pause before it, ms; NaN for the window's first. */
  readonly pauseMs: number;
  /** Displacement a grid step, px. */
  readonly dx: readonly number[];
  readonly dy: readonly number[];
  readonly dragging: readonly boolean[];
}

/** A window taken apart. */
export interface PointerPath {
  readonly actions: readonly PointerAction[];
  readonly presses: readonly ButtonPress[];
  readonly wheel: readonly WheelStep[];
}

/**
 * Splits at gaps above `stopMs` and resamples each action by linear interpolation of its positions.
 */
export function pointerPath(window: PointerWindow, stopMs = POINTER_PAUSE_MS): PointerPath {
  const samples: PointerSample[] = [];
  const presses: ButtonPress[] = [];
  const wheel: WheelStep[] = [];
  for (const event of window.events) {
    if (event.kind === "pointer") samples.push(event);
    else if (event.kind === "button") presses.push(event);
    else wheel.push(event);
  }
  const isHeld = heldBy(presses);
  const actions: PointerAction[] = [];
  let run: PointerSample[] = [];
  let pauseMs = NaN;
  for (const sample of [...samples, undefined]) {
    const last = run.at(-1);
    if (last && (!sample || sample.timeMs - last.timeMs > stopMs)) {
      const action = resample(run, pauseMs);
      if (action) actions.push(action);
      pauseMs = sample ? sample.timeMs - last.timeMs : NaN;
      run = [];
    }
    if (sample) run.push({ ...sample, dragging: sample.dragging && isHeld(sample.timeMs) });
  }
  return { actions, presses, wheel };
}

/**
 * Whether a press accounts for a button that is said to be down. Where a release was lost, all that
 * follows would count as dragging; the next press tells. The last one may still be open.
 */
function heldBy(presses: readonly ButtonPress[]): (timeMs: number) => boolean {
  const lastMs = presses.reduce((last, { timeMs }) => Math.max(last, timeMs), -Infinity);
  return (atMs) =>
    atMs >= lastMs ||
    presses.some(({ timeMs, dwellMs }) => timeMs <= atMs && atMs <= timeMs + dwellMs);
}

/** A run of samples on the grid; none where it is shorter than one step. */
function resample(run: readonly PointerSample[], pauseMs: number): PointerAction | undefined {
  const startMs = run[0]!.timeMs;
  const endMs = run.at(-1)!.timeMs;
  // To the wire's precision, or the rounding of epoch times would decide where a step falls.
  const atMs = run.map(({ timeMs }) => toWirePrecision(timeMs - startMs));
  const steps = Math.floor(atMs.at(-1)! / GRID_MS);
  if (steps < 1) return undefined;
  const dx: number[] = [];
  const dy: number[] = [];
  const dragging: boolean[] = [];
  // Position at a sample's time is the sum of the displacements after the first sample.
  let [next, fromX, fromY, fromMs] = [1, 0, 0, 0];
  let [lastX, lastY] = [0, 0];
  for (let step = 1; step <= steps; step++) {
    const gridMs = step * GRID_MS;
    for (; atMs[next]! < gridMs; next++) {
      fromX += run[next]!.dx;
      fromY += run[next]!.dy;
      fromMs = atMs[next]!;
    }
    const ahead = run[next]!;
    const share = (gridMs - fromMs) / (atMs[next]! - fromMs);
    const [gridX, gridY] = [fromX + share * ahead.dx, fromY + share * ahead.dy];
    dx.push(gridX - lastX);
    dy.push(gridY - lastY);
    dragging.push(ahead.dragging);
    [lastX, lastY] = [gridX, gridY];
  }
  return { startMs, endMs, pauseMs, dx, dy, dragging };
}
