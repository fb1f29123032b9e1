/** `deno task evaluate pointer`: one session enrols, another is probed, at several polling rates. */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { natsOf } from "../../core/evidence.ts";
import type { DetectorName, Observation } from "../../core/models/detector.ts";
import { loadPointer } from "../../core/models/load.ts";
import { FusionManifest, parseManifest } from "../../core/models/manifest.ts";
import type { Fusion } from "../../core/models/model_set.ts";
import { createProfile, learnWindow } from "../../core/profile.ts";
import type { TraceSession } from "../../core/trace.ts";
import { type PointerWindow, PointerWindower } from "../../core/window.ts";
import { decimate, layEndToEnd } from "../training/people.ts";
import { type Part, partOf } from "../training/split.ts";
import { readSubjects } from "../training/trace_file.ts";
import { type ErrorRatesWithIntervals, ratesWithIntervals } from "./intervals.ts";
import { ProgressBar } from "./progress.ts";
import { readModelFile } from "./scorer.ts";

export const POINTER_HELP = `Windows of one session held against a profile of another session, of
the same person and of everybody else: equal error rate and AUC at one threshold for all, by detector
and fused, with 95 % intervals from resampling people.

deno task evaluate pointer --traces FILE [--enrol 3min] [--probe 1min] [--hz 125,60,30]
    [--part heldOut[,calibrate]] [--seed 1] [--json]

Profiles are learned at the mouse's own rate; the probes are thinned to each rate of --hz. With the
default part no model has seen anyone; people of the part "calibrate" are new to embedder and
verifier alone.`;

const DETECTORS = ["isolationForest", "sequence", "verifier"] as const;
/** Scores of a window against a profile. */
type Scores = Readonly<Record<DetectorName | "fused", number>>;
interface Probe {
  readonly person: number;
  /** By profile, then by window of the probe. */
  readonly byProfile: readonly (readonly Scores[])[];
}

export async function evaluatePointer(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["traces", "enrol", "probe", "hz", "part", "seed"],
    boolean: ["json", "help"],
    default: { enrol: "3min", probe: "1min", hz: "125,60,30", part: "heldOut", seed: "1" },
  });
  if (args.help || !args.traces) return console.log(POINTER_HELP);
  const parts = args.part.split(",") as Part[];
  const people = [...await readSubjects(args.traces)].flatMap(([subject, sessions]) => {
    const named = (prefix: string) => sessions.filter(({ session }) => session.startsWith(prefix));
    const [enrol, probe] = [named(args.enrol), named(args.probe)];
    return parts.includes(partOf(subject)) && enrol.length && probe.length
      ? [{ subject, enrol, probe }]
      : [];
  });
  if (people.length < 2) {
    throw new GaitkeeperError("trace_invalid", "Cannot evaluate: two such people are needed");
  }

  const evaluation = await PointerEvaluation.load(Number(args.seed));
  const profiles = [];
  for (const { enrol } of people) profiles.push(await evaluation.enrol(enrol));
  const result: Record<string, unknown> = { people: people.length, parts: args.part };
  for (const hz of args.hz.split(",").map(Number)) {
    const probes: Probe[] = [];
    const bar = new ProgressBar();
    for (const [person, { probe }] of people.entries()) {
      bar.show(person / people.length, `${hz} Hz, ${person} of ${people.length} people`);
      probes.push({ person, byProfile: await evaluation.score(profiles, probe, hz) });
    }
    bar.hide();
    result[`${hz}Hz`] = summary(probes, Number(args.seed));
  }
  if (args.json) return console.log(JSON.stringify(result));
  print(result);
}

class PointerEvaluation {
  private constructor(
    readonly models: Awaited<ReturnType<typeof loadPointer>>,
    readonly fusion: Fusion,
    readonly seed: number,
  ) {}

  static async load(seed: number): Promise<PointerEvaluation> {
    const name = "pointer_fusion";
    const { terms } = parseManifest(FusionManifest, name, await readModelFile(`${name}.json`));
    return new PointerEvaluation(await loadPointer(readModelFile), terms, seed);
  }

  /** Detectors that have learned a person's sessions as a full profile would. */
  async enrol(sessions: readonly TraceSession[]) {
    const observed = await this.#observe(sessions, Infinity);
    const profile = observed.reduce(
      learnWindow,
      createProfile("pointer", this.models.version, this.seed),
    );
    const detectors = this.models.createDetectors(this.seed);
    for (const reference of profile.references) {
      for (const detector of detectors) detector.learnOne(reference);
    }
    return detectors;
  }

  /** A person's windows at a polling rate against every profile. */
  async score(
    profiles: readonly Awaited<ReturnType<PointerEvaluation["enrol"]>>[],
    sessions: readonly TraceSession[],
    hz: number,
  ): Promise<Scores[][]> {
    const observed = await this.#observe(sessions, hz);
    return await Promise.all(profiles.map(async (detectors) => {
      const scores = await Promise.all(detectors.map((detector) => detector.scoreMany(observed)));
      return observed.map((_, i) => {
        const entries = detectors.map(({ name }, d) => [name, scores[d]![i] ?? NaN] as const);
        const byName = Object.fromEntries(entries) as Record<DetectorName, number>;
        const fused = DETECTORS.reduce(
          (sum, name) => sum + natsOf(this.fusion[name], byName[name]),
          0,
        );
        return { ...byName, fused };
      });
    }));
  }

  async #observe(sessions: readonly TraceSession[], hz: number): Promise<Observation[]> {
    const windower = new PointerWindower(this.models.window);
    const windows: PointerWindow[] = layEndToEnd(sessions).flatMap(({ events }) =>
      decimate(events, hz).flatMap((event) => {
        const taken = event.kind === "pointer" || event.kind === "button" || event.kind === "wheel";
        return (taken ? windower.push(event) : undefined) ?? [];
      })
    );
    const observed = await Promise.all(windows.map((window) => this.models.observe(window)));
    return observed.filter((observation) => observation !== undefined);
  }
}

function summary(probes: readonly Probe[], seed: number) {
  const genuine = probes.reduce((sum, { person, byProfile }) => sum + byProfile[person]!.length, 0);
  const byDetector = ([...DETECTORS, "fused"] as const).map((detector) => {
    const probed = probes.map(({ person, byProfile }) => ({
      person,
      byProfile: byProfile.map((scores) => scores.map((score) => score[detector])),
    }));
    return [detector, ratesWithIntervals(probed, seed)] as const;
  });
  const impostor = genuine * (probes.length - 1);
  return { genuine, impostor, ...Object.fromEntries(byDetector) };
}

function print({ people, parts, ...byRate }: Record<string, unknown>): void {
  console.log(`${people} people (${parts}), windows of one session against profiles of another`);
  const percent = (share: number) => (100 * share).toFixed(1);
  for (const [rate, found] of Object.entries(byRate)) {
    const { genuine, impostor, ...detectors } = found as Record<string, unknown>;
    console.log(`${rate}: ${genuine} genuine and ${impostor} strange windows`);
    for (const [detector, value] of Object.entries(detectors)) {
      const { eer, auc, eer95, auc95 } = value as ErrorRatesWithIntervals;
      console.log(
        `  ${detector.padEnd(16)} EER ${percent(eer)} % [${eer95.map(percent).join(", ")}]   ` +
          `AUC ${auc.toFixed(3)} [${auc95.map((area) => area.toFixed(3)).join(", ")}]`,
      );
    }
  }
}
