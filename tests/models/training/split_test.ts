import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { accountOf, partOf } from "../../../models/training/split.ts";

Deno.test("partOf() places a person by their name alone, as FNV-1a does", () => {
  // FNV-1a 32: "a" is 0xe40c292c, "b" 0xe70c2de5, "h" 0xed0c3757; modulo 100 that is 20, 77 and 91.
  assertEquals(["a", "b", "h"].map(partOf), ["train", "calibrate", "heldOut"]);
});

Deno.test("partOf() shares people out 75 : 15 : 10", () => {
  const people = Array.from({ length: 10_000 }, (_, i) => `someone-${i}`);
  const shares = Object.groupBy(people, partOf);
  const near = (found: number | undefined, expected: number) =>
    assert(Math.abs((found ?? 0) / people.length - expected) < 0.015, `${found}`);
  near(shares.train?.length, 0.75);
  near(shares.calibrate?.length, 0.15);
  near(shares.heldOut?.length, 0.1);
});

Deno.test("accountOf() lists everyone who is held out, and nobody else, in one order", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string()), (subjects) => {
    const { heldOut } = accountOf("file", subjects);
    const expected = subjects.filter((subject) => partOf(subject) === "heldOut");
    assertEquals(heldOut, expected.toSorted());
    assertEquals(accountOf("file", subjects.toReversed()).heldOut, heldOut);
  }));
});
