/** Keyboard windows spelled out by hand, and windows of any shape for property tests. */
import fc from "fast-check";
import type { KeyboardWindow } from "../../../core/window.ts";
import type { Stroke } from "../../../core/wire.ts";
import { ZONES } from "../../../core/zones.ts";

type Key = readonly [pressMs: number, holdMs: number, zone?: Stroke["zone"]];

/** Strokes from `[pressMs, holdMs, zone]`; a letter where no zone is given. */
export function strokesOf(...keys: readonly Key[]): Stroke[] {
  return keys.map(([timeMs, holdMs, zone = "letter"]) => ({
    kind: "stroke",
    timeMs,
    holdMs,
    zone,
  }));
}

export function keyboardWindow(strokes: readonly Stroke[]): KeyboardWindow {
  const last = strokes.at(-1);
  return {
    modality: "keyboard",
    startMs: strokes[0]?.timeMs ?? 0,
    endMs: (last?.timeMs ?? 0) + (last?.holdMs ?? 0),
    strokes,
  };
}

/** The same strokes at another time of day, in the ticks of 0.1 ms that the wire carries. */
export function laterStrokes(strokes: readonly Stroke[], ticks: number): Stroke[] {
  return strokes.map((stroke) => ({
    ...stroke,
    timeMs: (Math.round(stroke.timeMs * 10) + ticks) / 10,
  }));
}

/** Strokes as the wire carries them: any zones, holds and gaps in ticks of 0.1 ms, press order. */
export const anyStrokes: fc.Arbitrary<Stroke[]> = fc.array(
  fc.record({
    gapTicks: fc.oneof(fc.nat(5_000), fc.constant(0), fc.nat(200_000)),
    holdTicks: fc.oneof(fc.nat(3_000), fc.constant(0), fc.nat(50_000)),
    zone: fc.constantFrom(...ZONES),
  }),
  { maxLength: 50 },
).map((keys) => {
  let ticks = 0;
  return keys.map(({ gapTicks, holdTicks, zone }) => {
    ticks += gapTicks;
    return { kind: "stroke", timeMs: ticks / 10, holdMs: holdTicks / 10, zone };
  });
});
