import { assert, assertEquals, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../../core/error.ts";
import { loadAutomationScore } from "../../../../core/models/automation.ts";
import {
  automationLogOdds,
  scoreFindings,
  scoreManner,
} from "../../../../core/models/automation/score.ts";
import { KeyboardWindower, PointerWindower } from "../../../../core/window.ts";
import type { StreamEvent, Stroke } from "../../../../core/wire.ts";
import { createHand } from "../../../../islands/try/generated_hand.ts";
import { typeAsScript } from "../../../../islands/try/generated_script.ts";
import { readModelFile } from "../model_files.ts";

const score = await loadAutomationScore(readModelFile);
const KEYBOARD = { strokes: 50, least: 30, hop: 10 };
const POINTER = { activeMs: 12_800, hopMs: 2560 };

function keyboardWindow(strokes: readonly Stroke[]) {
  const windower = new KeyboardWindower(KEYBOARD);
  return strokes.map((stroke) => windower.push(stroke)).findLast((window) => window)!;
}

/** Movement on a ruler at one speed from here to there and back. */
function ruled(): StreamEvent[] {
  return Array.from({ length: 1700 }, (_, i): StreamEvent => {
    const turn = i % 100 < 50 ? 1 : -1;
    // A stop between the ways.
    const timeMs = 10 * i + 400 * Math.floor(i / 50);
    return { kind: "pointer", timeMs, dx: 9 * turn, dy: 4 * turn, dragging: false };
  });
}
function pointerWindow(events: readonly StreamEvent[]) {
  const windower = new PointerWindower(POINTER);
  return events.flatMap((event) => event.kind === "pointer" ? windower.push(event) ?? [] : [])[0]!;
}

Deno.test("scoreManner() walks each tree and adds up its leaves", () => {
  const tree = { features: [0, 1, 1], cuts: [0.5, 0, 10], leaves: [1, 2, 3, 4] };
  const model = { trees: [tree, tree], startLogOdds: 0.5, threshold: 0 };
  assertEquals(scoreManner(model, [0, -1]), 2.5);
  assertEquals(scoreManner(model, [0, 0]), 4.5);
  assertEquals(scoreManner(model, [0.5, 9]), 6.5);
  assertEquals(scoreManner(model, [1, 10]), 8.5);
  assertEquals(scoreManner(model, [NaN, NaN]), 2.5);
});

Deno.test("scoreFindings() finds a script's typing and a ruled pointer", () => {
  const typed = scoreFindings(score, keyboardWindow(typeAsScript(60, 0)), 0.1);
  assertEquals(typed.map(({ rule }) => rule), ["keyboardScore"]);
  const moved = scoreFindings(score, pointerWindow(ruled()), 0.1);
  assertEquals(moved.map(({ rule }) => rule), ["pointerScore"]);
});

Deno.test("automationLogOdds() is silent by a coarse or unmeasured clock, and of few strokes", () => {
  const window = keyboardWindow(typeAsScript(60, 0));
  for (const quantumMs of [0, NaN, 16.7, 100]) {
    assertEquals(automationLogOdds(score, window, quantumMs), undefined);
    assertEquals(scoreFindings(score, window, quantumMs), []);
  }
  assertEquals(automationLogOdds(score, keyboardWindow(typeAsScript(30, 0)), 0.1), undefined);
  const pointer = pointerWindow(createHand(1).move(60_000, 0));
  assert(Number.isFinite(automationLogOdds(score, pointer, 16.7)));
  assertEquals(automationLogOdds(score, pointer, 100), undefined);
});

Deno.test("loadAutomationScore() refuses other features, trees that are not full, other files", async () => {
  const manifest = JSON.parse(new TextDecoder().decode(await readModelFile("automation.json")));
  const refused = async (change: (manifest: Record<string, unknown>) => void) => {
    const changed = structuredClone(manifest);
    change(changed);
    const bytes = new TextEncoder().encode(JSON.stringify(changed));
    const { code } = await assertRejects(
      () => loadAutomationScore(() => Promise.resolve(bytes)),
      GaitkeeperError,
    );
    assertEquals(code, "model_invalid");
  };
  // deno-lint-ignore no-explicit-any -- changed at will
  type Any = any;
  await refused((changed: Any) => changed.keyboard.features.reverse());
  await refused((changed: Any) => changed.pointer.features.pop());
  await refused((changed: Any) => changed.pointer.trees[0].leaves.pop());
  await refused((changed: Any) => changed.keyboard.trees[0].features[0] = 999);
  await refused((changed: Any) => changed.direction = "high is usual");
  await refused((changed: Any) => delete changed.keyboard);
});
