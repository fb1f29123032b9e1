import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type ProbedPerson,
  profileRatesWithIntervals,
  ratesWithIntervals,
} from "../../../models/evaluation/intervals.ts";
import { errorRates } from "../../../models/evaluation/metrics.ts";
import { seededRandom } from "../../../core/random.ts";

/** People whose own windows score `own` lower than strangers', with a noise of 1. */
function people(count: number, own: number): ProbedPerson[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_, person) => ({
    person,
    byProfile: Array.from(
      { length: count },
      (_, profile) => Array.from({ length: 10 }, () => random() - (profile === person ? own : 0)),
    ),
  }));
}

Deno.test("ratesWithIntervals() gives the rates of all windows, within their interval", () => {
  const probed = people(8, 0.4);
  const { eer, auc, eer95, auc95 } = ratesWithIntervals(probed, 1);
  const genuine = probed.flatMap(({ person, byProfile }) => byProfile[person]!);
  const stranger = probed.flatMap(({ person, byProfile }) =>
    byProfile.filter((_, profile) => profile !== person).flat()
  );
  assertEquals({ eer, auc }, errorRates(genuine, stranger));
  assert(eer95[0] <= eer && eer <= eer95[1]);
  assert(auc95[0] <= auc && auc <= auc95[1]);
});

Deno.test("ratesWithIntervals() counts nobody as a stranger to themselves", () => {
  // Everybody's own windows score 0 and everybody else's 1: any resampling must separate them.
  const probed = [0, 1, 2].map((person) => ({
    person,
    byProfile: [0, 1, 2].map((profile) => [profile === person ? 0 : 1]),
  }));
  const { eer, auc, eer95, auc95 } = ratesWithIntervals(probed, 1);
  assertEquals([eer, auc, ...eer95, ...auc95], [0, 1, 0, 0, 1, 1]);
});

Deno.test("ratesWithIntervals() is surer of more people", () => {
  const width = (count: number) => {
    const { auc95 } = ratesWithIntervals(people(count, 0.4), 1);
    return auc95[1] - auc95[0];
  };
  assert(width(24) < width(4));
});

Deno.test("ratesWithIntervals() says the same for the same seed", () => {
  const probed = people(5, 0.3);
  assertEquals(ratesWithIntervals(probed, 3), ratesWithIntervals(probed, 3));
  assertAlmostEquals(ratesWithIntervals(probed, 3).auc, ratesWithIntervals(probed, 4).auc, 1e-12);
});

Deno.test("profileRatesWithIntervals() gives the rates of all profiles, within their interval", () => {
  const profiles = people(8, 0.4).map(({ person, byProfile }) => ({
    genuine: byProfile[person]!,
    stranger: byProfile.filter((_, profile) => profile !== person).flat(),
  }));
  const { eer, auc, eer95, auc95 } = profileRatesWithIntervals(profiles, 1);
  const all = errorRates(
    profiles.flatMap(({ genuine }) => genuine),
    profiles.flatMap(({ stranger }) => stranger),
  );
  assertEquals({ eer, auc }, all);
  assert(eer95[0] < eer && eer < eer95[1]);
  assert(auc95[0] < auc && auc < auc95[1]);
});

Deno.test("profileRatesWithIntervals() resamples people, not windows", () => {
  // One person in four is mistaken in every window: the interval is that of four people.
  const profiles = [0, 0, 0, 2].map((own) => ({
    genuine: Array(1000).fill(own),
    stranger: Array(1000).fill(1),
  }));
  const { auc, auc95 } = profileRatesWithIntervals(profiles, 1);
  assertEquals(auc, 0.75);
  assert(auc95[0] <= 0.5 && auc95[1] === 1, `${auc95}`);
});
