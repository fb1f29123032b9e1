import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Course, COURSE_KEPT, extendCourse, readCourse } from "../../core/course.ts";

const START_MS = 1.7e12;

const point = fc.record({
  gapMs: fc.integer({ min: 1000, max: 600_000 }),
  evidenceNats: fc.double({ min: -3, max: 27, noNaN: true }),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  isFresh: fc.boolean(),
});

function courseOf(points: readonly (typeof point extends fc.Arbitrary<infer Of> ? Of : never)[]) {
  let atMs = START_MS;
  let course: Course | undefined;
  for (const { gapMs, ...said } of points) {
    atMs += gapMs;
    course = extendCourse(course, { ...said, atMs });
  }
  return course!;
}

Deno.test("readCourse() gives back what extendCourse() was given, within its grain", () => {
  fc.assert(fc.property(fc.array(point, { minLength: 1, maxLength: COURSE_KEPT }), (given) => {
    const read = readCourse(courseOf(given).points);
    assertEquals(read.length, given.length);
    for (const [i, { evidenceNats, confidence, isFresh }] of given.entries()) {
      assertAlmostEquals(read[i]!.evidenceNats, evidenceNats, 0.00501);
      assert(read[i]!.confidence <= confidence + 1e-9);
      assertAlmostEquals(read[i]!.confidence, confidence, 0.0101);
      assertEquals(read[i]!.isFresh, isFresh);
    }
  }));
});

Deno.test("extendCourse() stays small, keeps the strangest moment and every passed step-up's", () => {
  const many = fc.array(point, { minLength: COURSE_KEPT + 1, maxLength: 4 * COURSE_KEPT });
  fc.assert(
    fc.property(many, (given) => {
      const sure = given.map((each) => ({ ...each, confidence: 1 }));
      const read = readCourse(courseOf(sure).points);
      assert(read.length <= COURSE_KEPT);
      const most = Math.max(...sure.map(({ evidenceNats }) => evidenceNats));
      assertAlmostEquals(Math.max(...read.map(({ evidenceNats }) => evidenceNats)), most, 0.00501);
      assertEquals(read.some(({ isFresh }) => isFresh), sure.some(({ isFresh }) => isFresh));
      for (const [i, { atS }] of read.entries()) assert(i === 0 || atS >= read[i - 1]!.atS);
    }),
    { numRuns: 30 },
  );
});

Deno.test("extendCourse() makes one point of a second, the stranger of two", () => {
  const said = { confidence: 1, isFresh: false };
  let course = extendCourse(undefined, { ...said, atMs: START_MS, evidenceNats: 3 });
  course = extendCourse(course, { ...said, atMs: START_MS + 400, evidenceNats: 1 });
  assertEquals(readCourse(course.points).map(({ evidenceNats }) => evidenceNats), [3]);
  course = extendCourse(course, { ...said, atMs: START_MS + 1400, evidenceNats: 1 });
  assertEquals(readCourse(course.points).map(({ atS }) => atS), [0, 1]);
});

Deno.test("extendCourse() keeps what any thresholds would have asked, however long the session", () => {
  const long = fc.array(
    fc.record({
      gapMs: fc.integer({ min: 1000, max: 9000 }),
      evidenceNats: fc.integer({ min: -300, max: 600 }).map((centinats) => centinats / 100),
      confidence: fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100),
      isFresh: fc.integer({ min: 0, max: 199 }).map((one) => one === 0),
    }),
    { minLength: 2 * COURSE_KEPT, maxLength: 5 * COURSE_KEPT },
  );
  fc.assert(
    fc.property(long, (given) => {
      const read = readCourse(courseOf(given).points);
      assert(read.length <= COURSE_KEPT);
      for (const evidenceNats of [0, 1, 2, 3, 4, 5]) {
        for (const confidence of [0, 0.2, 0.4, 0.6, 0.8, 0.95]) {
          const isAsked = (one: { evidenceNats: number; confidence: number }) =>
            one.evidenceNats >= evidenceNats && one.confidence >= confidence;
          assertEquals(read.some(isAsked), given.some(isAsked), `${evidenceNats} ${confidence}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

Deno.test("extendCourse() stays small though every point matters", () => {
  const given = Array.from({ length: 3 * COURSE_KEPT }, (_, i) => {
    return { gapMs: 1000, evidenceNats: i / 100, confidence: 1 - i / 1000, isFresh: i % 7 === 0 };
  });
  const read = readCourse(courseOf(given).points);
  assert(read.length <= COURSE_KEPT && read.length > COURSE_KEPT / 2);
});
