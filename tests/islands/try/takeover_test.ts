import { assert, assertEquals } from "@std/assert";
import { seededRandom } from "../../../core/random.ts";
import { HoldMeter, type KeyTiming } from "../../../islands/try/hold_meter.ts";
import { unlikeTypist } from "../../../islands/try/takeover.ts";

const key = (type: string, code: string, timeStamp: number, repeat = false): KeyTiming => {
  return { type, code, timeStamp, repeat };
};

Deno.test("unlikeTypist() is quick, and holds longer than the brief and shorter than the long", () => {
  for (let seed = 0; seed < 10; seed++) {
    const random = seededRandom(seed);
    const randomSeed = () => Math.floor(random() * 2 ** 32);
    const brief = unlikeTypist(60, randomSeed).traits;
    const long = unlikeTypist(150, randomSeed).traits;
    assert(brief.holdMs.letter > 60 * 1.5 && long.holdMs.letter < 150 / 1.5);
    for (const { pressPressMs } of [brief, long]) assert(pressPressMs >= 95 && pressPressMs < 120);
  }
});

Deno.test("HoldMeter.meanMs is the mean hold of letters, rollover and repeats told apart", () => {
  const meter = new HoldMeter();
  assert(meter.meanMs > 0);
  meter.observe(key("keydown", "KeyA", 0));
  meter.observe(key("keydown", "KeyB", 50));
  meter.observe(key("keyup", "KeyA", 80));
  meter.observe(key("keydown", "KeyB", 100, true));
  meter.observe(key("keyup", "KeyB", 170));
  meter.observe(key("keydown", "ShiftLeft", 200));
  meter.observe(key("keyup", "ShiftLeft", 900));
  meter.observe(key("keyup", "KeyC", 950));
  assertEquals(meter.meanMs, 100);
});
