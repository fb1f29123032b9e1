import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { WindowEvidence } from "../../core/evidence.ts";
import {
  addEvidence,
  DEFAULT_RISK_POLICY as POLICY,
  readRisk,
  type RiskState,
} from "../../core/risk.ts";

const PRIOR_RISK = 100 * POLICY.prior;

const part = fc.record({
  key: fc.constantFrom("holdMeanMs.letter", "flightMedianMs", "sequence", "usual", "rest"),
  words: fc.constant("words"),
  nats: fc.double({ min: -8, max: 8, noNaN: true }),
});
const windows = fc.array(
  fc.record({
    source: fc.constantFrom("keyboard" as const, "pointer" as const, "automation" as const),
    gapMs: fc.integer({ min: 0, max: 20 * 60_000 }),
    parts: fc.uniqueArray(part, { maxLength: 5, selector: ({ key }) => key }),
    readiness: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 30 },
);
type Said = typeof windows extends fc.Arbitrary<infer List> ? List : never;

function play(said: Said): { state: RiskState; endMs: number } {
  let state: RiskState = {};
  let endMs = 0;
  for (const { source, gapMs, parts, readiness } of said) {
    endMs += gapMs;
    state = addEvidence(state, evidenceOf(source, endMs, parts), readiness, POLICY);
  }
  return { state, endMs };
}

function evidenceOf(
  source: WindowEvidence["source"],
  endMs: number,
  parts: WindowEvidence["parts"],
): WindowEvidence {
  const nats = parts.reduce((sum, { nats }) => sum + nats, 0);
  return { source, endMs, nats, detectors: {}, parts };
}

function keyboard(nats: number, endMs = 0): WindowEvidence {
  return evidenceOf("keyboard", endMs, [{ key: "sequence", words: "rhythm", nats }]);
}

Deno.test("readRisk() is the prior before any evidence, at no confidence", () => {
  const { risk, confidence, evidenceNats, reasons } = readRisk({}, 0, POLICY);
  assertAlmostEquals(risk, PRIOR_RISK, 1e-9);
  assertEquals({ confidence, evidenceNats, reasons }, {
    confidence: 0,
    evidenceNats: 0,
    reasons: [],
  });
});

Deno.test("readRisk() gives reasons that add up to its evidence, and a risk that is their posterior", () => {
  fc.assert(fc.property(windows, fc.nat(3600_000), (said, laterMs) => {
    const { state, endMs } = play(said);
    const { risk, confidence, evidenceNats, reasons } = readRisk(state, endMs + laterMs, POLICY);
    assertEquals(reasons.reduce((sum, { nats }) => sum + nats, 0), evidenceNats);
    const odds = POLICY.prior / (1 - POLICY.prior) * Math.exp(evidenceNats);
    assertAlmostEquals(risk, 100 * odds / (1 + odds), 1e-6);
    assert(confidence >= 0 && confidence <= 1);
  }));
});

Deno.test("addEvidence() is linear: the reasons add up to what the sums alone would give", () => {
  fc.assert(fc.property(windows, (said) => {
    const { state, endMs } = play(said);
    // The same recurrence on one number a source, without any parts.
    const standing = new Map<string, { nats: number; atMs: number }>();
    const fade = (ms: number) => 0.5 ** (ms / POLICY.halfLifeMs);
    let atMs = 0;
    for (const { source, gapMs, parts } of said) {
      atMs += gapMs;
      const before = standing.get(source) ?? { nats: 0, atMs };
      const added = POLICY.sources[source].gain * parts.reduce((sum, { nats }) => sum + nats, 0);
      const nats = POLICY.sources[source].retention * fade(atMs - before.atMs) * before.nats +
        added;
      const [low, high] = POLICY.bounds;
      standing.set(source, { nats: Math.min(Math.max(nats, low), high), atMs });
    }
    const expected = [...standing.values()]
      .reduce((sum, said) => sum + said.nats * fade(endMs - said.atMs), 0);
    assertAlmostEquals(readRisk(state, endMs, POLICY).evidenceNats, expected, 1e-9);
  }));
});

Deno.test("readRisk() orders reasons by strength", () => {
  fc.assert(fc.property(windows, (said) => {
    const { state, endMs } = play(said);
    const strengths = readRisk(state, endMs, POLICY).reasons.map(({ nats }) => Math.abs(nats));
    assertEquals(strengths, strengths.toSorted((a, b) => b - a));
  }));
});

Deno.test("addEvidence() keeps a source's standing evidence within the policy's bounds", () => {
  fc.assert(fc.property(windows, (said) => {
    const { state, endMs } = play(said);
    for (const source of ["keyboard", "pointer", "automation"] as const) {
      const { reasons } = readRisk({ [source]: state[source] }, endMs, POLICY);
      const nats = reasons.reduce((sum, reason) => sum + reason.nats, 0);
      assert(nats >= POLICY.bounds[0] - 1e-9 && nats <= POLICY.bounds[1] + 1e-9, `${nats} nats`);
    }
  }));
});

Deno.test("addEvidence() forgets: the evidence of one window shrinks with every window after it", () => {
  let state = addEvidence({}, keyboard(2), 1, POLICY);
  let before = readRisk(state, 0, POLICY).evidenceNats;
  assertAlmostEquals(before, POLICY.sources.keyboard.gain * 2, 1e-9);
  for (let i = 0; i < 10; i++) {
    state = addEvidence(state, keyboard(0), 1, POLICY);
    const now = readRisk(state, 0, POLICY).evidenceNats;
    assertAlmostEquals(now, POLICY.sources.keyboard.retention * before, 1e-9);
    before = now;
  }
});

Deno.test("readRisk() halves evidence, towards the prior from either side, in the half-life", () => {
  for (const nats of [-6, 6]) {
    const state = addEvidence({}, keyboard(nats), 1, POLICY);
    const now = readRisk(state, 0, POLICY);
    const later = readRisk(state, POLICY.halfLifeMs, POLICY);
    assertAlmostEquals(later.evidenceNats, now.evidenceNats / 2, 1e-9);
    assert(Math.abs(later.risk - PRIOR_RISK) < Math.abs(now.risk - PRIOR_RISK));
    assert(later.confidence < now.confidence);
  }
});

Deno.test("readRisk() does not fade backwards for events that came late", () => {
  const state = addEvidence({}, keyboard(5, 10_000), 1, POLICY);
  assertEquals(readRisk(state, 0, POLICY), readRisk(state, 10_000, POLICY));
});

Deno.test("readRisk() grows more confident with windows, and never beyond the profile's readiness", () => {
  let state: RiskState = {};
  let before = 0;
  for (let i = 0; i < 40; i++) {
    state = addEvidence(state, keyboard(-1), 0.7, POLICY);
    const { confidence } = readRisk(state, 0, POLICY);
    assert(confidence > before && confidence < 0.7);
    before = confidence;
  }
  assertEquals(readRisk(addEvidence({}, keyboard(9), 0, POLICY), 0, POLICY).confidence, 0);
});

Deno.test("readRisk() weighs sources together: both raise what either says", () => {
  const one = addEvidence({}, keyboard(2), 1, POLICY);
  const both = addEvidence(one, { ...keyboard(2), source: "pointer" }, 1, POLICY);
  const [single, double] = [readRisk(one, 0, POLICY), readRisk(both, 0, POLICY)];
  const gains = POLICY.sources.keyboard.gain + POLICY.sources.pointer.gain;
  assertAlmostEquals(double.evidenceNats, 2 * gains, 1e-9);
  assert(double.risk > single.risk && double.confidence > single.confidence);
});

Deno.test("addEvidence() is monotone: a stranger window never gives a lower risk", () => {
  const nats = fc.double({ min: -10, max: 10, noNaN: true });
  fc.assert(fc.property(windows, nats, nats, (said, a, b) => {
    const { state, endMs } = play(said);
    const riskAfter = (value: number) =>
      readRisk(addEvidence(state, keyboard(value, endMs), 1, POLICY), endMs, POLICY).risk;
    assert(riskAfter(Math.max(a, b)) >= riskAfter(Math.min(a, b)) - 1e-9);
  }));
});

Deno.test("addEvidence() gathers what is too weak to name, and stays bounded in size", () => {
  let state: RiskState = {};
  for (let i = 0; i < 200; i++) {
    const parts = [{ key: `feature${i}`, words: "words", nats: 1 }];
    state = addEvidence(state, evidenceOf("keyboard", i, parts), 1, POLICY);
  }
  assert(Object.keys(state.keyboard!.parts).length < 20);
});

Deno.test("addEvidence() keeps the numbers of the strongest features, and the words of all", () => {
  const reading = (value: number) => {
    return { feature: "holds", unit: "ms" as const, value, usual: [1, 2, 3, 4, 5] as const };
  };
  const parts = Array.from({ length: 10 }, (_, i) => {
    return { key: `feature${i}`, words: `words ${i}`, nats: (i + 1) / 10, reading: reading(i) };
  });
  const { reasons } = readRisk(
    addEvidence({}, evidenceOf("pointer", 0, parts), 1, POLICY),
    0,
    POLICY,
  );
  const numbered = reasons.filter((reason) => reason.reading).map(({ key }) => key);
  assertEquals(numbered.sort(), [5, 6, 7, 8, 9].map((i) => `feature${i}`));
  assertEquals(reasons.find(({ key }) => key === "feature9")!.reading!.value, 9);
});

Deno.test("addEvidence() keeps what each detector said of the newest window", () => {
  const detectors = { verifier: { score: 0.9, nats: 2 } };
  const first = { ...keyboard(2), detectors };
  const state = addEvidence({}, first, 1, POLICY);
  assertEquals(state.keyboard!.detectors, detectors);
  const next = { ...keyboard(1, 10), detectors: { verifier: { score: 0.1, nats: -2 } } };
  assertEquals(addEvidence(state, next, 1, POLICY).keyboard!.detectors, next.detectors);
});

Deno.test("addEvidence() names a bounded number of parts, and loses no evidence over it", () => {
  const parts = Array.from({ length: 90 }, (_, i) => {
    return { key: `feature${i}`, words: `words ${i}`, nats: (i % 2 ? 1 : -1) * (1 + i / 100) };
  });
  const state = addEvidence({}, evidenceOf("pointer", 0, parts), 1, POLICY);
  assertEquals(Object.keys(state.pointer!.parts).length, 41);
  const whole = parts.reduce((sum, { nats }) => sum + nats, 0) * POLICY.sources.pointer.gain;
  assertAlmostEquals(readRisk(state, 0, POLICY).evidenceNats, whole, 1e-9);
});
