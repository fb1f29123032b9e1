import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { seededRandom } from "../../../core/random.ts";
import type { TraceSession } from "../../../core/trace.ts";
import { generateText } from "../../../islands/try/generated_text.ts";
import { evaluatePrivacy } from "../../../models/evaluation/privacy.ts";
import { partOf } from "../../../models/training/split.ts";
import { writeTraceFile } from "../../end_to_end/generated_traces.ts";
import { typeText } from "./privacy/transcripts.ts";

const TEXTS = Array.from({ length: 4 }, (_, i) => generateText(seededRandom(i)).trim());

/** Every text by people of each part, as many as are asked for. */
function traces(count: Readonly<Record<string, number>>): TraceSession[] {
  const left = { ...count };
  const all: TraceSession[] = [];
  for (let i = 0; Object.values(left).some((missing) => missing > 0); i++) {
    const subject = `person-${i}`;
    const part = partOf(subject);
    if (!(left[part]! > 0)) continue;
    left[part]!--;
    // Paces differ, so that no two embeddings of a sentence are the same.
    const rhythm = () => ({ pressPressMs: 100 + 7 * i, holdMs: 60 + 3 * i });
    all.push(...TEXTS.map((text) => typeText(text, subject, rhythm)));
  }
  return all;
}

/** What the command prints for a file of these sessions. */
async function printed(sessions: readonly TraceSession[], ...flags: string[]): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".ndjson.gz" });
  const [log, lines] = [console.log, [] as string[]];
  try {
    await writeTraceFile(path, sessions);
    console.log = (line: string) => void lines.push(line);
    await evaluatePrivacy(["--traces", path, ...flags]);
  } finally {
    console.log = log;
    await Deno.remove(path);
  }
  return lines.join("\n");
}

Deno.test("evaluatePrivacy() attacks people held out with what others typed, by the real embedder", async () => {
  const sessions = traces({ train: 6, heldOut: 3, calibrate: 1 });
  const result = JSON.parse(await printed(sessions, "--json"));
  const wordCount = TEXTS.join(" ").split(" ").length;
  assertEquals([result.part, result.words.people, result.words.words], [
    "heldOut",
    3,
    3 * wordCount,
  ]);
  assertEquals(result.words.knownWords.same, 1);
  assert(result.words.knownWords.others < 1);
  assert(result.words.attacks.fingers.same.share > result.words.attacks.lengths.same.share);
  assertEquals([result.sentence.candidates, result.sentence.transcripts], [4, 12]);
  assertEquals(result.sentence.zones.first, 1);
});

Deno.test("evaluatePrivacy() refuses a file without anybody to attack, and a part that must not be", async () => {
  const none = await assertRejects(() => printed(traces({ train: 3 })), GaitkeeperError);
  assertEquals(none.code, "trace_invalid");
  const part = () => printed([], "--part", "train");
  assertEquals((await assertRejects(part, GaitkeeperError)).code, "request_invalid");
});
