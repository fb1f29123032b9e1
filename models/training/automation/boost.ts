/**
 * Gradient boosting of small trees on the logistic loss (Friedman 2001; second-order leaves and
 * histograms as in Chen and Guestrin 2016), seeded, for a few thousand rows.
 */
import type { BoostedTree } from "../../../core/models/automation/score.ts";
import { quantile } from "../../../core/features/vector.ts";
import { type Random, seededRandom } from "../../../core/random.ts";

export interface Row {
  readonly vector: ArrayLike<number>;
  /** 1 where no hand made it. */
  readonly label: 0 | 1;
  readonly weight: number;
}

export interface BoostOptions {
  readonly trees: number;
  readonly depth: number;
  readonly rate: number;
  readonly seed: number;
  readonly onTree?: (done: number) => void;
}

const BINS = 32;
/** Share of rows and of features that each tree sees. */
const ROWS_SEEN = 0.6;
const FEATURES_SEEN = 0.5;
/** Added to a leaf's curvature, and the least curvature of one. */
const SHRINKAGE = 5;
const LEAST_CURVATURE = 5;

/** Trees whose sum, added to the start, is the log-odds of label 1 under the weights. */
export function boost(
  rows: readonly Row[],
  { trees, depth, rate, seed, onTree }: BoostOptions,
): { startLogOdds: number; trees: BoostedTree[] } {
  const random = seededRandom(seed);
  const binned = new Binned(rows);
  const weightOf = (label: 0 | 1) =>
    rows.reduce((sum, row) => row.label === label ? sum + row.weight : sum, 0);
  const startLogOdds = Math.log(weightOf(1) / weightOf(0));
  const logOdds = new Float64Array(rows.length).fill(startLogOdds);
  const [gradient, curvature] = [new Float64Array(rows.length), new Float64Array(rows.length)];
  const grown: BoostedTree[] = [];
  for (let i = 0; i < trees; i++) {
    rows.forEach(({ label, weight }, row) => {
      const p = 1 / (1 + Math.exp(-logOdds[row]!));
      gradient[row] = weight * (label - p);
      curvature[row] = weight * p * (1 - p);
    });
    const tree = growTree(binned, gradient, curvature, { depth, rate, random });
    rows.forEach((_, row) => logOdds[row]! += tree.leaves[binned.leafOf(tree, row)]!);
    grown.push(tree);
    onTree?.(i + 1);
  }
  return { startLogOdds, trees: grown };
}

/** Every value's place among its feature's cuts; bin 0 is missing or below the first cut. */
class Binned {
  readonly features: number;
  readonly cuts: number[][];
  readonly #bins: Uint8Array[];

  constructor(readonly rows: readonly Row[]) {
    this.features = rows[0]!.vector.length;
    this.cuts = [];
    this.#bins = [];
    for (let feature = 0; feature < this.features; feature++) {
      const known = rows.map(({ vector }) => vector[feature]!).filter(Number.isFinite);
      const quantiles = Array.from({ length: BINS - 1 }, (_, i) => quantile(known, i / (BINS - 1)));
      const cuts = [...new Set(quantiles.filter(Number.isFinite).map(rounded))];
      this.cuts.push(cuts);
      this.#bins.push(Uint8Array.from(rows, ({ vector }) => {
        const value = vector[feature]!;
        return cuts.filter((cut) => value >= cut).length;
      }));
    }
  }

  bins(feature: number): Uint8Array {
    return this.#bins[feature]!;
  }

  /** As `scoreManner` would find it. */
  leafOf({ features, cuts }: BoostedTree, row: number): number {
    let node = 0;
    while (node < cuts.length) {
      const value = this.rows[row]!.vector[features[node]!]!;
      node = 2 * node + (value >= cuts[node]! ? 2 : 1);
    }
    return node - cuts.length;
  }
}

/** Few digits, so that the file stays small; what is compared at run time is what was trained. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

interface Growth {
  readonly depth: number;
  readonly rate: number;
  readonly random: Random;
}

function growTree(
  binned: Binned,
  gradient: Float64Array,
  curvature: Float64Array,
  { depth, rate, random }: Growth,
): BoostedTree {
  const seenRows = binned.rows.flatMap((_, row) => random() < ROWS_SEEN ? [row] : []);
  const seenFeatures = Array.from({ length: binned.features }, (_, i) => i)
    .filter(() => random() < FEATURES_SEEN);
  const inner = 2 ** depth - 1;
  const features: number[] = new Array(inner).fill(0);
  const cuts: number[] = new Array(inner).fill(0);
  let level: number[][] = [seenRows];
  for (let node = 0; node < inner;) {
    const next: number[][] = [];
    for (const members of level) {
      const split = bestSplit(binned, seenFeatures, members, gradient, curvature);
      // A node that is not worth splitting asks anything, and both of its sides say the same.
      const { feature, bin } = split ?? { feature: 0, bin: 1 };
      features[node] = feature;
      cuts[node] = binned.cuts[feature]![bin - 1] ?? 0;
      const bins = binned.bins(feature);
      next.push(
        split ? members.filter((row) => bins[row]! < bin) : members,
        split ? members.filter((row) => bins[row]! >= bin) : members,
      );
      node++;
    }
    level = next;
  }
  const leaves = level.map((members) => {
    const sum = (of: Float64Array) => members.reduce((total, row) => total + of[row]!, 0);
    return rounded(rate * sum(gradient) / (sum(curvature) + SHRINKAGE));
  });
  return { features, cuts, leaves };
}

function bestSplit(
  binned: Binned,
  seenFeatures: readonly number[],
  members: readonly number[],
  gradient: Float64Array,
  curvature: Float64Array,
): { feature: number; bin: number } | undefined {
  let best: { feature: number; bin: number; gain: number } | undefined;
  const worth = (g: number, h: number) => g * g / (h + SHRINKAGE);
  for (const feature of seenFeatures) {
    const bins = binned.bins(feature);
    const [g, h] = [new Float64Array(BINS + 1), new Float64Array(BINS + 1)];
    let [allG, allH] = [0, 0];
    for (const row of members) {
      g[bins[row]!]! += gradient[row]!;
      h[bins[row]!]! += curvature[row]!;
      allG += gradient[row]!;
      allH += curvature[row]!;
    }
    let [belowG, belowH] = [0, 0];
    for (let bin = 1; bin <= binned.cuts[feature]!.length; bin++) {
      belowG += g[bin - 1]!;
      belowH += h[bin - 1]!;
      if (belowH < LEAST_CURVATURE || allH - belowH < LEAST_CURVATURE) continue;
      const gain = worth(belowG, belowH) + worth(allG - belowG, allH - belowH) - worth(allG, allH);
      if (gain > (best?.gain ?? 1e-6)) best = { feature, bin, gain };
    }
  }
  return best;
}
