/** Picks people and sessions out of a trace file and lays them end to end for playing. */
import { GaitkeeperError } from "../../core/error.ts";
import type { TraceSession } from "../../core/trace.ts";
import { layEndToEnd } from "../training/people.ts";
import { readTraceFile } from "../training/trace_file.ts";
import type { Part } from "./player.ts";

/** Places among a person's sessions, counted from 1 in the order of their names; both inclusive. */
export interface SessionRange {
  readonly from: number;
  readonly to: number;
}

export const EVERY_SESSION: SessionRange = { from: 1, to: Infinity };

/**
 * `10` is the first ten, `11-15` the eleventh to the fifteenth.
 * @throws {GaitkeeperError} `request_invalid`
 */
export function parseSessionRange(text: string): SessionRange {
  const [, first, last] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  const range = last === undefined
    ? { from: 1, to: Number(first) }
    : { from: Number(first), to: Number(last) };
  if (range.from >= 1 && range.to >= range.from) return range;
  throw new GaitkeeperError(
    "request_invalid",
    `Cannot pick sessions: the range must be N or FROM-TO, counted from 1, got "${text}"`,
  );
}

/** Subjects named when one is asked for that is not there. */
const SUBJECTS_NAMED = 8;

/**
 * The sessions of the people asked for, each person's in the order of the sessions' names.
 * @throws {GaitkeeperError} `trace_invalid` when the file is no trace file or lacks one of them.
 */
export async function readRecordings(
  path: string,
  subjects: Iterable<string>,
): Promise<ReadonlyMap<string, readonly TraceSession[]>> {
  const found = new Map([...subjects].map((subject) => [subject, [] as TraceSession[]]));
  const others = new Set<string>();
  try {
    for await (const trace of readTraceFile(path)) {
      const sessions = found.get(trace.subject);
      if (sessions) sessions.push(trace);
      else if (others.size < SUBJECTS_NAMED) others.add(trace.subject);
    }
  } catch (cause) {
    if (cause instanceof GaitkeeperError) throw cause;
    throw new GaitkeeperError(
      "trace_invalid",
      `Cannot read trace: ${path} must be a gzipped NDJSON file, got ${
        cause instanceof Error ? cause.message : cause
      }`,
      { cause },
    );
  }
  for (const [subject, sessions] of found) {
    if (!sessions.length) {
      const known = others.size ? `such as ${[...others].join(", ")}` : "which has none";
      throw new GaitkeeperError(
        "trace_invalid",
        `Cannot replay: the subject must be one of ${path}, ${known}, got "${subject}"`,
      );
    }
    sessions.sort((a, b) => a.session < b.session ? -1 : 1);
  }
  return found;
}

/**
 * The sessions in the range as one part, the first event at `startMs`, two seconds between sessions.
 * @throws {GaitkeeperError} `trace_invalid` when the range holds none.
 */
export function partOfSessions(
  sessions: readonly TraceSession[],
  { from, to }: SessionRange,
  startMs: number,
): Part {
  const subject = sessions[0]!.subject;
  const picked = sessions.slice(from - 1, to);
  if (!picked.length) {
    throw new GaitkeeperError(
      "trace_invalid",
      `Cannot replay: the range must hold some of the ${sessions.length} sessions of ` +
        `"${subject}", got ${from}-${to}`,
    );
  }
  return { subject, events: layEndToEnd(picked, { startMs }).flatMap(({ events }) => events) };
}

/** Where what follows a part begins, ms: two seconds after its last event. */
export function startAfter({ events }: Part): number {
  return events.at(-1)!.timeMs + 2000;
}
