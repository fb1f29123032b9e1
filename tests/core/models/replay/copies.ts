/** Recordings of generated people, played again. */
import {
  emptyMemories,
  type SketchMemories,
} from "../../../../core/models/replay/sketch_memory.ts";
import { type ReplayFinding, ReplayWatch } from "../../../../core/models/replay/watch.ts";
import { type Random, seededRandom } from "../../../../core/random.ts";
import { decodeFrame, encodeFrame, type StreamEvent } from "../../../../core/wire.ts";
import { normal } from "../../../../islands/try/sampling.ts";

/** As the server decodes it. */
export function throughWire(events: readonly StreamEvent[]): StreamEvent[] {
  return [...decodeFrame(encodeFrame({ stream: 1, sequence: 1, events })).events];
}

/** Every press, release and sample at another time, in the order in which they came. */
export function moved(events: readonly StreamEvent[], at: (ms: number) => number): StreamEvent[] {
  let lastMs = -Infinity;
  return throughWire(events.map((event): StreamEvent => {
    const timeMs = lastMs = Math.max(lastMs, at(event.timeMs));
    if (event.kind !== "stroke") return { ...event, timeMs };
    return { ...event, timeMs, holdMs: Math.max(1, at(event.timeMs + event.holdMs) - timeMs) };
  }));
}

export function jittered(
  events: readonly StreamEvent[],
  jitterMs: number,
  random: Random = seededRandom(7),
): StreamEvent[] {
  return moved(events, (ms) => ms + jitterMs * normal(random));
}

/** What a watch finds in events, one process after the other where it is cut. */
export function find(
  events: readonly StreamEvent[],
  memories: SketchMemories = emptyMemories(),
  cutEvery = Infinity,
): ReplayFinding[] {
  let watch = new ReplayWatch(memories);
  return events.flatMap((event, i) => {
    if (i && i % cutEvery === 0) watch = new ReplayWatch(memories, watch.record);
    return watch.push(event, true) ?? [];
  });
}

/** What is known after these events. */
export function memoriesOf(events: readonly StreamEvent[]): SketchMemories {
  const memories = emptyMemories();
  find(events, memories);
  return memories;
}
