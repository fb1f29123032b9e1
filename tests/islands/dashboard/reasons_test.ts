import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { Reasons } from "../../../islands/dashboard/reasons.tsx";
import { sessionDetail } from "../../../routes/live/feed.ts";
import { createSession, STRANGE_REASONS } from "../../routes/seeded_store.ts";

const render = (reasons: typeof STRANGE_REASONS) =>
  renderToString(h(Reasons, { detail: sessionDetail(createSession("a", 0, { reasons })) }));

/** Left and right end of every bar, percent of the scale, top to bottom. */
function barsOf(html: string): [number, number][] {
  return [...html.matchAll(/<rect[^>]* x="([\d.]+)%" width="([\d.]+)%"/g)]
    .map(([, x, width]) => [Number(x), Number(x) + Number(width)]);
}

Deno.test("Reasons draws every bar from where the one above ended", () => {
  const bars = barsOf(render(STRANGE_REASONS));
  // The prior, each reason, and the sum.
  assertEquals(bars.length, STRANGE_REASONS.length + 2);
  let end = bars[0]![0];
  for (const [left, right] of bars.slice(1)) {
    const from = Math.abs(left - end) < 1e-6 ? left : right;
    assert(Math.abs(from - end) < 1e-6, `${left} to ${right} does not begin at ${end}`);
    end = from === left ? right : left;
  }
  assert(Math.abs(bars.at(-1)![0] - end) < 1e-6, "the sum is not where the last bar ended");
});

Deno.test("Reasons keeps the sum when it tells only some of many reasons", () => {
  const many = Array.from({ length: 20 }, (_, i) => ({
    source: "keyboard" as const,
    key: `feature${i}`,
    words: `feature ${i} is odd`,
    nats: 0.6 - 0.03 * i,
  }));
  const html = render(many);
  assertStringIncludes(html, "feature 0 is odd");
  assert(!html.includes("feature 15 is odd"));
  assertStringIncludes(html, "everything else together");
  const bars = barsOf(html);
  assert(Math.abs(bars.at(-1)![0] - bars.at(-2)![1]) < 1e-6);
});

Deno.test("Reasons says in words which way a reason speaks", () => {
  const html = render(STRANGE_REASONS);
  assertStringIncludes(html, "Before any evidence, 10 in 100 sessions");
  assertStringIncludes(html, "×11");
  assertStringIncludes(html, "÷3.0");
});
