/** A pointer recording taken apart into movements, for attackers that build on a person's own. */
import type { ButtonPress, PointerSample, StreamEvent } from "../../../core/wire.ts";

export interface RecordedReach {
  /** From the first sample; the first displacement is where it began. */
  readonly samples: readonly PointerSample[];
  readonly durationMs: number;
  readonly lengthPx: number;
  readonly x: number;
  readonly y: number;
  /** Until the next movement, ms. */
  readonly pauseMs: number;
  /** A press in that pause, and how long after the movement it came. */
  readonly press: { readonly hoverMs: number; readonly dwellMs: number } | undefined;
}

const STOP_MS = 200;
const LEAST_PX = 40;

export function reachesOf(events: readonly StreamEvent[]): RecordedReach[] {
  const samples = events.filter((event): event is PointerSample => event.kind === "pointer");
  const presses = events.filter((event): event is ButtonPress => event.kind === "button");
  const runs: PointerSample[][] = [];
  for (const sample of samples) {
    const last = runs.at(-1)?.at(-1);
    if (last && sample.timeMs - last.timeMs <= STOP_MS) runs.at(-1)!.push(sample);
    else runs.push([sample]);
  }
  return runs.flatMap((run, i): RecordedReach[] => {
    const [startMs, endMs] = [run[0]!.timeMs, run.at(-1)!.timeMs];
    const nextMs = runs[i + 1]?.at(0)?.timeMs ?? endMs + STOP_MS;
    const press = presses.find(({ timeMs }) => timeMs >= endMs && timeMs < nextMs);
    const sum = (of: (sample: PointerSample) => number) =>
      run.reduce((total, sample) => total + of(sample), 0);
    const [x, y] = [sum(({ dx }) => dx), sum(({ dy }) => dy)];
    if (Math.hypot(x, y) < LEAST_PX) return [];
    return [{
      samples: run,
      durationMs: endMs - startMs,
      lengthPx: Math.hypot(x, y),
      x,
      y,
      pauseMs: Math.min(5000, nextMs - endMs),
      press: press && { hoverMs: press.timeMs - endMs, dwellMs: press.dwellMs },
    }];
  });
}
