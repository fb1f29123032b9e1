import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { Recording } from "../../../core/recording.ts";
import { DEFAULT_TENANT } from "../../../core/store/keys.ts";
import { traceToEvents } from "../../../core/trace.ts";
import type { StreamEvent } from "../../../core/wire.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { joinTraces } from "../../../models/training/join_traces.ts";
import { readSubjects } from "../../../models/training/trace_file.ts";
import type { TraceFolder } from "../../../routes/trace_folder.ts";
import { START_MS } from "../../core/live_sessions.ts";
import { MASTER_KEY, namesIn, withTraceFolder } from "../../routes/trace_folders.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const HOUR_MS = 3600_000;

/** Records a stay as the service does. */
async function record(
  folder: TraceFolder,
  subject: string,
  session: string,
  events: readonly StreamEvent[],
): Promise<void> {
  const writer = await folder.begin({ tenant: DEFAULT_TENANT, subject, session });
  const recording = new Recording();
  recording.take(events);
  recording.settle();
  await writer.finish(recording.trace(writer.names));
}

const ADA = createTypist(1);
const EARLY = ADA.type(60, START_MS);
const MIDDLE = ADA.type(70, START_MS + HOUR_MS);
const LATE = ADA.type(80, START_MS + 24 * HOUR_MS);
const MOVED = createHand(3).move(30_000, START_MS + 2 * HOUR_MS);

/** Ada in two sessions, the earlier one of two stays; Eve with a pointer alone. */
async function recordPeople(folder: TraceFolder): Promise<void> {
  await record(folder, "ada", "z", LATE);
  await record(folder, "ada", "a", MIDDLE);
  await record(folder, "ada", "a", EARLY);
  await record(folder, "ada", "a", MOVED);
  await record(folder, "eve", "a", MOVED);
}

Deno.test("joinTraces() makes sessions of stays and people of sessions, in the order of time", async () => {
  await withTraceFolder(async (folder) => {
    await recordPeople(folder);
    const [ada, ...others] = await Array.fromAsync(joinTraces(folder, { modality: "keyboard" }));
    assertEquals(others, []);
    assertEquals(ada!.sessions.map(({ session }) => session), ["0001", "0002"]);
    const starts = [START_MS, START_MS + 24 * HOUR_MS];
    const played = ada!.sessions.map((trace, i) => traceToEvents(trace, starts[i]!));
    assertEquals(played, [[...EARLY, ...MIDDLE], LATE]);
    for (const trace of ada!.sessions) {
      assertEquals(trace.keys![0]![0], 0);
      assertEquals(Object.keys(trace).sort(), ["keys", "session", "subject"]);
      assertEquals(trace.subject, ada!.subject);
    }
  });
});

Deno.test("joinTraces() joins pointers without a jump between stays", async () => {
  await withTraceFolder(async (folder) => {
    const hand = createHand(5);
    const stays = [hand.move(20_000, START_MS), hand.move(20_000, START_MS + HOUR_MS)];
    for (const stay of stays) await record(folder, "eve", "s", stay);
    const [eve] = await Array.fromAsync(joinTraces(folder, { modality: "pointer" }));
    const farthest = (events: readonly StreamEvent[]) =>
      events.reduce(
        (most, event) =>
          event.kind === "pointer" ? Math.max(most, Math.hypot(event.dx, event.dy)) : most,
        0,
      );
    const played = traceToEvents(eve!.sessions[0]!, START_MS);
    assertEquals(eve!.sessions.length, 1);
    assert(farthest(played) <= 2 * farthest(stays.flat()), `${farthest(played)} px`);
    assert(played.filter(({ timeMs }) => timeMs > START_MS + HOUR_MS).length > 100);
  });
});

