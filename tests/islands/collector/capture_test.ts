import { assertEquals } from "@std/assert";
import { isAutofill } from "../../../islands/collector/capture.ts";

const field = (filled: boolean) =>
  ({ matches: (selector: string) => filled && selector === ":autofill" }) as unknown as Element;

Deno.test("isAutofill() believes the input type, or the browser's mark where there is none", () => {
  assertEquals(isAutofill({ inputType: "insertReplacementText" }, field(false)), true);
  assertEquals(isAutofill({}, field(true)), true);
  assertEquals(isAutofill({}, field(false)), false);
});

Deno.test("isAutofill() takes typing into a filled field for typing", () => {
  assertEquals(isAutofill({ inputType: "insertText" }, field(true)), false);
});

Deno.test("isAutofill() is not put off by a target that is no element", () => {
  assertEquals(isAutofill({}, new EventTarget()), false);
  assertEquals(isAutofill({}), false);
});
