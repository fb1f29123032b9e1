/**
 * `deno task features MODALITY OUT TRACES...`: the named features of every window of every session,
 * in bulk, as live use computes them.
 *
 * OUT.f32 holds the vectors row by row (32-bit little endian, NaN is missing), OUT.json the names of
 * their features and whose they are: `people: [{subject, part, fold, sessions: [[name, windows], …]}, …]`.
 */
import { ProgressBar } from "../evaluation/progress.ts";
import { TRAINING_MODALITIES } from "./modality.ts";
import { foldOf, partOf } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

const [name, out, ...traces] = Deno.args;
const modality = TRAINING_MODALITIES[name ?? ""];
if (!modality || !out || !traces.length) {
  console.error("deno task features keyboard|pointer OUT TRACES...");
  Deno.exit(2);
}
const bar = new ProgressBar();
const people: {
  subject: string;
  part: string;
  fold: number | undefined;
  sessions: [string, number][];
}[] = [];
const file = await Deno.create(`${out}.f32`);
let rows = 0;
for (const path of traces) {
  const subjects = await readSubjects(path);
  for (const [subject, sessions] of subjects) {
    const counts: [string, number][] = [];
    for (const session of sessions) {
      const windows = modality.probesOf(session);
      for (const window of windows) {
        const row = Float32Array.from(modality.vectorOf(window));
        await file.write(new Uint8Array(row.buffer));
      }
      counts.push([session.session, windows.length]);
      rows += windows.length;
    }
    people.push({ subject, part: partOf(subject), fold: foldOf(subject), sessions: counts });
    bar.show(people.length / subjects.size, `${people.length} people`);
  }
}
bar.hide();
file.close();
const features = modality.features.map((feature) => feature.name);
await Deno.writeTextFile(`${out}.json`, JSON.stringify({ features, rows, people }));
console.log(`${people.length} people, ${rows} windows of ${features.length} features`);
