/**
 * Isolation forest (Liu, Ting and Zhou, Isolation Forest, ICDM 2008): what is strange is soon alone
 * when the data are split at random.
 */
import { type Discriminant, project } from "../features/discriminant.ts";
import { finite, quantile } from "../features/vector.ts";
import { type Random, seededRandom } from "../random.ts";
import { type Detector, MINIMUM_REFERENCES, type Observation } from "./detector.ts";

/** One tree as arrays over its nodes, node 0 the root; a leaf has `left` -1. */
export interface IsolationTree {
  /** Rows with `row[feature] <= threshold` go left. */
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** Training rows that reached the node. */
  readonly size: readonly number[];
}

export interface IsolationForestOptions {
  readonly random: Random;
  /** 100 in the paper, where path lengths have converged. */
  readonly trees?: number;
  /** Rows a tree is grown on, 256 in the paper; fewer rows are all taken. */
  readonly sampleSize?: number;
}

/** Mean path length of an unsuccessful search in a binary search tree of `size` (equation 1). */
export function meanPathLength(size: number): number {
  if (size <= 1) return 0;
  if (size === 2) return 1;
  const harmonic = Math.log(size - 1) + 0.5772156649015329;
  return 2 * harmonic - 2 * (size - 1) / size;
}

/** A grown forest. Immutable; a few milliseconds to grow on a profile. */
export class IsolationForest {
  readonly #feature: Int32Array;
  readonly #threshold: Float64Array;
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  /** At a leaf: its depth and what a tree over its rows would add. */
  readonly #path: Float64Array;
  readonly #roots: readonly number[];
  readonly #normaliser: number;

