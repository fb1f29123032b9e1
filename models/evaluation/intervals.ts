/** How sure error rates are of themselves, when few people were measured. */
import { quantile } from "../../core/features/vector.ts";
import { seededRandom } from "../../core/random.ts";
import { type ErrorRates, errorRates } from "./metrics.ts";

/** One person's probes: `byProfile[p][i]` is the i-th window's score against person p's profile. */
export interface ProbedPerson {
  /** Whose windows they are: a place in `byProfile`. */
  readonly person: number;
  readonly byProfile: readonly (readonly number[])[];
}

/** Rates at one threshold for all, each with its 95 % interval. */
export interface ErrorRatesWithIntervals extends ErrorRates {
  readonly eer95: readonly [number, number];
  readonly auc95: readonly [number, number];
}

const RESAMPLES = 400;

/**
 * Error rates with percentile bootstrap intervals over people, not over windows: windows of one
 * person are alike, and counting them as independent would flatter (Bolle, Ratha and Pankanti 2004).
 */
export function ratesWithIntervals(
  probed: readonly ProbedPerson[],
  seed: number,
): ErrorRatesWithIntervals {
  return bootstrap(probed, ratesOf, seed);
}

/** One person's profile: how it scored windows of their own, and of strangers. */
export interface ProbedProfile {
  readonly genuine: readonly number[];
  readonly stranger: readonly number[];
}

/**
 * As {@linkcode ratesWithIntervals}, where every profile met strangers of its own: resampled are the
 * profiles' people, so what strangers have in common is not in the interval.
 */
export function profileRatesWithIntervals(
  profiles: readonly ProbedProfile[],
  seed: number,
): ErrorRatesWithIntervals {
  const rates = (drawn: readonly ProbedProfile[]) =>
    errorRates(drawn.flatMap(({ genuine }) => genuine), drawn.flatMap(({ stranger }) => stranger));
  return bootstrap(profiles, rates, seed);
}

/** The rates of all people, and the middle 95 % of the rates of as many drawn with replacement. */
function bootstrap<Person>(
  people: readonly Person[],
  ratesOfDrawn: (drawn: readonly Person[]) => ErrorRates,
  seed: number,
): ErrorRatesWithIntervals {
  const random = seededRandom(seed);
  const pick = () => people[Math.floor(random() * people.length)]!;
  const drawn = Array.from({ length: RESAMPLES }, () => ratesOfDrawn(people.map(pick)))
    .filter(({ eer, auc }) => Number.isFinite(eer) && Number.isFinite(auc));
  const interval = (values: readonly number[]) =>
    [quantile(values, 0.025), quantile(values, 0.975)] as const;
  return {
    ...ratesOfDrawn(people),
    eer95: interval(drawn.map(({ eer }) => eer)),
    auc95: interval(drawn.map(({ auc }) => auc)),
  };
}

/** Someone who was drawn twice is no stranger to themselves. */
function ratesOf(drawn: readonly ProbedPerson[]): ErrorRates {
  const [genuine, stranger]: [number[], number[]] = [[], []];
  for (const { person, byProfile } of drawn) {
    for (const other of drawn) {
      if (other.person !== person) stranger.push(...byProfile[other.person]!);
    }
    genuine.push(...byProfile[person]!);
  }
  return errorRates(genuine, stranger);
}
