/**
 * Scores windows of calibration people with the live detectors, against profiles as live use would
 * hold them, for the fusion to be fitted on.
 *
 *     deno run -R -W --allow-env models/training/export_scores.ts MODALITY WORK TRACES...
 *
 * WORK/MODALITY_scores.json: rows of `[someoneElse, isolationForest, sequence,
 * verifier, person]`, where `person` counts the profiles' people.
 */
import { loadScorer } from "../evaluation/scorer.ts";
import { partOf } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

const [name, work, ...traces] = Deno.args;
if (!name || !work || !traces.length) {
  throw new TypeError("Cannot export: MODALITY, WORK and TRACES must be given");
}
const scorer = await loadScorer(name);
const people = [];
for (const file of traces) {
  for (const [subject, sessions] of await readSubjects(file)) {
    if (partOf(subject) === "calibrate") people.push({ subject, sessions });
  }
}
const rows = await scorer.compare(people, { strangers: 10, windowsAProbe: 6, seed: 20261123 });
const subjects = [...new Set(rows.map(({ subject }) => subject))];
await Deno.writeTextFile(
  `${work}/${name}_scores.json`,
  JSON.stringify({
    people: subjects.length,
    rows: rows.map(({ subject, stranger, scores }) => [
      stranger ? 1 : 0,
      scores.isolationForest,
      scores.sequence,
      scores.verifier,
      subjects.indexOf(subject),
    ]),
  }),
);
console.log(`${subjects.length} people, ${rows.length} comparisons`);
