import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { GivenText } from "../../../islands/try/given_text.tsx";
import { correctLength, PASSAGES } from "../../../islands/try/passages.ts";

Deno.test("correctLength() counts up to the first difference", () => {
  assertEquals(correctLength("ferry", "fer"), 3);
  assertEquals(correctLength("ferry", "fexry"), 2);
  assertEquals(correctLength("ferry", "ferry and more"), 5);
});

Deno.test("GivenText shows the whole text whatever was typed", () => {
  fc.assert(fc.property(fc.constantFrom(...PASSAGES), fc.string(), (given, typed) => {
    const html = renderToString(h(GivenText, { given, typed }));
    assertEquals(html.replaceAll(/<[^>]*>/g, ""), given);
  }));
});

Deno.test("GivenText marks what was mistyped and what comes next", () => {
  const html = renderToString(h(GivenText, { given: "ferry", typed: "fex" }));
  assertEquals(/given-wrong">(.*?)</.exec(html)?.[1], "r");
  assertEquals(/given-next">(.*?)</.exec(html)?.[1], "r");
});
