/** Joins what was recorded of people who consented: stays to sessions, sessions to people. */
import { GaitkeeperError } from "../../core/error.ts";
import { eventsToTrace, type TraceSession, traceStartMs, traceToEvents } from "../../core/trace.ts";
import type { Modality } from "../../core/window.ts";
import type { StreamEvent } from "../../core/wire.ts";
import type { TraceFile, TraceFolder } from "../../routes/trace_folder.ts";
import { readTraceFile } from "./trace_file.ts";

export interface JoinedPerson {
  /** Their pseudonym, or the name that was asked for. */
  readonly subject: string;
  /** In the order in which they began, named `0001`, `0002` and so on. */
  readonly sessions: readonly TraceSession[];
}

export interface JoinOptions {
  /** What else was recorded is left out; everything is joined where it is not given. */
  readonly modality?: Modality;
  /** Names by pseudonym. */
  readonly names?: ReadonlyMap<string, string>;
}

const SESSION_DIGITS = 4;

/** Everybody who was recorded, one after the other, so that no more than one person is in memory. */
export async function* joinTraces(
  folder: TraceFolder,
  { modality, names = new Map() }: JoinOptions = {},
): AsyncGenerator<JoinedPerson> {
  const people = Map.groupBy(await folder.files(), ({ subject }) => subject);
  for (const [pseudonym, files] of people) {
    const sessions = await joinSessions(files, modality);
    if (!sessions.length) continue;
    const subject = names.get(pseudonym) ?? pseudonym;
    yield {
      subject,
      sessions: sessions.map(({ events, startMs }, i) =>
        eventsToTrace(events, startMs, {
          subject,
          session: String(i + 1).padStart(SESSION_DIGITS, "0"),
        })
      ),
    };
  }
}

interface Joined {
  readonly startMs: number;
  readonly events: readonly StreamEvent[];
}

async function joinSessions(
  files: readonly TraceFile[],
  modality: Modality | undefined,
): Promise<Joined[]> {
  const joined: Joined[] = [];
  for (const stays of Map.groupBy(files, ({ session }) => session).values()) {
    const events: StreamEvent[] = [];
    for (const { path } of stays) {
      for (const event of await readStay(path)) if (belongs(event, modality)) events.push(event);
    }
    if (events.length) joined.push({ events, startMs: traceStartMs(events) });
  }
  return joined.sort((a, b) => a.startMs - b.startMs);
}

/** @throws {GaitkeeperError} `trace_invalid`, naming the file. */
async function readStay(path: string): Promise<StreamEvent[]> {
  try {
    const traces = await Array.fromAsync(readTraceFile(path));
    return traces.flatMap((trace) => traceToEvents(trace, trace.startedAtMs ?? 0));
  } catch (cause) {
    throw new GaitkeeperError(
      "trace_invalid",
      `Cannot read trace: ${path} must be as the service wrote it, got ${
        cause instanceof Error ? cause.message : cause
      }`,
      { cause },
    );
  }
}

function belongs({ kind }: StreamEvent, modality: Modality | undefined): boolean {
  return modality === undefined || (kind === "stroke") === (modality === "keyboard");
}
