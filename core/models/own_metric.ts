/** How a person's own windows vary: directions in which they often differ say little of a stranger. */

/** Share of the covariance that is drawn towards a sphere, for windows are few beside directions. */
const SHRINKAGE = 0.3;

/** Squared Mahalanobis distances under the covariance of given points, drawn towards a sphere. */
export class OwnMetric {
  readonly #centre: Float64Array;
  /** Lower triangle of the covariance's Cholesky factor, row-major. */
  readonly #factor: Float64Array;

  /** @param points at least two, of one length. */
  constructor(points: readonly Float32Array[]) {
    const width = points[0]!.length;
    this.#centre = new Float64Array(width);
    for (const point of points) point.forEach((x, i) => this.#centre[i]! += x / points.length);
    const covariance = new Float64Array(width * width);
    for (const point of points) {
      for (let i = 0; i < width; i++) {
        const off = (point[i]! - this.#centre[i]!) / (points.length - 1);
        for (let j = 0; j <= i; j++) {
          covariance[i * width + j]! += off * (point[j]! - this.#centre[j]!);
        }
      }
    }
    let trace = 0;
    for (let i = 0; i < width; i++) trace += covariance[i * width + i]!;
    // Points that are all alike are a sphere of no size; the least keeps it one.
    const sphere = Math.max(trace / width, 1e-12);
    for (let i = 0; i < width; i++) {
      for (let j = 0; j <= i; j++) covariance[i * width + j]! *= 1 - SHRINKAGE;
      covariance[i * width + i]! += SHRINKAGE * sphere;
    }
    this.#factor = cholesky(covariance, width);
  }

  /** From the points' mean, in squared deviations. */
  squaredDistance(point: Float32Array): number {
    const width = point.length;
    const solved = new Float64Array(width);
    let sum = 0;
    for (let i = 0; i < width; i++) {
      let rest = point[i]! - this.#centre[i]!;
      for (let j = 0; j < i; j++) rest -= this.#factor[i * width + j]! * solved[j]!;
      solved[i] = rest / this.#factor[i * width + i]!;
      sum += solved[i]! ** 2;
    }
    return sum;
  }
}

/** Lower factor of a positive definite matrix whose lower triangle is given. */
function cholesky(matrix: Float64Array, width: number): Float64Array {
  const factor = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * width + j]!;
      for (let k = 0; k < j; k++) rest -= factor[i * width + k]! * factor[j * width + k]!;
      factor[i * width + j] = i === j ? Math.sqrt(rest) : rest / factor[j * width + j]!;
    }
  }
  return factor;
}
