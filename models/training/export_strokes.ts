/**
 * Writes what the keyboard embedder trains on: every person's strokes, end to end, as the rows of
 * core/features/keystroke_tensor.ts.
 *
 *     deno run -R -W models/training/export_strokes.ts TRACES WORK
 *
 * Shifts and apostrophes are as they were recorded, not as a collector tells them: of people whom it
 * does not know, a network that has seen them knows more by what is told than one that has not.
 *
 * WORK/strokes.f32 holds the rows, WORK/strokes.json where each person's begin and who trains.
 */
import { keystrokeTensor, STROKE_CHANNELS } from "../../core/features/keystroke_tensor.ts";
import type { Stroke } from "../../core/wire.ts";
import { layEndToEnd } from "./people.ts";
import { accountOf, partOf } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

const [traces, work] = Deno.args;
if (!traces || !work) throw new TypeError("Cannot export: TRACES and WORK must be given");

/** Sessions that enrol; others are held against them. */
const ENROLLING = 5;
/** Who has less takes no part, strokes: of a first window, of windows that share no stroke. */
const LEAST = { enrolling: 30, inAll: 250 };

const people: { subject: string; part: string; start: number; sessions: number[] }[] = [];
const blocks: Float32Array[] = [];
const subjects: string[] = [];
let rows = 0;
for (const [subject, sessions] of await readSubjects(traces)) {
  subjects.push(subject);
  const strokes: Stroke[] = [];
  const starts: number[] = [];
  for (const { events } of layEndToEnd(sessions, { everyKey: true })) {
    starts.push(strokes.length);
    strokes.push(...events.filter((event) => event.kind === "stroke"));
  }
  if ((starts[ENROLLING] ?? 0) < LEAST.enrolling || strokes.length < LEAST.inAll) continue;
  people.push({ subject, part: partOf(subject), start: rows, sessions: starts });
  blocks.push(keystrokeTensor(strokes));
  rows += strokes.length;
}

await Deno.mkdir(work, { recursive: true });
const file = await Deno.create(`${work}/strokes.f32`);
for (const block of blocks) await file.write(new Uint8Array(block.buffer));
file.close();
const split = accountOf(traces.split("/").at(-1)!, subjects);
const index = { channels: STROKE_CHANNELS, rows, people, split };
await Deno.writeTextFile(`${work}/strokes.json`, JSON.stringify(index));
const short = subjects.length - people.length;
if (short) console.log(`${short} people left out: at most ${ENROLLING} sessions, or too short`);
console.log(`${people.length} people, ${rows} strokes`);
