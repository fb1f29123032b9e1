import { assert, assertEquals } from "@std/assert";
import { POINTER_CHANNELS } from "../../../core/features/pointer_tensor.ts";
import type { TraceSession } from "../../../core/trace.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { writeTraceFile } from "../../end_to_end/generated_traces.ts";

const SCRIPT = new URL("../../../models/training/export_pointer.ts", import.meta.url).pathname;
const FAR_FROM_ANY_EDGE_PX = 20_000;

/** What a generated hand does in its place, as a recorder would have written it. */
function recorded(seed: number, session: string, durationMs: number): TraceSession {
  let [x, y] = [FAR_FROM_ANY_EDGE_PX, FAR_FROM_ANY_EDGE_PX];
  const pointer: [number, number, number, number, number][] = [];
  for (const event of createHand(seed).move(durationMs, 0)) {
    if (event.kind === "pointer") {
      [x, y] = [x + event.dx, y + event.dy];
      pointer.push([event.timeMs, 0, 0, x, y]);
    } else if (event.kind === "button") {
      pointer.push([event.timeMs, 1, 1, x, y], [event.timeMs + event.dwellMs, 2, 1, x, y]);
    }
  }
  pointer.sort((a, b) => a[0] - b[0]);
  return { subject: `hand-${seed}`, session, pointer };
}

Deno.test("export_pointer.ts writes every session at every rate, row by row", async () => {
  const work = await Deno.makeTempDir();
  try {
    const file = `${work}/hands.ndjson.gz`;
    // The last says too little, and so does all of the last hand.
    const lengthsMs = [60_000, 30_000, 3000];
    await writeTraceFile(
      file,
      [
        ...[1, 2].flatMap((seed) => lengthsMs.map((ms, i) => recorded(seed, `0${i}`, ms))),
        recorded(3, "00", 3000),
      ],
    );
    const { success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-R", "-W", SCRIPT, file, work],
      stdout: "null",
      stderr: "null",
    }).output();
    assert(success);
    const index = JSON.parse(await Deno.readTextFile(`${work}/pointer.json`));
    const bytes = await Deno.readFile(`${work}/pointer.f32`);
    assertEquals(index.channels, POINTER_CHANNELS);
    assertEquals(bytes.length, 4 * index.rows * POINTER_CHANNELS.length);

    assertEquals(index.people.map(({ subject }: { subject: string }) => subject), [
      "hand-1",
      "hand-2",
    ]);
    let next = 0;
    for (const { subject, sessions } of index.people) {
      const rates = Map.groupBy(sessions, ({ session }: { session: number }) => session);
      assertEquals([...rates.keys()], [0, 1], subject);
      for (const { rows: [from, to] } of sessions) {
        assertEquals(from, next);
        next = to;
      }
      const slowest = Math.min(...sessions.map(({ hz }: { hz: number }) => hz));
      const count = (of: number, hz: number) => {
        const found = sessions.find((row: { session: number; hz: number }) => {
          return row.session === of && row.hz === hz;
        });
        return found.rows[1] - found.rows[0];
      };
      assert(count(0, 1000) > count(1, 1000), "the longer session has more rows");
      // On the grid a slower device fills as many steps, but for the ends of movements.
      assert(count(0, slowest) > 0.5 * count(0, 1000), `${subject} at ${slowest} Hz`);
    }
    assertEquals(next, index.rows);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
});
