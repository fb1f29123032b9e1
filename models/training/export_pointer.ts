/**
 * Writes what the pointer embedder trains on: every session's movement as the rows of
 * core/features/pointer_tensor.ts, at the device's own rate and as slower devices would report it.
 *
 *     deno run -R -W models/training/export_pointer.ts TRACES WORK
 *
 * WORK/pointer.f32 holds the rows, WORK/pointer.json where each session's begin and who trains.
 */
import { pointerPath } from "../../core/features/pointer_path.ts";
import { POINTER_CHANNELS, pointerRows } from "../../core/features/pointer_tensor.ts";
import { decimate } from "../../core/features/pointer_rate.ts";
import { layEndToEnd } from "./people.ts";
import { accountOf, foldOf, partOf } from "./split.ts";
import { readSubjects } from "./trace_file.ts";

/** A session with less at any rate says too little: grid steps, five chunks of the embedder. */
const LEAST_STEPS = 640;
/** Reports a second; the first is more than any session has. */
const RATES_HZ = [1000, 60, 40, 30, 20, 10];

const [traces, work] = Deno.args;
if (!traces || !work) throw new TypeError("Cannot export: TRACES and WORK must be given");

/** A session as reported at a rate: where its rows begin, and end. */
interface Recording {
  readonly session: number;
  readonly hz: number;
  readonly rows: readonly [number, number];
}

const people: {
  subject: string;
  part: string;
  fold: number | undefined;
  sessions: Recording[];
}[] = [];
const blocks: Float32Array[] = [];
const subjects: string[] = [];
let rows = 0;
for (const [subject, traceSessions] of await readSubjects(traces)) {
  subjects.push(subject);
  const sessions: Recording[] = [];
  for (const { index, events } of layEndToEnd(traceSessions)) {
    const rated = RATES_HZ.map((hz) => {
      const taken = decimate(events, hz).flatMap((event) =>
        event.kind === "pointer" || event.kind === "button" ? [event] : []
      );
      const [startMs, endMs] = [taken[0]?.timeMs ?? 0, taken.at(-1)?.timeMs ?? 0];
      const window = { modality: "pointer", startMs, endMs, activeMs: endMs - startMs } as const;
      return { hz, block: pointerRows(pointerPath({ ...window, events: taken }).actions) };
    });
    const stepsOf = (block: Float32Array) => block.length / POINTER_CHANNELS.length;
    if (rated.some(({ block }) => stepsOf(block) < LEAST_STEPS)) continue;
    for (const { hz, block } of rated) {
      sessions.push({ session: index, hz, rows: [rows, rows += stepsOf(block)] });
      blocks.push(block);
    }
  }
  if (!sessions.length) continue;
  people.push({ subject, part: partOf(subject), fold: foldOf(subject), sessions });
}

await Deno.mkdir(work, { recursive: true });
const file = await Deno.create(`${work}/pointer.f32`);
for (const block of blocks) await file.write(new Uint8Array(block.buffer));
file.close();
const split = accountOf(traces.split("/").at(-1)!, subjects);
const index = { channels: POINTER_CHANNELS, rows, people, split };
await Deno.writeTextFile(`${work}/pointer.json`, JSON.stringify(index));
const short = subjects.length - people.length;
if (short) console.log(`${short} people left out: no session of theirs is long enough`);
console.log(`${people.length} people, ${rows} grid steps`);
