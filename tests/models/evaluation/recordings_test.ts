import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import {
  parseSessionRange,
  partOfSessions,
  readRecordings,
} from "../../../models/evaluation/recordings.ts";
import { generateTraces, writeTraceFile } from "../../end_to_end/generated_traces.ts";

Deno.test("parseSessionRange() reads the first N and FROM to TO, counted from 1", () => {
  assertEquals(parseSessionRange("10"), { from: 1, to: 10 });
  assertEquals(parseSessionRange("11-15"), { from: 11, to: 15 });
  for (const text of ["", "0", "0-3", "5-4", "-3", "3-", "1.5", "all"]) {
    assertThrows(() => parseSessionRange(text), GaitkeeperError, "N or FROM-TO");
  }
});

Deno.test("readRecordings() gives the people asked for, sessions in the order of their names", async () => {
  const path = await Deno.makeTempFile({ suffix: ".ndjson.gz" });
  try {
    const traces = [...generateTraces(1, 3, 20), ...generateTraces(2, 2, 20)];
    await writeTraceFile(path, traces.toReversed());
    const found = await readRecordings(path, ["typist-1"]);
    assertEquals([...found.keys()], ["typist-1"]);
    assertEquals(found.get("typist-1")!.map(({ session }) => session), ["00", "01", "02"]);
    const error = await assertRejects(
      () => readRecordings(path, ["typist-1", "typist-9"]),
      GaitkeeperError,
      "such as typist-2",
    );
    assertEquals(error.code, "trace_invalid");
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("partOfSessions() lays the picked sessions two seconds apart and refuses an empty pick", () => {
  const sessions = generateTraces(1, 4, 20);
  const { subject, events } = partOfSessions(sessions, { from: 2, to: 3 }, 5000);
  assertEquals([subject, events.length, events[0]!.timeMs], ["typist-1", 40, 5000]);
  assertThrows(
    () => partOfSessions(sessions, { from: 5, to: 6 }, 0),
    GaitkeeperError,
    "some of the 4 sessions",
  );
});
