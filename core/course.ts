/**
 * How a session went, small enough to be kept beside thousands of others: what the evidence was at its
 * points and how sure, whatever prior and thresholds it was held against.
 */

/** One moment of a session. */
export interface CoursePoint {
  /** Seconds since the first point. */
  readonly atS: number;
  /** Log-odds that the evidence added to the prior's; HIGH IS STRANGE. */
  readonly evidenceNats: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** A step-up was passed: whatever was decided before is void. */
  readonly isFresh: boolean;
}

/** A course as it is stored. */
export interface Course {
  /** When its newest point was, ms since the epoch by the server's clock. */
  readonly lastMs: number;
  /** Six bytes a point, oldest first: gap u16 s, evidence i16 in 0.01 nats, confidence u8 in %, flags u8. */
  readonly points: Uint8Array<ArrayBuffer>;
}

/** Points kept; beyond it the older half is thinned. */
export const COURSE_KEPT = 160;
const POINT_BYTES = 6;
const FRESH = 1;
/** Evidence that is gone by any half-life. */
const LONGEST_GAP_S = 0xffff;
const MOST_CENTINATS = 0x7fff;

/** The course with one more point; points within a second are one, and so are older ones beyond the limit. */
export function extendCourse(
  course: Course | undefined,
  point: Omit<CoursePoint, "atS"> & { readonly atMs: number },
): Course {
  const { atMs, ...said } = point;
  const points = course ? readCourse(course.points) : [];
  const last = points.at(-1);
  const gapS = last && course ? Math.max(0, Math.floor((atMs - course.lastMs) / 1000)) : 0;
  const next = { ...said, atS: (last?.atS ?? 0) + Math.min(LONGEST_GAP_S, gapS) };
  const isSameStep = last !== undefined && gapS < 1 && !next.isFresh;
  const grown = isSameStep ? [...points.slice(0, -1), stranger(last, next)] : [...points, next];
  const kept = grown.length > COURSE_KEPT ? thinned(grown) : grown;
  const lastMs = isSameStep && course ? course.lastMs : atMs;
  return { lastMs, points: writePoints(kept) };
}

export function readCourse(bytes: Uint8Array): CoursePoint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points: CoursePoint[] = [];
  let atS = 0;
  for (let at = 0; at + POINT_BYTES <= bytes.length; at += POINT_BYTES) {
    atS += view.getUint16(at);
    points.push({
      atS,
      evidenceNats: view.getInt16(at + 2) / 100,
      confidence: view.getUint8(at + 4) / 100,
      isFresh: (view.getUint8(at + 5) & FRESH) !== 0,
    });
  }
  return points;
}

function writePoints(points: readonly CoursePoint[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(POINT_BYTES * points.length);
  const view = new DataView(bytes.buffer);
  let beforeS = 0;
  for (const [i, { atS, evidenceNats, confidence, isFresh }] of points.entries()) {
    const at = POINT_BYTES * i;
    const centinats = Math.round(100 * evidenceNats);
    view.setUint16(at, Math.min(LONGEST_GAP_S, atS - beforeS));
    view.setInt16(at + 2, Math.max(-MOST_CENTINATS, Math.min(MOST_CENTINATS, centinats)));
    // Never rounded up: a confidence just below a threshold stays below it.
    view.setUint8(at + 4, Math.floor(100 * Math.min(1, Math.max(0, confidence)) + 1e-9));
    view.setUint8(at + 5, isFresh ? FRESH : 0);
    beforeS = atS;
  }
  return bytes;
}

/**
 * Every second point of the older half goes that mattered to no decision; where all matter, the less
 * strange of every two.
 */
function thinned(points: readonly CoursePoint[]): CoursePoint[] {
  const half = points.length >> 1;
  const matters = pointsThatMatter(points);
  let spare = 0;
  const kept = points.filter((point, i) => {
    return i >= half || matters.has(point) || ++spare % 2 === 0;
  });
  return kept.length < points.length ? kept : halved(points);
}

/**
 * Those than which none is both as strange and as sure until a step-up is passed, and the step-ups
 * passed: whatever is asked under some thresholds, one of these has it asked.
 */
function pointsThatMatter(points: readonly CoursePoint[]): ReadonlySet<CoursePoint> {
  const matters = new Set<CoursePoint>();
  for (let start = 0, end = 1; end <= points.length; end++) {
    if (end < points.length && !points[end]!.isFresh) continue;
    let surest = -1;
    for (const point of points.slice(start, end).sort(byStrangeness)) {
      if (point.confidence > surest || point.isFresh) matters.add(point);
      surest = Math.max(surest, point.confidence);
    }
    start = end;
  }
  return matters;
}

function byStrangeness(a: CoursePoint, b: CoursePoint): number {
  return b.evidenceNats - a.evidenceNats || b.confidence - a.confidence;
}

function halved(points: readonly CoursePoint[]): CoursePoint[] {
  const half = 2 * Math.floor(points.length / 4);
  const kept: CoursePoint[] = [];
  for (let i = 0; i < half; i += 2) kept.push(stranger(points[i]!, points[i + 1]!));
  return [...kept, ...points.slice(half)];
}

function stranger(a: CoursePoint, b: CoursePoint): CoursePoint {
  const one = a.evidenceNats * a.confidence > b.evidenceNats * b.confidence ? a : b;
  return { ...one, isFresh: a.isFresh || b.isFresh };
}
