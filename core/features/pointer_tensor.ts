/** A pointer window as the sequence embedder reads it: chunks of its path on the common grid. */
import type { PointerWindow } from "../window.ts";
import { type PointerAction, pointerPath } from "./pointer_path.ts";

export const POINTER_CHANNELS: readonly string[] = [
  "dxArsinh",
  "dyArsinh",
  "speedLog",
  "dragging",
  "pauseLog",
];
/** Grid steps a chunk holds: 2.56 s of movement. */
export const CHUNK_STEPS = 128;
/** Pixels a step at which the scale turns from linear to logarithmic. */
const STEP_PX = 8;
const LONGEST_PAUSE_S = 10;

/** One row of {@linkcode POINTER_CHANNELS} a grid step, row-major. */
export function pointerRows(actions: readonly PointerAction[]): Float32Array {
  const rows: number[] = [];
  for (const { dx, dy, dragging, pauseMs } of actions) {
    dx.forEach((x, i) => {
      const y = dy[i]!;
      const pauseS = i || !Number.isFinite(pauseMs) ? 0 : Math.min(pauseMs / 1000, LONGEST_PAUSE_S);
      rows.push(
        Math.asinh(x / STEP_PX),
        Math.asinh(y / STEP_PX),
        Math.log(Math.hypot(x, y) / STEP_PX + 0.1) / 1.5,
        Number(dragging[i]),
        Math.log1p(pauseS),
      );
    });
  }
  return Float32Array.from(rows);
}

/**
 * Chunks of the window, the newest last; each row-major `[CHUNK_STEPS, channels]`. They lie evenly from
 * its first step to its last and overlap where it is no whole number of chunks long: a window loses
 * part of a step at every pause, and would else lose a whole chunk with it.
 */
export function pointerChunks(window: PointerWindow): Float32Array[] {
  const width = POINTER_CHANNELS.length;
  const rows = pointerRows(pointerPath(window).actions);
  const steps = rows.length / width;
  if (steps < CHUNK_STEPS) return [];
  const count = Math.max(1, Math.round(steps / CHUNK_STEPS));
  const last = steps - CHUNK_STEPS;
  return Array.from({ length: count }, (_, i) => {
    const start = count === 1 ? last : Math.round(last * i / (count - 1));
    return rows.slice(width * start, width * (start + CHUNK_STEPS));
  });
}
