/**
 * A pointer as slower ones would report it. How often a mouse reports tells people apart by their
 * desks, and what is enrolled on one machine is held against another: so no more of a window is read
 * than any mouse would have told.
 */
import type { PointerWindow } from "../window.ts";
import type { PointerSample } from "../wire.ts";

/** Reports a second that features are measured at: what a display shows. */
export const FEATURES_HZ = 60;
/** The embedder sees a window at both; the mean of two views differs less between mice than either. */
export const EMBEDDED_HZ = [60, 30] as const;

/**
 * At most `hz` samples a second, none of the way lost: what is left out moves with the next sample. All
 * other events stay.
 */
export function decimate<Event extends { readonly kind: string }>(
  events: readonly (Event | PointerSample)[],
  hz: number,
): (Event | PointerSample)[] {
  const slower: (Event | PointerSample)[] = [];
  let [lastMs, dx, dy] = [-Infinity, 0, 0];
  for (const event of events) {
    if (event.kind !== "pointer") {
      slower.push(event);
      continue;
    }
    const sample = event as PointerSample;
    dx += sample.dx;
    dy += sample.dy;
    if (sample.timeMs - lastMs < 1000 / hz) continue;
    slower.push({ ...sample, dx, dy });
    [lastMs, dx, dy] = [sample.timeMs, 0, 0];
  }
  return slower;
}

/** The window as reported at most `hz` times a second. */
export function seenAt(window: PointerWindow, hz: number): PointerWindow {
  return { ...window, events: decimate(window.events, hz) };
}
