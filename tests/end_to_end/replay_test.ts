import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type LocalService, startLocalService } from "../../models/evaluation/local_service.ts";
import { play } from "../../models/evaluation/player.ts";
import {
  EVERY_SESSION,
  partOfSessions,
  readRecordings,
  startAfter,
} from "../../models/evaluation/recordings.ts";
import { systemOptions } from "../../models/evaluation/replay.ts";
import { readTrials } from "../../models/evaluation/socket.ts";
import { runTrial } from "../../models/evaluation/socket_trial.ts";
import { areaUnderCurve } from "../../models/evaluation/socket_summary.ts";
import { abortableDelay } from "../../routes/delay.ts";
import { generateTraces, writeTraceFile } from "./generated_traces.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const ADA = 20;
const EVE = 38;

/** A service that waits a tenth as long between commits, and a trace file of two typists. */
async function withService(
  use: (service: LocalService, traces: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const traces = `${folder}/typists.ndjson.gz`;
  await writeTraceFile(traces, [...generateTraces(ADA, 8, 50), ...generateTraces(EVE, 4, 50)]);
  const service = await startLocalService({
    delay: (ms, signal) => abortableDelay(ms / 10, signal),
  });
  try {
    await use(service, traces);
  } finally {
    await service.close();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the command as its user does. */
async function replay(args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "replay", ...args],
    cwd: ROOT,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("replay enrols a typist, stays low on the same one, and asks for a step-up on another", async () => {
  await withService(async (service, traces) => {
    const to = ["--to", service.origin.href, "--key", service.secretKey, "--speed", "max"];
    const people = ["--traces", traces, "--subject", `typist-${ADA}`];

    const table = await replay([...to, ...people, "--sessions", "6"]);
    assertEquals(table.code, 0, table.stderr);
    assertStringIncludes(table.stdout, "strongest reason");
    assertStringIncludes(table.stdout, "300 strokes");
    assertStringIncludes(table.stderr, "100 %");

    // The same person comes back in another session, and is taken over from.
    const then = ["--then", `typist-${EVE}`, "--sessions", "7-8", "--json"];
    const { code, stdout, stderr } = await replay([...to, ...people, ...then]);
    assertEquals(code, 0, stderr);
    const report = JSON.parse(stdout);
    assertEquals([report.strokes, report.action], [300, "step_up"]);
    assertEquals(report.alerts.length, 1);
    assert(report.finalRisk > 90 && report.maxRisk >= report.finalRisk);
    const own = report.timeline.filter((row: { playing: string }) =>
      row.playing === `typist-${ADA}`
    );
    assert(own.length > 0 && own.every((row: { level: string }) => row.level === "low"));
    assert(own.at(-1).confidence > 0.4 && own.at(-1).risk < 5);
    // Not before she sat down, and within two windows.
    assertEquals(report.stepUps[0].playing, `typist-${EVE}`);
    assert(report.stepUpAtStroke > 100 && report.stepUpAtStroke <= 200);
  });
});

Deno.test("replay says what is wrong, with its code, and prints nothing else", async () => {
  await withService(async (service, traces) => {
    const to = ["--to", service.origin.href, "--key", service.secretKey];
    const ada = `typist-${ADA}`;
    for (
      const [args, words] of [
        [["--traces", traces, "--subject", "nobody"], "trace_invalid"],
        [["--traces", traces, "--subject", "nobody"], ada],
        [["--traces", `${traces}.gone`, "--subject", ada], "trace_invalid"],
        [["--traces", traces, "--subject", ada, "--sessions", "9-12"], "trace_invalid"],
        [["--traces", traces, "--subject", ada, "--speed", "0"], "request_invalid"],
        [["--traces", traces, "--subject", ada, "--spede", "1"], "request_invalid"],
        [["--traces", traces, "--subject", ada, "--key", "wrong"], "credential_invalid"],
      ] as const
    ) {
      const { code, stdout, stderr } = await replay([...to, ...args]);
      assertEquals([code, stdout], [1, ""], args.join(" "));
      assertStringIncludes(stderr, words);
      assert(!stderr.includes("at file:"), stderr);
    }
  });
});

Deno.test("play() loses nothing and doubles nothing when its connection is cut again and again", async () => {
  await withService(async (service, traces) => {
    const recordings = await readRecordings(traces, [`typist-${ADA}`]);
    const part = partOfSessions(recordings.get(`typist-${ADA}`)!, EVERY_SESSION, Date.now());
    let cuts = 0;
    const { final } = await play(service, [part], {
      ...systemOptions(),
      as: "ada",
      speed: "max",
      // After every sixth frame.
      cutAfter: (sequence) => sequence % 6 === 0 && cuts++ < 20,
    });
    assert(cuts > 10);
    assertEquals(final.strokes, 400);
    assertEquals(final.keyboard.stage, "ready");
  });
});

Deno.test("play() of two people on one subject's socket begins the second after the first", async () => {
  await withService(async (_, traces) => {
    const names = [`typist-${ADA}`, `typist-${EVE}`];
    const recordings = await readRecordings(traces, names);
    const first = partOfSessions(recordings.get(names[0]!)!, { from: 2, to: 3 }, 1e6);
    const second = partOfSessions(recordings.get(names[1]!)!, EVERY_SESSION, startAfter(first));
    assertEquals(first.events.length, 100);
    assertEquals(first.events[0]!.timeMs, 1e6);
    const gapsMs = first.events.slice(1).map(({ timeMs }, i) => timeMs - first.events[i]!.timeMs);
    assert(gapsMs[49]! >= 2000);
    assertEquals(second.events[0]!.timeMs, first.events.at(-1)!.timeMs + 2000);
  });
});

const recorded = `${Deno.env.get("GAITKEEPER_TRACES") ?? `${ROOT}../shared/data`}/` +
  "keys-aalto-train.ndjson.gz";
const isRecorded = await Deno.stat(recorded).then(() => true, () => false);

Deno.test({
  name: "people whom no model has learned from are told apart over the socket",
  ignore: !isRecorded,
  fn: async () => {
    const trials = await readTrials({
      traces: recorded,
      modality: "keyboard",
      subjects: 4,
      enrol: { from: 1, to: 8 },
      probe: { from: 9, to: 12 },
      strangers: 1,
      seed: 3,
      people: undefined,
    });
    await withService(async (service) => {
      const options = { system: systemOptions, takeover: false, run: "test" };
      const results = await Promise.all(trials.map((trial) => runTrial(service, trial, options)));
      const risks = (isStranger: boolean) =>
        results.flat().filter((probe) => probe.isStranger === isStranger)
          .map(({ finalRisk }) => finalRisk);
      assert(areaUnderCurve(risks(false), risks(true)) >= 0.95, JSON.stringify(results));
      for (const probe of results.flat()) {
        assert(probe.wasReady && probe.scored > 0);
        assert(probe.assessments > 2);
        assertEquals(probe.unexplained, 0);
      }
    });
  },
});
