/**
 * `deno task evaluate socket`: people whom no model has learned from, over the real socket of a real
 * service; each is enrolled and then probed by the same hand and by another.
 */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { EmbedderManifest, parseManifest } from "../../core/models/manifest.ts";
import { type Random, seededRandom } from "../../core/random.ts";
import type { TraceSession } from "../../core/trace.ts";
import { startLocalService } from "./local_service.ts";
import { ProgressBar } from "./progress.ts";
import { partOfSessions, readRecordings, type SessionRange } from "./recordings.ts";
import { systemOptions } from "./replay.ts";
import { readModelFile } from "./observe.ts";
import { secretKeyFrom } from "./secret_key.ts";
import { type ProbeResult, runTrial, type Trial } from "./socket_trial.ts";
import { LEAST_AUC, summariseTrials } from "./socket_summary.ts";

export const SOCKET_HELP = `Plays people whom no model has learned from into a service.

deno task evaluate socket --traces FILE [options]

  --modality M       keyboard (default) or pointer
  --subjects N       people, 40 by default
  --enrol N          sessions that enrol, 10 by default; of a pointer the "3min" session
  --probe N          sessions that probe, the ones after; 5 by default; of a pointer the "1min" one
  --takeover         the probe goes on in the session of enrolment, not in one of its own
  --people ID,ID     these people instead of those whom the models' manifests hold out
  --strangers N      strangers that probe each person, 1 by default, 4 of a pointer
  --seed N           chooses people and strangers, 1 by default
  --at-once N        people played side by side, 6 by default
  --to URL           a running dev service; by default one starts in this process, on a store in memory
  --key SECRET       its secret key, as for replay
  --json             one line of JSON

Each person is enrolled once a probe, on a fresh profile: it is probed by the same person's next
sessions, or by another person's. A step-up asked during the probe counts as an alert.`;

export interface SocketOptions {
  readonly traces: string;
  readonly modality: "keyboard" | "pointer";
  readonly subjects: number;
  readonly enrol: SessionRange;
  readonly probe: SessionRange;
  /** Strangers to each person. */
  readonly strangers: number;
  readonly seed: number;
  readonly people: readonly string[] | undefined;
}

/** Runs the command on its arguments; sets the exit code to 1 where the figures miss the bar. */
export async function evaluateSocket(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: [
      "traces",
      "modality",
      "subjects",
      "enrol",
      "probe",
      "people",
      "strangers",
      "seed",
      "at-once",
      "to",
      "key",
    ],
    boolean: ["help", "json", "takeover"],
    default: { modality: "keyboard", subjects: "40", seed: "1", "at-once": "6" },
    unknown: (option: string) => {
      throw invalid(`options must be those of --help, got "${option}"`);
    },
  });
  if (args.help) return console.log(SOCKET_HELP);
  if (!args.traces) throw invalid("--traces must be given");
  const { modality } = args;
  if (modality !== "keyboard" && modality !== "pointer") {
    throw invalid(`--modality must be keyboard or pointer, got "${modality}"`);
  }
  const enrolled = modality === "pointer" ? 1 : count(args.enrol ?? "10", "--enrol");
  const trials = await readTrials({
    traces: args.traces,
    modality,
    subjects: count(args.subjects, "--subjects"),
    // By name "1min" stands before "3min".
    enrol: modality === "pointer" ? { from: 2, to: 2 } : { from: 1, to: enrolled },
    probe: modality === "pointer"
      ? { from: 1, to: 1 }
      : { from: enrolled + 1, to: enrolled + count(args.probe ?? "5", "--probe") },
    strangers: count(args.strangers ?? (modality === "pointer" ? "4" : "1"), "--strangers"),
    seed: count(args.seed, "--seed"),
    people: args.people?.split(","),
  });

  const local = args.to ? undefined : await startLocalService();
  const service = local ??
    { origin: new URL(args.to!), secretKey: await secretKeyFrom(args.key) };
  try {
    const bar = new ProgressBar();
    const run = crypto.randomUUID().slice(0, 8);
    const options = { system: systemOptions, takeover: args.takeover, run };
    const beganMs = performance.now();
    let done = 0;
    const results = await inParallel(trials, count(args["at-once"], "--at-once"), async (trial) => {
      const result = await runTrial(service, trial, options);
      bar.show(++done / trials.length, `${done} of ${trials.length} people`);
      return result;
    });
    bar.hide();
    const tookS = Math.round((performance.now() - beganMs) / 1000);
    report(results.flat(), { takeover: args.takeover, modality, tookS, asJson: args.json });
  } finally {
    await local?.close();
  }
}

function report(
  results: readonly ProbeResult[],
  facts: { takeover: boolean; modality: string; tookS: number; asJson: boolean },
): void {
  const { asJson, ...about } = facts;
  const leastAuc = LEAST_AUC[facts.modality];
  const summary = summariseTrials(results, leastAuc);
  if (asJson) console.log(JSON.stringify({ ...about, ...summary.figures, results }));
  else console.log(summary.text + `\n${facts.tookS} s`);
  if (!summary.holds) Deno.exitCode = 1;
}

/** Picks people by the seed; the strangers of each are the next ones in the picked order. */
export async function readTrials(options: SocketOptions): Promise<Trial[]> {
  const people = options.people ?? await heldOutPeople(options.modality);
  const recordings = await readRecordings(options.traces, people);
  const complete = [...recordings].filter(([, sessions]) => sessions.length >= lastOf(options));
  const picked = shuffled(complete, seededRandom(options.seed)).slice(0, options.subjects);
  if (picked.length <= options.strangers) {
    throw invalid(`${options.strangers + 1} people or more must have enough sessions`);
  }
  const eventsOf = (sessions: readonly TraceSession[], range: SessionRange) =>
    partOfSessions(sessions, range, 0).events;
  return picked.map(([subject, sessions], i) => ({
    subject,
    enrol: eventsOf(sessions, options.enrol),
    genuine: eventsOf(sessions, options.probe),
    strangers: Array.from({ length: options.strangers }, (_, n) => {
      const [stranger, others] = picked[(i + 1 + n) % picked.length]!;
      return { subject: stranger, events: eventsOf(others, options.probe) };
    }),
  }));
}

function lastOf({ enrol, probe }: SocketOptions): number {
  return Math.max(enrol.to, probe.to);
}

/** Everyone whom neither training nor calibration of the modality's models has seen. */
async function heldOutPeople(modality: string): Promise<readonly string[]> {
  const name = `${modality}_embedder`;
  const manifest = parseManifest(EmbedderManifest, name, await readModelFile(`${name}.json`));
  return manifest.trainedOn.heldOut;
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items.map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

/** Runs `work` over items, at most `atOnce` of them at a time; results in the items' order. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const place = next++;
      results[place] = await work(items[place]!);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

function count(text: string, option: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw invalid(`${option} must be a whole number above 0, got "${text}"`);
}

function invalid(what: string): GaitkeeperError {
  return new GaitkeeperError("request_invalid", `Cannot evaluate: ${what}`);
}
