/**
 * Writes what the verifier trains on: windows held against profiles, of their own person and of
 * others, people of the train part only, or all but the held out and one fold of split.ts.
 *
 *     deno run -R -W models/training/export_comparisons.ts MODALITY WORK TRACES... [--leave FOLD|none]
 *
 * WORK/MODALITY_comparisons.f32 holds the rows, WORK/MODALITY_comparisons.json their labels
 * (1: someone else), their names, and the typical deviation of each feature within a person.
 */
import {
  comparisonNames,
  comparisonVector,
  createReference,
} from "../../core/features/comparison.ts";
import type { Discriminant } from "../../core/features/discriminant.ts";
import { deviation, quantile } from "../../core/features/vector.ts";
import { parseArgs } from "@std/cli/parse-args";
import { seededRandom } from "../../core/random.ts";
import type { TraceSession } from "../../core/trace.ts";
import { TRAINING_MODALITIES } from "./modality.ts";
import { accountOf, trains } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

/** Reference windows of the profiles: from hardly any to full. */
const PROFILE_WINDOWS = [6, 12, 20, 20, 24, 32, 40, 48];
/** Draws of a profile, over all people; each person has an equal share. */
const DRAWS = 4000;
const WINDOWS_A_DRAW = 5;
/** Below this a feature that hardly ever varies would make any change look enormous. */
const LEAST_DEVIATION = 1e-3;

const args = parseArgs(Deno.args, { string: ["leave"] });
const [name, work, ...traces]: string[] = args._.map(String);
const modality = TRAINING_MODALITIES[name ?? ""];
if (!modality || !work || !traces.length) {
  throw new TypeError("Cannot export: MODALITY, WORK and TRACES must be given");
}
/** A window's features, and the session that it ends in. */
interface Placed {
  readonly session: number;
  readonly vector: Float64Array;
}
const discriminant: Discriminant = JSON.parse(
  await Deno.readTextFile(`${work}/${name}_discriminant.json`),
);
const random = seededRandom(20261123);
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;

/** `probes` by the rates of the modality. */
const people: { references: Placed[]; probes: Placed[][] }[] = [];
const subjects: string[] = [];
for (const file of traces) {
  for (const [subject, recorded] of await readSubjects(file)) {
    subjects.push(subject);
    // A pointer's sessions differ in length, and the longest is what enrols; the keyboard's are alike.
    const length = ({ pointer }: TraceSession) => pointer?.length ?? 0;
    const sessions = recorded.toSorted((a, b) => length(b) - length(a));
    if (!trains(subject, args.leave)) continue;
    const references = modality.windowsOf(sessions).map(({ session, window }) => {
      return { session, vector: modality.vectorOf(window) };
    });
    const probes = modality.ratesHz.map((hz) =>
      sessions.flatMap((session, at) =>
        modality.probesOf(session, hz).map((window) => ({
          session: at,
          vector: modality.vectorOf(window),
        }))
      )
    );
    if (references.length >= PROFILE_WINDOWS[0]! && probes.every(({ length }) => length > 2)) {
      people.push({ references, probes });
    }
  }
}

const withinDeviation = Float64Array.from(modality.features, (_, i) => {
  const spreads = people.map(({ references }) =>
    deviation(references.map(({ vector }) => vector[i]!).filter(Number.isFinite))
  );
  return Math.max(LEAST_DEVIATION, quantile(spreads.filter(Number.isFinite), 0.5) || 0);
});

const rows: Float32Array[] = [];
const labels: number[] = [];
for (const [number, { references, probes }] of people.entries()) {
  for (let draw = 0; draw < Math.round(DRAWS / people.length); draw++) {
    // The last session is left to probe with, where there are several.
    const rate = probes.length > 1 ? Math.floor(random() * probes.length) : 0;
    const last = Math.max(0, probes[rate]!.at(-1)!.session - 1);
    const enrolling = references.filter(({ session }) => session <= last);
    const count = pick(PROFILE_WINDOWS.filter((size) => size <= Math.max(6, enrolling.length)));
    const enrolled = enrolling.slice(0, count);
    const vectors = enrolled.map(({ vector }) => vector);
    const reference = createReference(vectors, withinDeviation, discriminant);
    const later = probes[rate]!.filter(({ session }) => session > enrolled.at(-1)!.session);
    if (!later.length) continue;
    for (let i = 0; i < WINDOWS_A_DRAW; i++) {
      const other = (number + 1 + Math.floor(random() * (people.length - 1))) % people.length;
      for (const probe of [pick(later), pick(people[other]!.probes[rate]!)]) {
        rows.push(comparisonVector(probe.vector, reference, discriminant));
      }
      labels.push(0, 1);
    }
  }
}

const width = rows[0]!.length;
const block = new Float32Array(rows.length * width);
rows.forEach((row, i) => block.set(row, i * width));
await Deno.writeFile(`${work}/${name}_comparisons.f32`, new Uint8Array(block.buffer));
await Deno.writeTextFile(
  `${work}/${name}_comparisons.json`,
  JSON.stringify({
    names: comparisonNames(modality.features, discriminant.offset.length),
    discriminant,
    trainedOn: {
      people: people.length,
      part: args.leave === undefined ? "train" : "train and calibrate",
      ...accountOf(traces.map((file) => file.split("/").at(-1)).join(", "), subjects),
    },
    withinDeviation: [...withinDeviation],
    labels,
  }),
);
console.log(`${people.length} people, ${rows.length} comparisons of ${width} features`);