  /** A forest of given trees, each grown on `sampleSize` rows. */
  constructor(trees: readonly IsolationTree[], sampleSize: number) {
    const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
    this.#feature = new Int32Array(nodes);
    this.#threshold = new Float64Array(nodes);
    this.#left = new Int32Array(nodes).fill(-1);
    this.#right = new Int32Array(nodes).fill(-1);
    this.#path = new Float64Array(nodes);
    this.#normaliser = meanPathLength(sampleSize);
    let offset = 0;
    this.#roots = trees.map((tree) => {
      const root = offset;
      const depth = new Int32Array(tree.feature.length);
      for (let node = 0; node < tree.feature.length; node++, offset++) {
        const [left, right] = [tree.left[node]!, tree.right[node]!];
        if (left < 0) {
          this.#path[offset] = depth[node]! + meanPathLength(tree.size[node]!);
          continue;
        }
        depth[left] = depth[right] = depth[node]! + 1;
        this.#feature[offset] = tree.feature[node]!;
        this.#threshold[offset] = tree.threshold[node]!;
        this.#left[offset] = root + left;
        this.#right[offset] = root + right;
      }
      return root;
    });
  }

  /** Grows a forest on rows of one length that hold numbers only. */
  static fit(
    rows: readonly Float64Array[],
    { random, trees = 100, sampleSize = 256 }: IsolationForestOptions,
  ): IsolationForest {
    const size = Math.min(sampleSize, rows.length);
    const height = Math.ceil(Math.log2(Math.max(2, size)));
    const grown = Array.from(
      { length: trees },
      () => growTree(sample(rows, size, random), height, random),
    );
    return new IsolationForest(grown, size);
  }

  /** s(x) of equation 2, in (0, 1): above 0.5 isolated sooner than chance. HIGH IS STRANGE. */
  score(row: Float64Array): number {
    let sum = 0;
    for (const root of this.#roots) {
      let node = root;
      for (let left = this.#left[node]!; left >= 0; left = this.#left[node]!) {
        node = row[this.#feature[node]!]! <= this.#threshold[node]! ? left : this.#right[node]!;
      }
      sum += this.#path[node]!;
    }
    return 2 ** (-sum / this.#roots.length / this.#normaliser);
  }
}

/** `size` rows without replacement: the head of a Fisher-Yates shuffle. */
function sample(rows: readonly Float64Array[], size: number, random: Random): Float64Array[] {
  const shuffled = [...rows];
  for (let i = 0; i < size; i++) {
    const other = i + Math.floor(random() * (shuffled.length - i));
    [shuffled[i], shuffled[other]] = [shuffled[other]!, shuffled[i]!];
  }
  return shuffled.slice(0, size);
}

/** Algorithm 2, breadth first, so that every child stands behind its parent. */
function growTree(rows: Float64Array[], height: number, random: Random): IsolationTree {
  const tree = {
    feature: [] as number[],
    threshold: [] as number[],
    left: [] as number[],
    right: [] as number[],
    size: [] as number[],
  };
  const add = (node: Float64Array[], depth: number) => {
    tree.size.push(node.length);
    tree.feature.push(0);
    tree.threshold.push(0);
    tree.left.push(-1);
    tree.right.push(-1);
    queue.push({ rows: node, depth });
    return tree.size.length - 1;
  };
  const queue: { rows: Float64Array[]; depth: number }[] = [];
  add(rows, 0);
  for (let node = 0; node < queue.length; node++) {
    const { rows, depth } = queue[node]!;
    const split = depth < height ? drawSplit(rows, random) : undefined;
    if (!split) continue;
    tree.feature[node] = split.feature;
    tree.threshold[node] = split.threshold;
    tree.left[node] = add(rows.filter((row) => row[split.feature]! <= split.threshold), depth + 1);
    tree.right[node] = add(rows.filter((row) => row[split.feature]! > split.threshold), depth + 1);
  }
  return tree;
}

/** A feature that varies among the rows and a value between its ends; none where all are equal. */
function drawSplit(rows: readonly Float64Array[], random: Random) {
  if (rows.length < 2) return undefined;
  const untried = [...rows[0]!.keys()];
  while (untried.length) {
    const place = Math.floor(random() * untried.length);
    const feature = untried[place]!;
    let [low, high] = [Infinity, -Infinity];
    for (const row of rows) {
      low = Math.min(low, row[feature]!);
      high = Math.max(high, row[feature]!);
    }
    const threshold = low + random() * (high - low);
    if (threshold < high) return { feature, threshold };
    untried[place] = untried.at(-1)!;
    untried.pop();
  }
  return undefined;
}

export interface IsolationForestDetectorOptions {
  /** Stored with the profile: the same references and seed grow the same trees. */
  readonly seed: number;
  /** Of all its axes the first, most telling ones are used. */
  readonly discriminant: Discriminant;
}

/** Axes that a forest is grown along: more, and those that tell little drown the others. */
const AXES = 8;
/** Shadows a reference casts, and their noise in within-person deviations. */
const SHADOWS = 8;
const SHADOW_DEVIATIONS = 1.5;

/**
 * A subject's own forest over reference windows. Score in (0, 1), HIGH IS STRANGE.
 *
 * It is grown along the axes in which people differ most: a forest splits at random, so features
 * that tell nobody apart would drown the others. It cannot tell how far outside its data a row lies,
 * and a profile is small, so every reference is accompanied by shadows: itself with noise, which
 * widens the support by what people are known to vary. Missing values are set to the references'
 * median, where they isolate nothing.
 */
export class IsolationForestDetector implements Detector {
  readonly name = "isolationForest";
  readonly reads = "vector";
  #references: Float64Array[] = [];
  #fitted: { readonly forest: IsolationForest; readonly medians: Float64Array } | undefined;

  constructor(readonly options: IsolationForestDetectorOptions) {}

  learnOne({ vector }: Observation): void {
    this.#references.push(vector);
    this.#fitted = undefined;
  }

  async scoreOne(observation: Observation): Promise<number | undefined> {
    return (await this.scoreMany([observation]))[0];
  }

  scoreMany(observations: readonly Observation[]): Promise<(number | undefined)[]> {
    if (this.#references.length < MINIMUM_REFERENCES) {
      return Promise.resolve(observations.map(() => undefined));
    }
    const { forest, medians } = this.#fitted ??= this.#fit();
    const rows = observations.map(({ vector }) => this.#place(vector, medians));
    return Promise.resolve(rows.map((row) => forest.score(row)));
  }

  #fit() {
    const random = seededRandom(this.options.seed);
    const medians = this.#references[0]!.map((_, i) =>
      quantile(finite(this.#references.map((vector) => vector[i]!)), 0.5)
    );
    const rows = this.#references.flatMap((vector) => {
      const row = this.#place(vector, medians);
      const shadow = () => row.map((value) => value + SHADOW_DEVIATIONS * normal(random));
      return [row, ...Array.from({ length: SHADOWS }, shadow)];
    });
    return { forest: IsolationForest.fit(rows, { random }), medians };
  }

  /** A feature that no reference has is left out: nothing is known of what is usual in it. */
  #place(vector: Float64Array, medians: Float64Array): Float64Array {
    const filled = vector.map((value, i) =>
      Number.isFinite(value) && Number.isFinite(medians[i]) ? value : medians[i]!
    );
    return project(filled, this.options.discriminant).subarray(0, AXES);
  }
}

/** Standard normal (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
