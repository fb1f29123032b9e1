/**
 * The folder of recorded traces: one gzipped NDJSON file a stay, named by keyed hashes, so that
 * neither names nor contents say who it is, and a person's files are found without being read.
 *
 * A stay's place is held by an empty file from its start. A person who is erased meanwhile loses
 * that too, by whatever process, and the stay then finds nowhere to be written.
 */
import { encodeHex } from "@std/encoding/hex";
import { GaitkeeperError } from "../core/error.ts";
import { parseTraceLine, type TraceSession } from "../core/trace.ts";

/** Whose stay it is. */
export interface Recorded {
  readonly tenant: string;
  readonly subject: string;
  readonly session: string;
}

/** One written file: a stay in a session, by pseudonyms. */
export interface TraceFile {
  readonly path: string;
  readonly subject: string;
  readonly session: string;
}

/** Writes one stay. */
export interface TraceWriter {
  /** What the stay is called in its file. */
  readonly names: Pick<TraceSession, "subject" | "session">;
  /** Writes it whole or not at all; without a trace, or after an erasure, nothing is left. */
  finish(trace: TraceSession | undefined): Promise<void>;
}

/** Hex digits of a pseudonym of a person, and of a session or a stay. */
const [SUBJECT_DIGITS, SESSION_DIGITS] = [32, 16];
const NAME = /^([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{16}\.ndjson\.gz(\.part)?$/;
const OWNER_ALONE = 0o600;
/** Of a file that is not written yet. */
const PART = ".part";

export class TraceFolder {
  private constructor(readonly path: string, readonly key: CryptoKey) {}

  /**
   * Opens the folder, making it where there is none.
   * @throws {GaitkeeperError} `settings_invalid` where nothing can be written there.
   */
  static async open(path: string, key: CryptoKey): Promise<TraceFolder> {
    try {
      await Deno.mkdir(path, { recursive: true, mode: 0o700 });
      await Deno.remove(await Deno.makeTempFile({ dir: path }));
    } catch (cause) {
      throw new GaitkeeperError(
        "settings_invalid",
        `Cannot start: GAITKEEPER_TRACES must be a folder that can be written, got ${path} (${cause})`,
        { cause },
      );
    }
    return new TraceFolder(path, key);
  }

  /** Keeps a place for a stay. */
  async begin(of: Recorded): Promise<TraceWriter> {
    const subject = await this.pseudonymOf(of);
    const { tenant, session } = of;
    const sessionName = (await this.#hash("session", tenant, of.subject, session))
      .slice(0, SESSION_DIGITS);
    const stay: string = encodeHex(crypto.getRandomValues(new Uint8Array(SESSION_DIGITS / 2)));
    const path = `${this.path}/${subject}-${sessionName}-${stay}.ndjson.gz`;
    await Deno.writeFile(`${path}${PART}`, new Uint8Array(), {
      createNew: true,
      mode: OWNER_ALONE,
    });
    return {
      names: { subject, session: sessionName },
      finish: (trace) => finish(path, trace),
    };
  }

  /** The name that a person has in traces: the same each time, told by nobody without the key. */
  async pseudonymOf({ tenant, subject }: Pick<Recorded, "tenant" | "subject">): Promise<string> {
    return (await this.#hash("subject", tenant, subject)).slice(0, SUBJECT_DIGITS);
  }

  /** Every stay that was written, by name. */
  async files(): Promise<TraceFile[]> {
    const found = (await this.#entries()).filter(({ isWritten }) => isWritten);
    return found.sort((a, b) => a.path < b.path ? -1 : 1);
  }

  /** All that was recorded of a person. */
  async read(of: Pick<Recorded, "tenant" | "subject">): Promise<TraceSession[]> {
    const pseudonym = await this.pseudonymOf(of);
    const traces: TraceSession[] = [];
    for (const { path } of (await this.files()).filter(({ subject }) => subject === pseudonym)) {
      const lines = (await gunzip(path)).split("\n").filter((line) => line !== "");
      traces.push(...lines.map((line, i) => parseTraceLine(line, i + 1)));
    }
    return traces;
  }

  /**
   * Deletes all of a person's traces, those too that are being recorded.
   * @returns how many files were deleted.
   */
  async erase(of: Pick<Recorded, "tenant" | "subject">): Promise<number> {
    const pseudonym = await this.pseudonymOf(of);
    return await removeAll((await this.#entries()).filter(({ subject }) => subject === pseudonym));
  }

  /**
   * Deletes what was written, or begun and never ended, before a time.
   * @returns how many files were deleted.
   */
  async eraseBefore(beforeMs: number): Promise<number> {
    const old: TraceFile[] = [];
    for (const entry of await this.#entries()) {
      const { mtime } = await Deno.stat(entry.path);
      if (mtime && mtime.getTime() < beforeMs) old.push(entry);
    }
    return await removeAll(old);
  }

  async #entries(): Promise<(TraceFile & { readonly isWritten: boolean })[]> {
    const found: (TraceFile & { readonly isWritten: boolean })[] = [];
    for await (const { name } of Deno.readDir(this.path)) {
      const [, subject, session, part] = NAME.exec(name) ?? [];
      if (!subject || !session) continue;
      found.push({ path: `${this.path}/${name}`, subject, session, isWritten: !part });
    }
    return found;
  }

  async #hash(...parts: string[]): Promise<string> {
    const bytes = new TextEncoder().encode(JSON.stringify(parts));
    return encodeHex(await crypto.subtle.sign("HMAC", this.key, bytes));
  }
}

async function finish(path: string, trace: TraceSession | undefined): Promise<void> {
  const part = `${path}${PART}`;
  try {
    if (!trace) return await Deno.remove(part);
    await writeWhole(part, await gzip(`${JSON.stringify(trace)}\n`));
    await Deno.rename(part, path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}

/** Writes over a file that is still there. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  using file = await Deno.open(path, { write: true, truncate: true });
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  await file.syncData();
}

async function gunzip(path: string): Promise<string> {
  const bytes = new Blob([await Deno.readFile(path)]).stream();
  return await new Response(bytes.pipeThrough(new DecompressionStream("gzip"))).text();
}

async function gzip(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function removeAll(files: readonly TraceFile[]): Promise<number> {
  let removed = 0;
  // What was still being written may have got its name by now.
  const paths = files.flatMap(({ path }) => {
    return path.endsWith(PART) ? [path, path.slice(0, -PART.length)] : [path];
  });
  for (const path of paths) {
    try {
      await Deno.remove(path);
      removed++;
    } catch (error) {
      // Renamed or removed by whoever else works here.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return removed;
}
