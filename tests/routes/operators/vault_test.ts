import { assert, assertEquals } from "@std/assert";
import { encodeBase64Url } from "@std/encoding/base64url";
import { OperatorVault } from "../../../routes/operators/vault.ts";

const KEY = "5a".repeat(32);
const NOW_MS = 1_790_000_000_000;

/** Every copy of a text with one character changed. */
function* tampered(text: string) {
  for (let i = 0; i < text.length; i++) {
    yield text.slice(0, i) + (text[i] === "A" ? "B" : "A") + text.slice(i + 1);
  }
}

Deno.test("OperatorVault unseals what it sealed, for whom it was, under the same master key", async () => {
  const vault = await OperatorVault.open(KEY);
  const sealed = await vault.seal("JBSWY3DP", "ada");
  assert(await vault.seal("JBSWY3DP", "ada") !== sealed);
  assertEquals(await (await OperatorVault.open(KEY)).unseal(sealed, "ada"), "JBSWY3DP");
  assertEquals(await vault.unseal(sealed, "eve"), undefined);
  const other = await OperatorVault.open("5b".repeat(32));
  assertEquals(await other.unseal(sealed, "ada"), undefined);
  for (const wrong of ["", "A", "not base64url!", sealed.slice(0, -4), ...tampered(sealed)]) {
    // Of the last character base64url may leave bits out.
    if (wrong.slice(0, -1) === sealed.slice(0, -1)) continue;
    assertEquals(await vault.unseal(wrong, "ada"), undefined, wrong);
  }
});

Deno.test("OperatorVault knows its own challenges until they expire, for what they were made", async () => {
  const vault = await OperatorVault.open(KEY);
  const challenge = encodeBase64Url(await vault.challenge("sign in", NOW_MS + 1000));
  const check = (text: string, purpose = "sign in", nowMs = NOW_MS) =>
    vault.checkChallenge(purpose, text, nowMs);
  assertEquals((await check(challenge))!.expiresAtMs, NOW_MS + 1000);
  assert(
    (await check(challenge))!.nonce !==
      (await check(encodeBase64Url(await vault.challenge("sign in", NOW_MS + 1000))))!.nonce,
  );
  assertEquals(await check(challenge, "sign in", NOW_MS + 1000), undefined);
  assertEquals(await check(challenge, "step up x"), undefined);
  for (const wrong of ["", "AAAA", "!", challenge.slice(0, 40), ...tampered(challenge)]) {
    if (wrong.slice(0, -1) === challenge.slice(0, -1)) continue;
    assertEquals(await check(wrong), undefined, wrong);
  }
  // A purpose must not be able to lend a character to what is signed before it.
  assertEquals(await check(challenge, ""), undefined);
});
