/** A keyboard window as the sequence embedder reads it. */
import type { Stroke } from "../wire.ts";
import { ZONES } from "../zones.ts";
import { timeStrokes } from "./keystroke.ts";

/** Names of the channels of one stroke, in order. */
export const STROKE_CHANNELS: readonly string[] = [
  "holdLog",
  "hold",
  "pressPressLog",
  "pressPress",
  "flightArsinh",
  "flight",
  "releaseReleaseArsinh",
  "releaseRelease",
  "first",
  ...ZONES.map((zone) => `zone.${zone}`),
];

const clip = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/**
 * Row-major `[strokes, STROKE_CHANNELS.length]`, 32-bit. Each interval twice, on a logarithmic scale
 * for the tails and on a linear one for the bulk, both near unit size; a stroke with nothing before
 * it has zero intervals and its flag set.
 */
export function keystrokeTensor(strokes: readonly Stroke[]): Float32Array {
  const width = STROKE_CHANNELS.length;
  const tensor = new Float32Array(strokes.length * width);
  timeStrokes(strokes).forEach((stroke, i) => {
    const holdMs = clip(stroke.holdMs, 0, 1000);
    const row = [2 * (Math.log(holdMs + 10) - 4.6), holdMs / 100 - 1];
    if (stroke.previousZone === undefined) row.push(0, 0, 0, 0, 0, 0, 1);
    else {
      const pressPressMs = clip(stroke.pressPressMs, 0, 3000);
      const flightMs = clip(stroke.flightMs, -1000, 3000);
      const releaseReleaseMs = clip(stroke.releaseReleaseMs, -1000, 3000);
      row.push(
        Math.log(pressPressMs + 20) - 5.2,
        Math.min(pressPressMs, 600) / 200 - 1,
        Math.asinh(flightMs / 40) - 1,
        clip(flightMs, -200, 500) / 150 - 0.5,
        Math.asinh(releaseReleaseMs / 60) - 1.5,
        clip(releaseReleaseMs, -200, 600) / 200 - 1,
        0,
      );
    }
    tensor.set(row, i * width);
    tensor[i * width + row.length + ZONES.indexOf(stroke.zone)] = 1;
  });
  return tensor;
}
