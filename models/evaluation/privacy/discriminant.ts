/** Linear algebra of telling groups apart: small symmetric matrices, as rows. */
import { GaitkeeperError } from "../../../core/error.ts";

export type Matrix = readonly Float64Array[];

export function zeros(size: number): Float64Array[] {
  return Array.from({ length: size }, () => new Float64Array(size));
}

/** Adds `weight` times the outer product of a vector with itself. */
export function addOuter(matrix: Matrix, vector: ArrayLike<number>, weight = 1): void {
  for (let i = 0; i < matrix.length; i++) {
    const row = matrix[i]!;
    const scaled = weight * vector[i]!;
    for (let j = 0; j < row.length; j++) row[j]! += scaled * vector[j]!;
  }
}

export function multiply(matrix: Matrix, vector: ArrayLike<number>): Float64Array {
  return Float64Array.from(matrix, (row) => {
    let sum = 0;
    for (let j = 0; j < row.length; j++) sum += row[j]! * vector[j]!;
    return sum;
  });
}

/**
 * Eigenvalues and unit eigenvectors of a symmetric matrix, by cyclic rotations (Jacobi 1846).
 * @returns `values[i]` belongs to the row `vectors[i]`; in no order.
 */
export function eigen(symmetric: Matrix): { values: Float64Array; vectors: Float64Array[] } {
  const size = symmetric.length;
  const a = symmetric.map((row) => Float64Array.from(row));
  const vectors = zeros(size);
  vectors.forEach((row, i) => row[i] = 1);
  const total = a.reduce((sum, row) => sum + row.reduce((part, x) => part + x * x, 0), 0);
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) off += a[p]![q]! ** 2;
    }
    if (off <= 1e-20 * total) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, vectors, p, q);
    }
  }
  return { values: Float64Array.from(a, (row, i) => row[i]!), vectors };
}

/** Turns the plane of two axes so that nothing is left off the diagonal there. */
function rotate(a: Float64Array[], vectors: Float64Array[], p: number, q: number): void {
  const [rowP, rowQ] = [a[p]!, a[q]!];
  if (Math.abs(rowP[q]!) < 1e-300) return;
  const theta = (rowQ[q]! - rowP[p]!) / (2 * rowP[q]!);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of a) {
    const [x, y] = [row[p]!, row[q]!];
    row[p] = cosine * x - sine * y;
    row[q] = sine * x + cosine * y;
  }
  for (const [first, second] of [[rowP, rowQ], [vectors[p]!, vectors[q]!]] as const) {
    for (let k = 0; k < first.length; k++) {
      const [x, y] = [first[k]!, second[k]!];
      first[k] = cosine * x - sine * y;
      second[k] = sine * x + cosine * y;
    }
  }
}

/** A linear map, and the variance between groups along each of its axes. */
export interface Discriminant {
  /** Rows are axes; within a group, what is mapped has a variance of 1 along each and no more. */
  readonly map: Matrix;
  readonly between: Float64Array;
}

/** What share of the mean variance is added to each, so that an axis without any can be inverted. */
const RIDGE = 1e-6;

/**
 * Axes along which groups differ, from the scatter within and between them (Fisher 1936).
 * @throws {GaitkeeperError} `request_invalid` where nothing varies within groups.
 */
export function discriminantOf(within: Matrix, between: Matrix): Discriminant {
  const size = within.length;
  const meanVariance = within.reduce((sum, row, i) => sum + row[i]!, 0) / size;
  if (!(meanVariance > 0)) {
    throw new GaitkeeperError(
      "request_invalid",
      "Cannot tell groups apart: some must hold two different members, got none",
    );
  }
  const { values, vectors } = eigen(within);
  const whitening = vectors.map((row, i) => {
    const deviation = Math.sqrt(Math.max(values[i]!, 0) + RIDGE * meanVariance);
    return row.map((x) => x / deviation);
  });
  // W B W': rows of W B first, then their products with W's rows.
  const half = whitening.map((row) => multiply(between, row));
  const whitened = half.map((row) => multiply(whitening, row));
  const axes = eigen(whitened);
  const map = axes.vectors.map((row) => {
    const axis = new Float64Array(size);
    row.forEach((x, i) => whitening[i]!.forEach((w, j) => axis[j]! += x * w));
    return axis;
  });
  return { map, between: axes.values.map((value) => Math.max(0, value)) };
}
