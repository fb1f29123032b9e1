/** What the stages cost, each against a baseline of its group: `deno task bench`. */
import { evidenceBench } from "./evidence_bench.ts";
import { IsolationForest } from "../../core/models/isolation_forest.ts";
import { seededRandom } from "../../core/random.ts";
import { decodeFrame, encodeFrame } from "../../core/wire.ts";
import { createHand } from "../../islands/try/generated_hand.ts";
import { createTypist } from "../../islands/try/generated_typist.ts";

const strokes = { stream: 1, sequence: 1, events: createTypist(1).type(1000, 0) };
const samples = { stream: 1, sequence: 1, events: createHand(1).move(8000, 0) };

for (const [name, frame] of Object.entries({ strokes, samples })) {
  const bytes = encodeFrame(frame);
  const text = JSON.stringify(frame);
  const group = `codec, ${frame.events.length} ${name}`;
  Deno.bench("JSON.stringify", { group, baseline: true }, () => void JSON.stringify(frame));
  Deno.bench("encodeFrame", { group }, () => void encodeFrame(frame));
  Deno.bench("JSON.parse", { group }, () => void JSON.parse(text));
  Deno.bench("decodeFrame", { group }, () => void decodeFrame(bytes));
}

const random = seededRandom(1);
const rows = (count: number, width: number) =>
  Array.from({ length: count }, () => Float64Array.from({ length: width }, random));
const profile = rows(48, 68);
const forest = IsolationForest.fit(profile, { random });
const group = "isolation forest of 100 trees, 48 rows of 68 features";
Deno.bench("score one row", { group, baseline: true }, () => void forest.score(profile[0]!));
Deno.bench("fit", { group }, () => void IsolationForest.fit(profile, { random }));

await evidenceBench();
