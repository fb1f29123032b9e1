/** Error rates of scores where HIGH IS STRANGE, and what log-likelihood ratios are worth. */

/** How well scores tell strangers from the subject. */
export interface ErrorRates {
  /** Where both errors are equal, 0 to 1. */
  readonly eer: number;
  /** P(a stranger scores higher than the subject), ties counting half. */
  readonly auc: number;
  /**
   * Share of the subject's probes refused at the threshold where at most one stranger in a hundred
   * is let pass (ISO/IEC 19795-1: FNMR at FMR 1 %).
   */
  readonly fnmrAtFmr1pct: number;
}

const FMR = 0.01;

export function errorRates(genuine: readonly number[], stranger: readonly number[]): ErrorRates {
  return new ErrorSweep(genuine, stranger).rates();
}

/** Scores in order, to be swept as often as weights change. */
export class ErrorSweep {
  /** Place of each score in the callers' arrays, genuine ones first, in ascending order of score. */
  readonly #order: Uint32Array;
  readonly #scores: Float64Array;
  readonly #genuine: number;

  constructor(genuine: readonly number[], stranger: readonly number[]) {
    const all = Float64Array.from([...genuine, ...stranger]);
    this.#genuine = genuine.length;
    this.#order = Uint32Array.from(all.keys()).sort((a, b) => all[a]! - all[b]!);
    this.#scores = all;
  }

  /**
   * Sweeps every threshold once. Equal scores fall together, so a detector that says the same of
   * everybody gets 0.5 for both; between two thresholds the errors are interpolated.
   * @param weights of the scores, genuine ones first; all alike by default.
   */
  rates(weights?: Float64Array): ErrorRates {
    const order = this.#order;
    const weightOf = (place: number) => weights ? weights[place]! : 1;
    let [own, strange] = [0, 0];
    for (let place = 0; place < order.length; place++) {
      if (place < this.#genuine) own += weightOf(place);
      else strange += weightOf(place);
    }
    let [missed, passed, won] = [0, 0, 0];
    let [eer, fnmr] = [NaN, NaN];
    let before = { miss: 0, alarm: 1 };
    for (let at = 0; at < order.length;) {
      let [strangers, subjects] = [0, 0];
      const score = this.#scores[order[at]!]!;
      for (; at < order.length && this.#scores[order[at]!] === score; at++) {
        const place = order[at]!;
        if (place < this.#genuine) subjects += weightOf(place);
        else strangers += weightOf(place);
      }
      won += strangers * (passed + subjects / 2);
      missed += strangers;
      if (Number.isNaN(fnmr) && missed / strange > FMR) fnmr = 1 - passed / own;
      passed += subjects;
      const after = { miss: missed / strange, alarm: 1 - passed / own };
      if (Number.isNaN(eer) && after.miss >= after.alarm) eer = crossing(before, after);
      before = after;
    }
    return { eer, auc: won / (own * strange), fnmrAtFmr1pct: fnmr };
  }
}

type Errors = { readonly miss: number; readonly alarm: number };

/** Where the line from one pair of errors to the next meets miss = alarm. */
function crossing(before: Errors, after: Errors): number {
  const gap = before.alarm - before.miss;
  const closed = gap + after.miss - after.alarm;
  const share = closed > 0 ? gap / closed : 0;
  return before.miss + share * (after.miss - before.miss);
}

/** Places of an error curve; more would not be seen. */
const CURVE_POINTS = 200;

/** `[genuine refused, strangers let pass]` as the threshold falls, thinned. */
export function detPoints(
  rows: readonly { readonly score: number; readonly genuine: boolean }[],
): (readonly [number, number])[] {
  const sorted = rows.toSorted((a, b) => a.score - b.score);
  const own = rows.filter(({ genuine }) => genuine).length;
  const points: (readonly [number, number])[] = [];
  let [passed, missed] = [0, 0];
  let [lastMiss, lastAlarm] = [NaN, NaN];
  for (const { genuine } of sorted) {
    if (genuine) passed++;
    else missed++;
    const [alarm, miss] = [1 - passed / own, missed / (rows.length - own)];
    // Where either error has moved enough to be seen, on the curve's logarithmic scale.
    const moved = (now: number, last: number) =>
      !(Math.abs(Math.log((now + 1e-4) / (last + 1e-4))) < 10 / CURVE_POINTS);
    if (!moved(alarm, lastAlarm) && !moved(miss, lastMiss)) continue;
    points.push([alarm, miss]);
    [lastAlarm, lastMiss] = [alarm, miss];
  }
  return points;
}

/** How far log-likelihood ratios can be trusted. */
export interface Calibration {
  /**
   * Cost of the ratios in bits, both classes weighted alike; 1 is knowing nothing (Brümmer and
   * du Preez 2006).
   */
  readonly cllr: number;
  /**
   * Mean distance between the probability told and the share found, over ten bins of the
   * probability, both classes weighted alike (Naeini, Cooper and Hauskrecht 2015).
   */
  readonly calibrationError: number;
}

const BINS = 10;

/** Of ratios in nats, positive for a stranger. */
export function calibration(genuine: readonly number[], stranger: readonly number[]): Calibration {
  const bins = Array.from({ length: BINS }, () => ({ weight: 0, told: 0, found: 0 }));
  let cllr = 0;
  for (const [ratios, sign] of [[genuine, -1], [stranger, 1]] as const) {
    for (const nats of ratios) {
      const weight = 0.5 / ratios.length;
      // log2(1 + exp(x)) without overflow.
      const cost = -sign * nats;
      cllr += weight * (Math.max(cost, 0) + Math.log1p(Math.exp(-Math.abs(cost)))) / Math.LN2;
      const probability = 1 / (1 + Math.exp(-nats));
      const bin = bins[Math.min(BINS - 1, Math.floor(BINS * probability))]!;
      bin.weight += weight;
      bin.told += weight * probability;
      bin.found += sign > 0 ? weight : 0;
    }
  }
  const calibrationError = bins.reduce((sum, { told, found }) => sum + Math.abs(told - found), 0);
  return { cllr, calibrationError };
}
