import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { accountOf, foldOf, FOLDS, partOf, trains } from "../../../models/training/split.ts";

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

Deno.test("foldOf() leaves everyone but the held out out once, in folds of much the same size", () => {
  const people = Array.from({ length: 3000 }, (_, i) => `someone-${i}`);
  const folds = Map.groupBy(people, foldOf);
  assertEquals(folds.get(undefined), people.filter((person) => partOf(person) === "heldOut"));
  assertEquals(folds.size, FOLDS + 1);
  for (let fold = 0; fold < FOLDS; fold++) {
    const share = folds.get(fold)!.length / people.length;
    assert(Math.abs(share - 0.9 / FOLDS) < 0.03, `${share}`);
  }
});

Deno.test("trains() takes the train part, or all but the held out and one fold", () => {
  for (let i = 0; i < 500; i++) {
    const person = `someone-${i}`;
    assertEquals(trains(person), partOf(person) === "train");
    assertEquals(trains(person, "none"), partOf(person) !== "heldOut");
    const taken = Array.from({ length: FOLDS }, (_, fold) => trains(person, String(fold)));
    const expected = taken.map((_, fold) =>
      foldOf(person) !== undefined && foldOf(person) !== fold
    );
    assertEquals(taken, expected);
  }
});
