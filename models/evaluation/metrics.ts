/** Error rates of scores where HIGH IS STRANGE. */

/** How well scores tell strangers from the subject. */
export interface ErrorRates {
  /** Where both errors are equal, 0 to 1. */
  readonly eer: number;
  /** P(a stranger scores higher than the subject), ties counting half. */
  readonly auc: number;
}

/**
 * Sweeps every threshold once. Equal scores fall together, so a detector that says the same of
 * everybody gets 0.5 for both; between two thresholds the errors are interpolated.
 */
export function errorRates(genuine: readonly number[], stranger: readonly number[]): ErrorRates {
  const scores = [
    ...genuine.map((score) => ({ score, stranger: 0 })),
    ...stranger.map((score) => ({ score, stranger: 1 })),
  ].sort((a, b) => a.score - b.score);
  let [missed, passed, won] = [0, 0, 0];
  let eer: number | undefined;
  for (let at = 0; at < scores.length;) {
    let [strangers, own] = [0, 0];
    const { score } = scores[at]!;
    for (; at < scores.length && scores[at]!.score === score; at++) {
      if (scores[at]!.stranger) strangers++;
      else own++;
    }
    won += strangers * (passed + own / 2);
    const before = { miss: missed / stranger.length, alarm: 1 - passed / genuine.length };
    missed += strangers;
    passed += own;
    const after = { miss: missed / stranger.length, alarm: 1 - passed / genuine.length };
    if (eer === undefined && after.miss >= after.alarm) eer = crossing(before, after);
  }
  return { eer: eer ?? NaN, auc: won / (genuine.length * stranger.length) };
}

type Errors = { readonly miss: number; readonly alarm: number };

/** Where the line from one pair of errors to the next meets miss = alarm. */
function crossing(before: Errors, after: Errors): number {
  const gap = before.alarm - before.miss;
  const closed = gap + after.miss - after.alarm;
  const share = closed > 0 ? gap / closed : 0;
  return before.miss + share * (after.miss - before.miss);
}
