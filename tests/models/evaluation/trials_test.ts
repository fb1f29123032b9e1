import { assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { seededRandom } from "../../../core/random.ts";
import type { TraceSession } from "../../../core/trace.ts";
import { comparisonsOf, pooled, readTrials } from "../../../models/evaluation/trials.ts";

const session = (subject: string, name: string, genuine?: boolean): TraceSession => ({
  subject,
  session: name,
  keys: [[0, 80, 65]],
  ...genuine === undefined ? {} : { genuine },
});
const OPTIONS = { pool: 1, admits: () => true };

async function traceFile(sessions: readonly TraceSession[]): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".ndjson.gz" });
  const lines = new Blob([sessions.map((one) => JSON.stringify(one) + "\n").join("")]);
  await Deno.writeFile(path, lines.stream().pipeThrough(new CompressionStream("gzip")));
  return path;
}

const names = (sessions: readonly TraceSession[]) => sessions.map(({ session }) => session);

Deno.test("readTrials() of one file enrols the first sessions by name, or those of a name", async () => {
  const people = ["a", "b"].flatMap((who) =>
    ["02 short", "00 long", "01 long"].map((name) => session(who, name))
  );
  const file = await traceFile(people);
  const first = await readTrials({ ...OPTIONS, enrol: file, probe: file, enrolSessions: 2 });
  assertEquals(first.enrolled.map(({ sessions }) => names(sessions)), [
    ["00 long", "01 long"],
    ["00 long", "01 long"],
  ]);
  assertEquals(names(first.probes.get("a")![0]!.sessions), ["02 short"]);
  const match = await readTrials({ ...OPTIONS, enrol: file, probe: file, enrolMatch: "short" });
  assertEquals(names(match.enrolled[0]!.sessions), ["02 short"]);
  assertEquals(match.probes.get("b")!.length, 2);
  const error = await assertRejects(
    () => readTrials({ ...OPTIONS, enrol: file, probe: file }),
    GaitkeeperError,
  );
  assertEquals(error.code, "request_invalid");
});

Deno.test("readTrials() of two files enrols all of the first, and takes those admitted only", async () => {
  const enrol = await traceFile([session("a", "0"), session("a", "1"), session("b", "0")]);
  const probe = await traceFile([session("a", "2"), session("b", "2"), session("c", "2")]);
  const all = await readTrials({ ...OPTIONS, enrol, probe });
  assertEquals(all.enrolled.map(({ sessions }) => sessions.length), [2, 1]);
  assertEquals([...all.probes.keys()], ["a", "b", "c"]);
  const few = await readTrials({ ...OPTIONS, enrol, probe, admits: (who) => who === "a" });
  assertEquals([...few.probes.keys()], ["a"]);
  const none = { ...OPTIONS, enrol, probe, admits: () => false };
  assertEquals(
    (await assertRejects(() => readTrials(none), GaitkeeperError)).code,
    "trace_invalid",
  );
});

Deno.test("pooled() joins consecutive sessions of one label and leaves out what is too few", () => {
  const five = ["0", "1", "2", "3", "4"].map((name) => session("a", name));
  assertEquals(pooled("a", five, 2).map(({ sessions }) => names(sessions)), [["0", "1"], [
    "2",
    "3",
  ]]);
  const labelled = [session("a", "0", true), session("a", "1", false), session("a", "2", true)];
  assertEquals(
    pooled("a", labelled, 2).map(({ genuine, sessions }) => [genuine, names(sessions)]),
    [
      [true, ["0", "2"]],
    ],
  );
});

Deno.test("comparisonsOf() takes all of one's own, one of every other, and labels at their word", () => {
  const of = (subject: string, ...labels: (boolean | undefined)[]) =>
    [
      subject,
      labels.flatMap((genuine, i) => pooled(subject, [session(subject, `${i}`, genuine)], 1)),
    ]
      .slice() as [string, ReturnType<typeof pooled>];
  const plain = new Map([of("a", undefined, undefined), of("b", undefined, undefined), of("c")]);
  const chosen = comparisonsOf("a", plain, seededRandom(1));
  assertEquals(chosen.map(({ genuine, probe }) => [genuine, probe.subject]), [
    [true, "a"],
    [true, "a"],
    [false, "b"],
  ]);
  const labelled = new Map([of("a", true, false), of("b", false)]);
  assertEquals(comparisonsOf("a", labelled, seededRandom(1)).map(({ genuine }) => genuine), [
    true,
    false,
  ]);
});
