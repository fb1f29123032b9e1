import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Random, seededRandom } from "../../../../core/random.ts";
import { normal } from "../../../../islands/try/sampling.ts";
import {
  ConditionalDensity,
  expectedPairs,
  fitPair,
  PairMoments,
} from "../../../../models/evaluation/privacy/pair_moments.ts";
import { TimingModel } from "../../../../models/evaluation/privacy/timing_model.ts";
import { TimingScale } from "../../../../models/evaluation/privacy/timing_scale.ts";
import { type Rhythm, typedSentence } from "./transcripts.ts";

/** Holds that tell the letter apart; press-press times that tell nothing. */
const tellingRhythm = (random: Random, factor = 1): Rhythm => (key) => ({
  pressPressMs: factor * (150 + 20 * normal(random)),
  holdMs: factor * (60 + 4 * (key.charCodeAt(0) % 32) + normal(random)),
});
const TEXT = "abcd dcba acbd dbca bacd cadb ";

const personOf = (texts: readonly string[], rhythm: Rhythm) => {
  const sentences = texts.map((text) => typedSentence(text, "ada", rhythm));
  return { sentences, scale: new TimingScale(sentences) };
};

Deno.test("TimingScale gives ranks normal scores, whatever the person's speed", () => {
  const random = seededRandom(1);
  const rhythm = tellingRhythm(random);
  const slow = personOf([TEXT.repeat(20)], rhythm);
  const scores = slow.sentences[0]!.keys.map(({ stroke }) => slow.scale.hold(stroke.holdMs));
  assertAlmostEquals(scores.reduce((sum, x) => sum + x, 0) / scores.length, 0, 0.02);
  assertAlmostEquals(scores.reduce((sum, x) => sum + x * x, 0) / scores.length, 1, 0.1);
  const twice = new TimingScale(slow.sentences.map((sentence) => ({
    ...sentence,
    keys: sentence.keys.map((key) => {
      const { timeMs, holdMs } = key.stroke;
      return { ...key, stroke: { ...key.stroke, timeMs: 2 * timeMs, holdMs: 2 * holdMs } };
    }),
  })));
  fc.assert(fc.property(fc.double({ min: 20, max: 400, noNaN: true }), (ms) => {
    assertAlmostEquals(twice.hold(2 * ms), slow.scale.hold(ms), 0.05);
    assert(slow.scale.hold(ms) <= slow.scale.hold(ms + 1));
  }));
});

Deno.test("TimingModel finds the letters that holds tell, in another person twice as fast", () => {
  const random = seededRandom(2);
  const known = [1, 1.3, 0.8].map((factor) =>
    personOf(Array(10).fill(TEXT), tellingRhythm(random, factor))
  );
  const model = TimingModel.fit(known);
  const other = personOf(Array(5).fill(TEXT), tellingRhythm(random, 0.5));
  const [sentence] = other.sentences;
  const likelihood = model.read(sentence!, other.scale);
  for (const word of sentence!.words) {
    const texts = ["abcd", "dcba", "acbd", "dbca", "bacd", "cadb"];
    const [best] = texts.sort((a, b) => likelihood.of(word, b) - likelihood.of(word, a));
    assertEquals(best, word.text);
  }
});

Deno.test("TimingModel.adapted() learns habits that guesses show", () => {
  const random = seededRandom(3);
  const model = TimingModel.fit([personOf(Array(10).fill(TEXT), tellingRhythm(random))]);
  // This one's holds run the other way.
  const mirrored: Rhythm = (key) => ({
    pressPressMs: 150,
    holdMs: 160 - 4 * (key.charCodeAt(0) % 32) + normal(random),
  });
  const other = personOf(Array(20).fill(TEXT), mirrored);
  const guesses = other.sentences.map(({ words }) => words.map(({ text }) => text));
  const adapted = model.adapted(other, guesses);
  const [sentence] = other.sentences;
  const surplus = (reader: TimingModel) => {
    const likelihood = reader.read(sentence!, other.scale);
    return likelihood.of(sentence!.words[0]!, "abcd") - likelihood.of(sentence!.words[0]!, "dcba");
  };
  assert(surplus(model) < 0 && surplus(adapted) > 0, `${surplus(model)} ${surplus(adapted)}`);
});

Deno.test("fitPair() comes from what is expected to what was seen as pairs grow many", () => {
  const random = seededRandom(4);
  const expected = {
    centre: Float64Array.of(0, 0, 0),
    spread: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
  };
  const moments = new PairMoments();
  assertEquals(fitPair(moments, expected), expected);
  for (let i = 0; i < 20_000; i++) {
    const x = normal(random);
    moments.add([x, 2 + 0.8 * x + 0.6 * normal(random), -1 + 0.5 * normal(random)]);
  }
  const { centre, spread } = fitPair(moments, expected);
  [0, 2, -1].forEach((value, i) => assertAlmostEquals(centre[i]!, value, 0.03));
  [1, 0.8, 0, 0.8, 1, 0, 0, 0, 0.25].forEach((value, i) => {
    assertAlmostEquals(spread[i]!, value, 0.04);
  });
});

Deno.test("expectedPairs() adds up the effects of the two keys", () => {
  const pairs = Array.from({ length: 4 }, () => new PairMoments());
  // Press-press is 10 more for one second key, and 1 more for one first key.
  for (let i = 0; i < 10_000; i++) {
    [0, 10, 1, 11].forEach((pressPress, pair) => pairs[pair]!.add([0, pressPress, 0]));
  }
  const pressPresses = expectedPairs(pairs).map(({ centre }) => centre[1]!);
  [0, 10, 1, 11].forEach((value, pair) => assertAlmostEquals(pressPresses[pair]!, value, 0.05));
});

Deno.test("ConditionalDensity is the joint density over the first timing's own", () => {
  const gaussian = {
    centre: Float64Array.of(0.2, -0.1, 0.4),
    spread: Float64Array.of(1.2, 0.5, -0.2, 0.5, 0.9, 0.1, -0.2, 0.1, 0.7),
  };
  const density = new ConditionalDensity(gaussian);
  const step = 0.1;
  for (const holdBefore of [-1, 0, 2]) {
    let total = 0;
    for (let x = -8; x <= 8; x += step) {
      for (let y = -8; y <= 8; y += step) {
        total += Math.exp(density.of(holdBefore, x, y)) / (2 * Math.PI) * step * step;
      }
    }
    assertAlmostEquals(total, 1, 1e-3);
  }
  // The likeliest press-press follows the hold before.
  assert(density.of(2, 0.6, 0.1) > density.of(2, -0.8, 0.1));
});
