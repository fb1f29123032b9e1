/** How sure error rates are of themselves, when few people were measured. */
import { quantile } from "../../core/features/vector.ts";
import { seededRandom } from "../../core/random.ts";

/** One comparison's score, HIGH IS STRANGE, and whose it is. */
export interface PersonalScore {
  readonly score: number;
  readonly genuine: boolean;
  /** Places of whose profile and whose hand among the subjects; -1 where it is not known. */
  readonly claimed: number;
  readonly owner: number;
}

/** The middle 95 % of what draws of people give. */
export interface RateIntervals {
  readonly eer95: readonly [number, number];
  readonly auc95: readonly [number, number];
}

const DRAWS = 1000;

/**
 * Percentile bootstrap intervals over people, not over comparisons: those of one person are alike,
 * and counting them as independent would flatter (Bolle, Ratha and Pankanti 2004). A comparison
 * counts as often as its two people were drawn together; nobody is a stranger to themselves.
 */
export function rateIntervals(
  scores: readonly PersonalScore[],
  subjects: number,
  seed: number,
): RateIntervals {
  const random = seededRandom(seed);
  const sorted = scores.toSorted((a, b) => a.score - b.score);
  const genuine = Uint8Array.from(sorted, (row) => Number(row.genuine));
  const claimed = Int32Array.from(sorted, (row) => row.claimed);
  // A hand that is not known is drawn with the profile that it was held against.
  const owner = Int32Array.from(
    sorted,
    (row) => row.genuine || row.owner < 0 ? -1 : row.owner,
  );
  // Only people who were enrolled are drawn; the others are strangers to all of them.
  const enrolled = [...new Set(claimed)];
  const isEnrolled = new Uint8Array(subjects);
  for (const place of enrolled) isEnrolled[place] = 1;

  const [eers, aucs]: [number[], number[]] = [[], []];
  const drawn = new Float64Array(subjects);
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let place = 0; place < subjects; place++) drawn[place] = isEnrolled[place] ? 0 : 1;
    for (let i = 0; i < enrolled.length; i++) {
      drawn[enrolled[Math.floor(random() * enrolled.length)]!]! += 1;
    }
    const { eer, auc } = weightedRates(genuine, claimed, owner, drawn);
    if (Number.isFinite(eer) && Number.isFinite(auc)) {
      eers.push(eer);
      aucs.push(auc);
    }
  }
  const middle = (values: number[]) => [quantile(values, 0.025), quantile(values, 0.975)] as const;
  return { eer95: middle(eers), auc95: middle(aucs) };
}

/** Rates of scores in ascending order, each weighted by how often its people were drawn. */
function weightedRates(
  genuine: Uint8Array,
  claimed: Int32Array,
  owner: Int32Array,
  drawn: Float64Array,
): { eer: number; auc: number } {
  let [own, strange] = [0, 0];
  for (let i = 0; i < genuine.length; i++) {
    const weight = drawn[claimed[i]!]!;
    if (genuine[i]) own += weight;
    else strange += owner[i]! < 0 ? weight : weight * drawn[owner[i]!]!;
  }
  let [passed, missed, won, eer] = [0, 0, 0, NaN];
  for (let i = 0; i < genuine.length; i++) {
    const weight = drawn[claimed[i]!]!;
    if (genuine[i]) passed += weight;
    else {
      const pair = owner[i]! < 0 ? weight : weight * drawn[owner[i]!]!;
      missed += pair;
      won += pair * passed;
    }
    if (eer !== eer && missed / strange >= 1 - passed / own) eer = missed / strange;
  }
  return { eer, auc: won / (own * strange) };
}
