import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Course, extendCourse } from "../../core/course.ts";
import { decide, INITIAL_DECISION } from "../../core/decision.ts";
import { simulatePolicy, withHigh } from "../../core/policy_simulation.ts";
import { DEFAULT_TENANT_SETTINGS, type TenantPolicy } from "../../core/tenant.ts";

const POLICY = DEFAULT_TENANT_SETTINGS.policy;
const PRIOR_NATS = Math.log(POLICY.prior / (1 - POLICY.prior));

/** Evidence under which the risk is this, at the default prior. */
const natsOf = (risk: number) => Math.log(risk / (100 - risk)) - PRIOR_NATS;

function pointsOf(risks: readonly number[], { confidence = 1, gapMs = 10_000, fresh = -1 } = {}) {
  let course: Course | undefined;
  for (const [i, risk] of risks.entries()) {
    course = extendCourse(course, {
      atMs: 1.7e12 + i * gapMs,
      evidenceNats: natsOf(risk),
      confidence,
      isFresh: i === fresh,
    });
  }
  return course!.points;
}

function simulate(
  sessions: readonly Uint8Array[],
  proposed: TenantPolicy,
  verdicts: readonly ("impostor" | "genuine" | "unsure" | undefined)[] = [],
) {
  return simulatePolicy({
    sessions: sessions.map((points, i) => ({ session: String(i), points })),
    verdictOf: (session) => verdicts[Number(session)],
    present: POLICY,
    proposed,
  });
}

Deno.test("simulatePolicy() tells the sessions that nobody called an impostor's from those somebody did", () => {
  const sessions = [[1, 60, 2], [1, 2, 3], [5, 95], [4, 55], [3, 70]].map((risks) =>
    pointsOf(risks)
  );
  const { present, proposed, confirmedGenuine, unsure } = simulate(
    sessions,
    withHigh(POLICY, 65),
    [undefined, "genuine", "impostor", "impostor", "unsure"],
  );
  assertEquals(present.genuine, { sessions: 2, steppedUp: 1, blocked: 0 });
  assertEquals(present.impostor, { sessions: 2, steppedUp: 2, blocked: 0 });
  assertEquals(proposed.genuine.steppedUp, 0);
  assertEquals(proposed.impostor.steppedUp, 1);
  assertEquals([confirmedGenuine, unsure], [1, 1]);
});

Deno.test("simulatePolicy() asks nothing below the confidence, and blocks only where that is allowed", () => {
  const sessions = [pointsOf([95], { confidence: 0.39 }), pointsOf([95], { confidence: 0.95 })];
  const { present, proposed } = simulate(sessions, { ...POLICY, blockConfidence: 0.9 });
  assertEquals(present.genuine, { sessions: 2, steppedUp: 1, blocked: 0 });
  assertEquals(proposed.genuine, { sessions: 2, steppedUp: 1, blocked: 1 });
});

Deno.test("simulatePolicy() moves the prior exactly: as if it had been another all along", () => {
  const [session] = [pointsOf([30])];
  const prior = 0.3;
  const enter = 100 / (1 + Math.exp(-Math.log(prior / (1 - prior)) - natsOf(30)));
  const { proposed } = simulate([session!], { ...withHigh(POLICY, enter - 1), prior });
  assertEquals(proposed.genuine.steppedUp, 1);
  const higher = simulate([session!], { ...withHigh(POLICY, enter + 1), prior });
  assertEquals(higher.proposed.genuine.steppedUp, 0);
});

Deno.test("simulatePolicy() says that another half-life is an estimate; a longer one forgets less", () => {
  // Strange evidence stood for long and had faded before the next of it came.
  const session = pointsOf([45, 45, 45], { gapMs: 600_000 });
  const longer = simulate([session], { ...POLICY, halfLifeMs: 4 * POLICY.halfLifeMs });
  assert(longer.isEstimate);
  assertEquals([longer.present.genuine.steppedUp, longer.proposed.genuine.steppedUp], [0, 1]);
  assert(!simulate([session], { ...POLICY, prior: 0.2 }).isEstimate);
});

Deno.test("simulatePolicy() starts anew where a step-up was passed, as the live session does", () => {
  const held = { ...POLICY, levels: { ...POLICY.levels, high: { enter: 50, leave: 5 } } };
  const below = { ...held, stepUpConfidence: 1, blockConfidence: null };
  // Held high at 20 without the step-up between, and low with it.
  const decisions = [decide(INITIAL_DECISION, { risk: 60, confidence: 0 }, below)];
  assertEquals(decide(decisions[0]!, { risk: 20, confidence: 1 }, below).action, "step_up");
  const late = (fresh: number) => {
    const first = extendCourse(undefined, {
      atMs: 1.7e12,
      evidenceNats: natsOf(60),
      confidence: 0,
      isFresh: false,
    });
    return extendCourse(first, {
      atMs: 1.7e12 + 5000,
      evidenceNats: natsOf(20.5),
      confidence: 1,
      isFresh: fresh === 1,
    }).points;
  };
  assertEquals(simulate([late(-1)], below).proposed.genuine.steppedUp, 1);
  assertEquals(simulate([late(1)], below).proposed.genuine.steppedUp, 0);
});

const course = fc.record({
  risks: fc.array(fc.double({ min: 0.1, max: 99.9, noNaN: true }), { minLength: 1, maxLength: 30 }),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
}).map(({ risks, confidence }) => pointsOf(risks, { confidence }));
const courses = fc.array(course, { minLength: 1, maxLength: 8 });

Deno.test("a stricter threshold never steps up fewer sessions", () => {
  const enter = fc.integer({ min: 22, max: 89 });
  fc.assert(fc.property(courses, enter, enter, (sessions, one, other) => {
    const [strict, lax] = [Math.min(one, other), Math.max(one, other)];
    const asked = (enter: number) =>
      simulate(sessions, withHigh(POLICY, enter)).proposed.genuine.steppedUp;
    assert(asked(strict) >= asked(lax));
  }));
});

Deno.test("a lower confidence, a higher prior and a lower leave never step up fewer sessions", () => {
  fc.assert(fc.property(courses, fc.double({ min: 0, max: 1, noNaN: true }), (sessions, share) => {
    const { high } = POLICY.levels;
    const asked = (proposed: TenantPolicy) =>
      simulate(sessions, proposed).proposed.genuine.steppedUp;
    const now = asked(POLICY);
    assert(asked({ ...POLICY, stepUpConfidence: share * POLICY.stepUpConfidence }) >= now);
    assert(asked({ ...POLICY, prior: POLICY.prior + share * (0.5 - POLICY.prior) }) >= now);
    const levels = { ...POLICY.levels, high: { ...high, leave: share * high.leave } };
    assert(asked({ ...POLICY, levels }) >= now);
  }));
});

Deno.test("the curve falls, and says of each threshold what simulating it says", () => {
  fc.assert(
    fc.property(courses, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (all, strange) => {
      const verdicts = strange.map((is) => is ? "impostor" as const : undefined);
      const { curve } = simulate(all, POLICY, verdicts);
      for (const [i, { enter, genuine, caught }] of curve.entries()) {
        const { proposed } = simulate(all, withHigh(POLICY, enter), verdicts);
        assertEquals([genuine, caught], [
          proposed.genuine.steppedUp,
          proposed.impostor.steppedUp,
        ]);
        if (i) assert(genuine <= curve[i - 1]!.genuine && caught <= curve[i - 1]!.caught);
      }
    }),
    { numRuns: 40 },
  );
});
