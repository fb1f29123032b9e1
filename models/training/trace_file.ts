/** Reads and writes trace files on disk. */
import { parseTraceLine, type TraceSession } from "../../core/trace.ts";

/** Every session of a gzipped NDJSON trace file, in the file's order. */
export async function* readTraceFile(path: string): AsyncGenerator<TraceSession> {
  const file = await Deno.open(path, { read: true });
  const text = file.readable
    .pipeThrough(new DecompressionStream("gzip"))
    .pipeThrough(new TextDecoderStream());
  let rest = "";
  let lineNumber = 0;
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      lineNumber++;
      if (line) yield parseTraceLine(line, lineNumber);
    }
  }
  if (rest) yield parseTraceLine(rest, lineNumber + 1);
}

/** Sessions by subject, each subject's in order of their names. */
export async function readSubjects(path: string): Promise<Map<string, TraceSession[]>> {
  const subjects = new Map<string, TraceSession[]>();
  for await (const trace of readTraceFile(path)) {
    const sessions = subjects.get(trace.subject);
    if (sessions) sessions.push(trace);
    else subjects.set(trace.subject, [trace]);
  }
  for (const sessions of subjects.values()) {
    sessions.sort((a, b) => a.session < b.session ? -1 : 1);
  }
  return subjects;
}

/** Writes a trace file whole: under another name until its last session is in. */
export async function writeTraceFile(
  path: string,
  sessions: Iterable<TraceSession> | AsyncIterable<TraceSession>,
): Promise<void> {
  const part = `${path}.part`;
  const file = await Deno.create(part);
  try {
    await ReadableStream.from(linesOf(sessions))
      .pipeThrough(new TextEncoderStream())
      .pipeThrough(new CompressionStream("gzip"))
      .pipeTo(file.writable);
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}

async function* linesOf(
  sessions: Iterable<TraceSession> | AsyncIterable<TraceSession>,
): AsyncGenerator<string> {
  for await (const session of sessions) yield `${JSON.stringify(session)}\n`;
}
