import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../core/random.ts";
import { type PersonalScore, rateIntervals } from "../../../models/evaluation/intervals.ts";
import { errorRates } from "../../../models/evaluation/metrics.ts";

/** People whose own probes score `own` lower than strangers', with a noise of 1. */
function scoresOf(people: number, own: number, probes = 5): PersonalScore[] {
  const random = seededRandom(7);
  const scores: PersonalScore[] = [];
  for (let claimed = 0; claimed < people; claimed++) {
    for (let owner = 0; owner < people; owner++) {
      const genuine = owner === claimed;
      for (let probe = 0; probe < (genuine ? probes : 1); probe++) {
        scores.push({ claimed, owner, genuine, score: random() - (genuine ? own : 0) });
      }
    }
  }
  return scores;
}

function ratesOf(scores: readonly PersonalScore[]) {
  const of = (genuine: boolean) =>
    scores.filter((row) => row.genuine === genuine).map(({ score }) => score);
  return errorRates(of(true), of(false));
}

const widthOf = ([low, high]: readonly [number, number]) => high - low;

Deno.test("rateIntervals() holds the rates of all people", () => {
  const scores = scoresOf(12, 0.4);
  const { eer, auc } = ratesOf(scores);
  const { eer95, auc95 } = rateIntervals(scores, 12, 1);
  assert(eer95[0] < eer && eer < eer95[1], `${eer} in ${eer95}`);
  assert(auc95[0] < auc && auc < auc95[1], `${auc} in ${auc95}`);
});

Deno.test("rateIntervals() is surer of more people, not of more probes of the same", () => {
  const few = widthOf(rateIntervals(scoresOf(8, 0.4), 8, 1).auc95);
  assert(widthOf(rateIntervals(scoresOf(60, 0.4), 60, 1).auc95) < few / 2);
  const twice = scoresOf(8, 0.4).flatMap((row) => [row, row]);
  const again = widthOf(rateIntervals(twice, 8, 1).auc95);
  assert(Math.abs(again - few) < few / 100, `${again} against ${few}`);
});

Deno.test("rateIntervals() counts nobody as a stranger to themselves", () => {
  const scores = scoresOf(6, 0).map((row) => ({ ...row, score: row.genuine ? 0 : 1 }));
  const { eer95, auc95 } = rateIntervals(scores, 6, 1);
  assertEquals([eer95, auc95], [[0, 0], [1, 1]]);
});

Deno.test("rateIntervals() takes hands that are not known, and strangers who are not enrolled", () => {
  const unknown = scoresOf(10, 0.4).map((row) => row.genuine ? row : { ...row, owner: -1 });
  assert(rateIntervals(unknown, 10, 1).auc95[0] > 0.5);
  const outsiders = scoresOf(10, 0.4).map((row) =>
    row.genuine ? row : { ...row, owner: 10 + row.owner }
  );
  assert(rateIntervals(outsiders, 20, 1).auc95[0] > 0.5);
});

Deno.test("rateIntervals() says the same for the same seed", () => {
  const scores = scoresOf(9, 0.4);
  assertEquals(rateIntervals(scores, 9, 3), rateIntervals(scores, 9, 3));
});
