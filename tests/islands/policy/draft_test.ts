import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_TENANT_SETTINGS, TenantPolicy } from "../../../core/tenant.ts";
import {
  differences,
  draftFrom,
  draftHref,
  draftOf,
  type PolicyDraft,
  policyOf,
  problemOf,
} from "../../../islands/policy/draft.ts";

const DRAFT = draftOf(DEFAULT_TENANT_SETTINGS.policy);

const whole = (min: number, max: number) => fc.integer({ min, max });
const draft: fc.Arbitrary<PolicyDraft> = fc.record({
  elevatedEnter: whole(-2, 103),
  elevatedLeave: whole(-2, 103),
  highEnter: whole(0, 100),
  highLeave: whole(0, 100),
  criticalEnter: whole(0, 100),
  criticalLeave: whole(0, 100),
  stepUpConfidence: whole(0, 100),
  blocks: fc.boolean(),
  blockConfidence: whole(0, 100),
  prior: fc.integer({ min: 1, max: 5000 }).map((each) => each / 100),
  halfLifeMinutes: whole(0, 1441),
  shadow: fc.boolean(),
});

Deno.test("policyOf() and draftOf() are each other's way back", () => {
  assertEquals(policyOf(DRAFT), DEFAULT_TENANT_SETTINGS.policy);
  const levels = {
    elevated: fc.constant({ enter: 20, leave: 12 }),
    high: fc.constant({ enter: 40, leave: 29 }),
    critical: fc.constant({ enter: 90.5, leave: 58 }),
  };
  fc.assert(fc.property(
    fc.record({ ...levels }),
    whole(0, 100),
    fc.option(whole(0, 100)),
    fc.boolean(),
    (levels, confidence, block, shadow) => {
      const policy = {
        ...{ levels, shadow, prior: confidence / 250 || 0.0001, halfLifeMs: 60_000 * (block ?? 1) },
        stepUpConfidence: confidence / 100,
        blockConfidence: block === null ? null : block / 100,
      };
      assertEquals(policyOf(draftOf(policy)), policy);
    },
  ));
});

Deno.test("problemOf() finds fault where saving would, and nowhere else", () => {
  fc.assert(
    fc.property(draft, (each) => {
      const isFit = TenantPolicy.safeParse(policyOf(each)).success;
      assertEquals(problemOf(each) === undefined, isFit, JSON.stringify(each));
    }),
    { numRuns: 500, examples: [[DRAFT]] },
  );
  assert(problemOf({ ...DRAFT, prior: NaN }));
});

Deno.test("draftFrom() reads what draftHref() writes, and leaves alone what is not there", () => {
  fc.assert(fc.property(draft, (each) => {
    const query = new URL(draftHref(each), "http://here.invalid").searchParams;
    assertEquals(draftFrom((name) => query.get(name) ?? undefined, DRAFT), each);
  }));
  assertEquals(draftFrom((name) => name === "highEnter" ? "60" : undefined, DRAFT), {
    ...DRAFT,
    highEnter: 60,
  });
});

Deno.test("differences() names what changes, with both numbers and their unit", () => {
  const change = { highLeave: 25, blocks: true, shadow: true };
  assertEquals(differences(DRAFT, { ...DRAFT, ...change }), [
    "Leave high below 30 → 25 of 100",
    "Block from confidence 95 %",
    "Shadow mode on",
  ]);
  assertEquals(differences(DRAFT, DRAFT), []);
});
