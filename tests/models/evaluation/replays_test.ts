import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../core/random.ts";
import { createHand } from "../../../islands/try/generated_hand.ts";
import { createTypist } from "../../../islands/try/generated_typist.ts";
import { ProgressBar } from "../../../models/evaluation/progress.ts";
import { measureReplays } from "../../../models/evaluation/replays.ts";
import { COPIES, cut, REPLAYED } from "../../../models/evaluation/replays/copies.ts";
import { retypingOf } from "../../../models/evaluation/replays/retyping.ts";
import { throughWire } from "../../core/models/replay/copies.ts";
import { WINDOW } from "../../core/small_models.ts";

const SETTINGS = { keyboard: WINDOW, pointer: { activeMs: 12_800, hopMs: 2560 } };
const options = () => ({ replays: 2, seed: 1, settings: SETTINGS, bar: new ProgressBar() });

Deno.test("measureReplays() finds the copies of generated people and lets the people pass", () => {
  const people = [1, 2, 3].map((seed) => throughWire(createTypist(seed).type(400, 0)));
  const { genuine, copies } = measureReplays("keyboard", people, options());
  assertEquals(Object.keys(copies), Object.keys(COPIES));
  for (const [copy, { replays, found }] of Object.entries(copies)) {
    assertEquals([replays, found], [6, 6], copy);
  }
  assertEquals(copies.exact!.refused, 6);
  const { windows, windowsFlagged } = genuine["as recorded"]!;
  assert(windows > 90 && windowsFlagged === 0);
});

Deno.test("measureReplays() counts a person who is a recording", () => {
  const typed = throughWire(createTypist(1).type(300, 0));
  const again = typed.map((stroke) => ({ ...stroke, timeMs: stroke.timeMs + 1e6 }));
  const { genuine } = measureReplays("keyboard", [[...typed, ...again]], options());
  const { windowsFlagged, windowsRefused, peopleFlagged } = genuine["as recorded"]!;
  assert(windowsFlagged > 20 && windowsRefused > 20);
  assertEquals(peopleFlagged, 1);
});

Deno.test("cut() takes stretches of one length from anywhere, none of a stream that is shorter", () => {
  const random = seededRandom(1);
  const typed = createTypist(1).type(400, 0);
  const starts = Array.from({ length: 20 }, () => cut(typed, "keyboard", random)!);
  assert(starts.every(({ length }) => length === REPLAYED.strokes));
  assert(new Set(starts.map(([first]) => first)).size > 10);
  assertEquals(cut(typed.slice(0, REPLAYED.strokes - 1), "keyboard", random), undefined);
  const moved = createHand(1).move(5000, 0);
  assertEquals(cut(moved, "pointer", random), undefined);
});

Deno.test("retypingOf() types a repetition's timings, one repetition after the other", () => {
  const row = Float64Array.from({ length: 31 }, (_, i) => [0.1, 0.25, 0.15][i % 3]!);
  const strokes = retypingOf([row, row]);
  assertEquals(strokes.length, 22);
  assertEquals(strokes.slice(0, 2).map(({ timeMs, holdMs }) => [timeMs, holdMs]), [
    [0, 100],
    [250, 100],
  ]);
  assertEquals([strokes[10]!.zone, strokes[11]!.zone], ["enterOrTab", "punctuation"]);
  assertEquals(strokes[11]!.timeMs - strokes[10]!.timeMs, 1000);
});