Deno.test("joinTraces() calls people by pseudonyms, but for those it is asked to name", async () => {
  await withTraceFolder(async (folder) => {
    await recordPeople(folder);
    const [ada, eve] = [
      await folder.pseudonymOf({ tenant: DEFAULT_TENANT, subject: "ada" }),
      await folder.pseudonymOf({ tenant: DEFAULT_TENANT, subject: "eve" }),
    ];
    const subjects = async (names?: ReadonlyMap<string, string>) => {
      const people = await Array.fromAsync(joinTraces(folder, names ? { names } : {}));
      return people.map(({ subject }) => subject).sort();
    };
    assertEquals(await subjects(), [ada, eve].sort());
    assertEquals(await subjects(new Map([[ada, "ada"]])), ["ada", eve].sort());
  });
});

Deno.test("joinTraces() names a file that is none of the service's", async () => {
  await withTraceFolder(async (folder, path) => {
    await recordPeople(folder);
    const [file] = await folder.files();
    await Deno.writeTextFile(file!.path, "no gzip");
    const error = await assertRejects(
      () => Array.fromAsync(joinTraces(folder)),
      GaitkeeperError,
    );
    assertEquals(error.code, "trace_invalid");
    assert(error.message.includes(path));
  });
});

/** Runs `deno task traces` with these words. */
async function runTraces(folder: string | undefined, ...words: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "--no-prompt", "-A", "models/training/traces.ts", ...words],
    cwd: ROOT,
    clearEnv: true,
    env: {
      HOME: Deno.env.get("HOME") ?? "",
      NO_COLOR: "1",
      GAITKEEPER_MASTER_KEY: MASTER_KEY,
      ...folder ? { GAITKEEPER_TRACES: folder } : {},
    },
  }).output();
  const decoder = new TextDecoder();
  return { code, said: decoder.decode(stdout), refused: decoder.decode(stderr) };
}

Deno.test("deno task traces lists, joins, and deletes a person's", async () => {
  await withTraceFolder(async (folder, path) => {
    await recordPeople(folder);
    const out = `${path}/../joined.ndjson.gz`;
    const listed = await runTraces(path, "--name", "ada");
    assert(
      /^ada +(train|calibrate|heldOut) +2 sessions, 210 strokes, \d+ pointer rows$/m.test(
        listed.said,
      ),
      listed.said,
    );
    assert(listed.said.includes("2 people"), listed.said);

    assertEquals((await runTraces(path, "keyboard", out)).code, 0);
    const joined = await readSubjects(out);
    assertEquals([...joined.values()].map((sessions) => sessions.length), [2]);
    assertEquals((await runTraces(path, "pointer", out)).code, 0);
    assertEquals((await readSubjects(out)).size, 2);

    const deleted = await runTraces(path, "--delete", "ada");
    assert(deleted.said.startsWith("4 files deleted"), deleted.said);
    assertEquals((await namesIn(path)).length, 1);
    assert((await runTraces(path, "--delete-older-than", "1")).said.startsWith("0 files"));
    assert((await runTraces(path, "--delete-older-than", "0")).said.startsWith("1 files"));
  });
});

Deno.test("deno task traces refuses what it cannot do, in one line", async () => {
  await withTraceFolder(async (folder, path) => {
    await recordPeople(folder);
    const wrong: string[][] = [
      ["mouse", "out"],
      ["keyboard"],
      ["keyboard", "out", "more"],
      ["keyboard", "out", "--delete", "ada"],
      ["--delete", ""],
      ["--delete-older-than", "soon"],
      ["--forget"],
    ];
    const answers = await Promise.all(wrong.map((words) => runTraces(path, ...words)));
    for (const [i, { code, refused }] of answers.entries()) {
      assertEquals(code, 1, wrong[i]!.join(" "));
      assert(/^Cannot .+\(request_invalid\)\n$/.test(refused), refused);
    }
    assert((await runTraces(undefined)).refused.includes("GAITKEEPER_TRACES"));
    assertEquals((await namesIn(path)).length, 5);
  });
});
