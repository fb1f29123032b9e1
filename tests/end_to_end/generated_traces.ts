/** Trace files of people who do not exist, in the format of recorded ones. */
import { eventsToTrace, type TraceSession, traceStartMs } from "../../core/trace.ts";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";

export { writeTraceFile } from "../../models/training/trace_file.ts";

/** Sessions of one generated typist, `strokes` each. */
export function generateTraces(seed: number, sessions: number, strokes: number): TraceSession[] {
  const typist = createTypist(seed);
  return Array.from({ length: sessions }, (_, i) => {
    const names = { subject: `typist-${seed}`, session: String(i).padStart(2, "0") };
    return eventsToTrace(typist.type(strokes, 0), 0, names);
  });
}

/** Sessions of one generated hand, each as long as it moves. */
export function generateHandTraces(
  seed: number,
  sessions: readonly { readonly session: string; readonly durationMs: number }[],
): TraceSession[] {
  const hand = createHand(seed);
  return sessions.map(({ session, durationMs }) => {
    const events = hand.move(durationMs, 0);
    return eventsToTrace(events, traceStartMs(events), { subject: `hand-${seed}`, session });
  });
}
