/** `deno task evaluate people`: windows of people whom no model has learned from, by detector. */
import { parseArgs } from "@std/cli/parse-args";
import { GaitkeeperError } from "../../core/error.ts";
import { natsOf } from "../../core/evidence.ts";
import { automationEvidence } from "../../core/models/automation.ts";
import { FusionManifest, parseManifest } from "../../core/models/manifest.ts";
import type { DetectorName } from "../../core/models/detector.ts";
import type { Fusion } from "../../core/models/model_set.ts";
import { partOf } from "../training/split.ts";
import { readSubjects } from "../training/trace_file.ts";
import { type ErrorRatesWithIntervals, profileRatesWithIntervals } from "./intervals.ts";
import { type Comparison, loadScorer, readModelFile, type Scorer } from "./scorer.ts";

export const PEOPLE_HELP = `Single windows of people whom no model has learned from, held against
profiles of such people: equal error rate and AUC by detector and fused, with 95 % intervals from
resampling the profiles' people.

deno task evaluate people --modality keyboard|pointer --traces FILE[,FILE] [--strangers 20]
    [--windows 3] [--seed 1] [--json]

Only people of the held-out part (models/training/split.ts) take part.`;

export async function evaluatePeople(argv: readonly string[]): Promise<void> {
  const args = parseArgs([...argv], {
    string: ["modality", "traces", "strangers", "windows", "seed"],
    boolean: ["json", "help"],
  });
  if (args.help || !args.traces) return console.log(PEOPLE_HELP);
  const name = args.modality ?? "keyboard";
  const scorer = await loadScorer(name);
  const fusion = parseManifest(FusionManifest, name, await readModelFile(`${name}_fusion.json`));
  const people = [];
  for (const file of args.traces.split(",")) {
    for (const [subject, sessions] of await readSubjects(file)) {
      if (partOf(subject) === "heldOut") people.push({ subject, sessions });
    }
  }
  if (people.length < 2) {
    throw new GaitkeeperError("trace_invalid", "Cannot evaluate: two held-out people are needed");
  }
  const seed = Number(args.seed ?? 1);
  const rows = await scorer.compare(people, {
    strangers: Number(args.strangers ?? 20),
    windowsAProbe: Number(args.windows ?? 3),
    seed,
  });
  const ratesBy = (scoreOf: (row: Comparison) => number) =>
    profileRatesWithIntervals(profilesOf(rows, scoreOf), seed);
  const result = {
    modality: name,
    people: new Set(rows.map(({ subject }) => subject)).size,
    genuine: rows.filter(({ stranger }) => !stranger).length,
    impostor: rows.filter(({ stranger }) => stranger).length,
    ...Object.fromEntries(
      (["isolationForest", "sequence", "verifier"] as const)
        .map((detector) => [detector, ratesBy(({ scores }) => scores[detector])]),
    ),
    fused: ratesBy(({ scores }) => fusedNats(fusion.terms, scores)),
    ...name === "keyboard" ? { automationFlagged: flaggedShare(scorer, people) } : {},
  };
  if (args.json) return console.log(JSON.stringify(result));
  console.log(
    `${result.people} people, ${result.genuine} genuine and ${result.impostor} strange windows`,
  );
  for (const [detector, rates] of Object.entries(result)) {
    if (typeof rates !== "object") continue;
    const { eer, auc, eer95, auc95 } = rates as ErrorRatesWithIntervals;
    const percent = (share: number) => (100 * share).toFixed(2);
    console.log(
      `  ${detector.padEnd(16)} EER ${percent(eer)} % [${eer95.map(percent).join(", ")}]   ` +
        `AUC ${auc.toFixed(4)} [${auc95.map((area) => area.toFixed(4)).join(", ")}]`,
    );
  }
  if ("automationFlagged" in result) {
    const share = 100 * (result.automationFlagged as number);
    console.log(`  genuine windows that the automation rules flag: ${share.toFixed(3)} %`);
  }
}

function profilesOf(rows: readonly Comparison[], scoreOf: (row: Comparison) => number) {
  return Object.values(Object.groupBy(rows, ({ subject }) => subject)).map((own) => ({
    genuine: own!.filter(({ stranger }) => !stranger).map(scoreOf),
    stranger: own!.filter(({ stranger }) => stranger).map(scoreOf),
  }));
}

function fusedNats(fusion: Fusion, scores: Readonly<Record<DetectorName, number>>): number {
  return Object.entries(fusion)
    .reduce((sum, [name, term]) => sum + natsOf(term, scores[name as DetectorName]), 0);
}

/** Share of people's own keyboard windows in which some rule finds a program. */
function flaggedShare(scorer: Scorer, people: Parameters<Scorer["compare"]>[0]): number {
  const windows = people.flatMap(({ sessions }) => scorer.modality.windowsOf(sessions));
  const flagged = windows.filter(({ window }) =>
    automationEvidence({ window, quantumMs: 0 }).length
  );
  return flagged.length / windows.length;
}
