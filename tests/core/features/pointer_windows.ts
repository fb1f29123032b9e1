/** Pointer windows made of known movement. */
import type { PointerEvents, PointerWindow } from "../../../core/window.ts";
import type { ButtonPress, PointerSample, WheelStep } from "../../../core/wire.ts";

/** A window of these events, brought into order of time. */
export function pointerWindow(events: readonly PointerEvents[]): PointerWindow {
  const sorted = [...events].sort((a, b) => a.timeMs - b.timeMs);
  const [startMs, endMs] = [sorted[0]?.timeMs ?? 0, sorted.at(-1)?.timeMs ?? 0];
  return { modality: "pointer", startMs, endMs, activeMs: endMs - startMs, events: sorted };
}

/** The same window `shiftMs` later. */
export function later(window: PointerWindow, shiftMs: number): PointerWindow {
  return pointerWindow(
    window.events.map((event) => ({ ...event, timeMs: event.timeMs + shiftMs })),
  );
}

export interface SampledPath {
  readonly startMs?: number;
  readonly durationMs: number;
  readonly stepMs: number;
  readonly dragging?: boolean;
}

/** A path, given as position in px at ms since its start, as a mouse would report it: whole px. */
export function sampled(
  place: (ms: number) => readonly [number, number],
  { startMs = 0, durationMs, stepMs, dragging = false }: SampledPath,
): PointerSample[] {
  const samples: PointerSample[] = [];
  let [x, y] = place(0).map(Math.round) as [number, number];
  for (let i = 0; i * stepMs <= durationMs; i++) {
    const [newX, newY] = place(i * stepMs).map(Math.round) as [number, number];
    const timeMs = startMs + Math.round(i * stepMs * 10) / 10;
    samples.push({ kind: "pointer", timeMs, dx: newX - x, dy: newY - y, dragging });
    [x, y] = [newX, newY];
  }
  return samples;
}

export function press(timeMs: number, dwellMs: number, button = 0): ButtonPress {
  return { kind: "button", timeMs, dwellMs, button };
}

export function wheel(timeMs: number, dy: number): WheelStep {
  return { kind: "wheel", timeMs, dx: 0, dy };
}
