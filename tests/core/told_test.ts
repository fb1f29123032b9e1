import { assert, assertEquals } from "@std/assert";
import { followShift, shiftFate, TOLD, UNTOLD } from "../../core/told.ts";
import type { Zone } from "../../core/zones.ts";

const fateOf = (...zones: Zone[]) => zones.reduce(followShift, 0);

Deno.test("followShift() tells of a Shift before two letters, or before what is no letter", () => {
  assertEquals(fateOf("letter", "letter"), TOLD);
  assertEquals(fateOf("letter", "letter", "space"), TOLD);
  for (const zone of ["punctuation", "digit", "space", "erase", "navigation"] as const) {
    assertEquals(fateOf(zone), TOLD);
    assertEquals(fateOf(zone, "letter", "space"), TOLD);
  }
});

Deno.test("followShift() tells of no Shift before a letter alone", () => {
  for (const zone of ["space", "punctuation", "enterOrTab", "erase", "digit"] as const) {
    assertEquals(fateOf("letter", zone), UNTOLD);
    assertEquals(fateOf("letter", zone, "letter", "letter"), UNTOLD);
  }
});

Deno.test("followShift() decides nothing by a modifier, and nothing before it must", () => {
  assertEquals(fateOf("modifier", "letter", "modifier", "space"), UNTOLD);
  assertEquals(fateOf("modifier", "letter", "modifier", "letter"), TOLD);
  for (const zones of [[], ["modifier"], ["letter"]] as Zone[][]) {
    assert(fateOf(...zones) < TOLD);
  }
});

Deno.test("shiftFate() tells a quarter of the Shifts for certain, whatever the clock's step", () => {
  for (const stepMs of [0.1, 1, 5, 8, 16, 1000 / 60, 100]) {
    const times = Array.from({ length: 2000 }, (_, i) => 1.7e12 + Math.round(37 * i) * stepMs);
    const told = times.filter((timeMs) => shiftFate(timeMs) === TOLD).length;
    assert(Math.abs(told / times.length - 0.25) < 0.05, `${stepMs} ms: ${told}`);
  }
  assertEquals(shiftFate(1.7e12), shiftFate(1.7e12));
});

Deno.test("followShift() takes nothing back of a Shift that is told for certain", () => {
  assertEquals((["letter", "space"] as const).reduce(followShift, TOLD), TOLD);
});
