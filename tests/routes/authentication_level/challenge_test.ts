import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { GaitkeeperError } from "../../../core/error.ts";
import { challengeHeader, readChallenge } from "../../../routes/authentication_level/mod.ts";

const value = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,20}$/);
const challenge = fc.record({
  description: fc.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{0,40}$/),
  acrValues: fc.array(value, { minLength: 1, maxLength: 4 }),
  maxAgeS: fc.nat(),
}, { requiredKeys: ["description"] });

Deno.test("challengeHeader() is as RFC 9470, section 3, draws it", () => {
  const asked = {
    description: "More recent authentication is required",
    acrValues: ["phr", "otp"],
    maxAgeS: 300,
  };
  assertEquals(
    challengeHeader(asked),
    'Bearer error="insufficient_user_authentication", ' +
      'error_description="More recent authentication is required", ' +
      'acr_values="phr otp", max_age="300"',
  );
});

Deno.test("readChallenge() reads whatever challengeHeader() writes, also among other challenges", () => {
  fc.assert(fc.property(challenge, fc.constantFrom("Bearer", "DPoP"), (asked, scheme) => {
    const header = challengeHeader(asked, scheme);
    assertEquals(readChallenge(header), asked);
    assertEquals(readChallenge(`Basic realm="a, \\"b\\" c", ${header}, Negotiate`), asked);
  }));
});

Deno.test("readChallenge() finds nothing in what is none, and never fails", () => {
  const others = ["", 'Bearer error="invalid_token"', 'Basic realm="x"', '"', "=,=", "Bearer"];
  for (const other of [null, ...others]) assertEquals(readChallenge(other), undefined);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (header) => {
    readChallenge(header);
  }));
});

Deno.test("challengeHeader() lets nothing out of its quotes", () => {
  const description = 'a "quoted" \\ line\r\nSet-Cookie: x';
  const header = challengeHeader({ description });
  assertEquals(/[\r\n\\]/.test(header), false);
  assertEquals(readChallenge(header)?.description, "a quoted  lineSet-Cookie: x");
  for (const acr of ["", "a b", 'a"', "a\n", "ä"]) {
    assertThrows(() => challengeHeader({ description: "", acrValues: [acr] }), GaitkeeperError);
  }
  for (const maxAgeS of [-1, 1.5, NaN]) {
    assertThrows(() => challengeHeader({ description: "", maxAgeS }), GaitkeeperError);
  }
});
