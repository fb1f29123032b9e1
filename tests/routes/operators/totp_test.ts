import { assert, assertEquals } from "@std/assert";
import { Secret } from "otpauth";
import { matchingStep, newTotpSecret, qrPath, totpUri } from "../../../routes/operators/totp.ts";

const STEP_MS = 30_000;

Deno.test("matchingStep() knows the codes of RFC 6238, appendix B", () => {
  const secret = Secret.fromUTF8("12345678901234567890").base32;
  // The last six of their eight digits.
  const vectors: [number, string][] = [
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ];
  for (const [seconds, code] of vectors) {
    assertEquals(matchingStep(secret, code, 1000 * seconds), Math.floor(seconds / 30));
    const typed = `${code.slice(0, 3)} ${code.slice(3)} `;
    assertEquals(matchingStep(secret, typed, 1000 * seconds), Math.floor(seconds / 30));
  }
});

Deno.test("matchingStep() takes the steps beside this one, and says which it was", () => {
  const secret = Secret.fromUTF8("12345678901234567890").base32;
  const atMs = 1_111_111_109_000;
  const step = Math.floor(atMs / STEP_MS);
  for (const aside of [-1, 1]) {
    assertEquals(matchingStep(secret, "081804", atMs + aside * STEP_MS), step);
    assertEquals(matchingStep(secret, "081804", atMs + 2 * aside * STEP_MS), undefined);
  }
  for (const wrong of ["", "08180", "0818040", "08180x", "８１８０４０", "081805"]) {
    assertEquals(matchingStep(secret, wrong, atMs), undefined, wrong);
  }
});

Deno.test("newTotpSecret() draws 160 bits, each time others", () => {
  const secrets = Array.from({ length: 50 }, newTotpSecret);
  assertEquals(new Set(secrets).size, 50);
  for (const secret of secrets) assertEquals(Secret.fromBase32(secret).bytes.length, 20);
});

Deno.test("qrPath() draws the three finders of a QR code of an authenticator's link", () => {
  const uri = totpUri(newTotpSecret(), "ada@example.com");
  assert(uri.startsWith("otpauth://totp/Gaitkeeper:ada%40example.com?"), uri);
  const { size, path } = qrPath(uri);
  const dark = new Set(path.match(/M\d+ \d+/g));
  // Quiet zone of two modules, then the outer ring of a finder is dark and the next one light.
  for (const [x, y] of [[2, 2], [size - 9, 2], [2, size - 9]] as const) {
    for (let i = 0; i < 7; i++) assert(dark.has(`M${x + i} ${y}`), `${x + i} ${y}`);
    for (let i = 1; i < 6; i++) assert(!dark.has(`M${x + i} ${y + 1}`), `${x + i} ${y + 1}`);
  }
});
