import { assert, assertEquals } from "@std/assert";
import { scoreManner } from "../../../../core/models/automation/score.ts";
import { seededRandom } from "../../../../core/random.ts";
import { boost, type Row } from "../../../../models/training/automation/boost.ts";

const OPTIONS = { trees: 40, depth: 3, rate: 0.2, seed: 1 };

/** Rows whose label is an exclusive or of two features, a third being noise. */
function rowsOf(seed: number, count: number): Row[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const vector = [random(), random(), random()];
    return { vector, label: Number((vector[0]! > 0.5) !== (vector[1]! > 0.5)) as 0 | 1, weight: 1 };
  });
}

Deno.test("boost() learns what no single feature says", () => {
  const model = { ...boost(rowsOf(1, 2000), OPTIONS), threshold: 0 };
  const right = rowsOf(2, 1000).filter(({ vector, label }) => {
    return scoreManner(model, vector) > 0 === (label === 1);
  });
  assert(right.length > 950, `${right.length} of 1000`);
});

Deno.test("boost() is the same again by the same seed, and starts from the weights' odds", () => {
  const rows = rowsOf(1, 300);
  assertEquals(boost(rows, OPTIONS), boost(rows, OPTIONS));
  const weighted = rows.map((row) => ({ ...row, weight: row.label ? 3 : 1 }));
  const strange = rows.filter(({ label }) => label).length;
  const { startLogOdds } = boost(weighted, { ...OPTIONS, trees: 0 });
  assertEquals(startLogOdds, Math.log(3 * strange / (rows.length - strange)));
});

Deno.test("boost() and scoreManner() send what is missing below every cut", () => {
  const rows = rowsOf(3, 600).map(({ vector, label, weight }): Row => {
    return { vector: [label ? NaN : 1 + vector[2]!], label, weight };
  });
  const model = { ...boost(rows, OPTIONS), threshold: 0 };
  assert(scoreManner(model, [NaN]) > 2 && scoreManner(model, [1.5]) < -2);
});
