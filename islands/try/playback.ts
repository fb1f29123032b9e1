/** Plays generated strokes in real time: each is handed on when its key comes up, as a real one. */
import type { Stroke } from "../../core/wire.ts";

export interface PlaybackOptions {
  /** The strokes' clock, ms. */
  readonly nowMs: () => number;
  readonly push: (stroke: Stroke) => void;
  /** Calls back after `delayMs`; the returned function calls it off. */
  readonly schedule: (run: () => void, delayMs: number) => () => void;
  readonly onEnd: () => void;
}

/** Starts playing; the returned function stops it, and then `onEnd` is not called. */
export function playStrokes(strokes: readonly Stroke[], options: PlaybackOptions): () => void {
  const waiting = strokes.toSorted((a, b) => releaseMs(a) - releaseMs(b));
  let cancel = () => {};
  let next = 0;
  const go = () => {
    const nowMs = options.nowMs();
    for (; next < waiting.length && releaseMs(waiting[next]!) <= nowMs; next++) {
      options.push(waiting[next]!);
    }
    const coming = waiting[next];
    if (!coming) return options.onEnd();
    cancel = options.schedule(go, releaseMs(coming) - nowMs);
  };
  cancel = options.schedule(go, 0);
  return () => cancel();
}

function releaseMs({ timeMs, holdMs }: Stroke): number {
  return timeMs + holdMs;
}
