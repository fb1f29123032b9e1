/** The step of the clock that a recording was made by, as the collector would have told it. */
import type { StreamEvent } from "../../core/wire.ts";
import { ClockMeter } from "../../islands/collector/quantum.ts";

/** The step told by each event, ms; 0 while it is not known. */
export class CollectorClock {
  readonly #meter = new ClockMeter();
  #quantumMs = 0;

  observe(event: StreamEvent): number {
    const lastsMs = event.kind === "stroke"
      ? event.holdMs
      : event.kind === "button"
      ? event.dwellMs
      : undefined;
    this.#quantumMs = this.#meter.observe(event.timeMs) ?? this.#quantumMs;
    if (lastsMs !== undefined) {
      this.#quantumMs = this.#meter.observe(event.timeMs + lastsMs) ?? this.#quantumMs;
    }
    return this.#quantumMs;
  }
}

/** The events with what the collector says of the clock; as they are where they say it themselves. */
export function withClock(events: readonly StreamEvent[]): StreamEvent[] {
  if (events.some(({ kind }) => kind === "clock")) return [...events];
  const clock = new CollectorClock();
  let known = 0;
  return events.flatMap((event): StreamEvent[] => {
    const quantumMs = clock.observe(event);
    if (quantumMs === known) return [event];
    known = quantumMs;
    return [event, { kind: "clock", timeMs: event.timeMs, quantumMs }];
  });
}

/** The step that was known at the end, ms; 0 where there was too little to know it by. */
export function stepOf(events: readonly StreamEvent[]): number {
  const clock = new CollectorClock();
  return events.reduce((_, event) => clock.observe(event), 0);
}
