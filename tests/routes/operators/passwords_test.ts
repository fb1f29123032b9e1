import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { GaitkeeperError } from "../../../core/error.ts";
import { PasswordHasher } from "../../../routes/operators/passwords.ts";
import { QUICK_SCRYPT } from "../test_service.ts";

const PASSWORD = "correct horse battery";

Deno.test("PasswordHasher costs what OWASP asks for, unless told otherwise", async () => {
  const hasher = new PasswordHasher();
  const encoded = await hasher.hash(PASSWORD);
  assertMatch(encoded, /^\$scrypt\$ln=17,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert(await hasher.verify(PASSWORD, encoded));
});

Deno.test("PasswordHasher.verify() knows a password by its salt and parameters, whatever today's are", async () => {
  const hasher = new PasswordHasher(QUICK_SCRYPT);
  const encoded = await hasher.hash(PASSWORD);
  assert(await hasher.hash(PASSWORD) !== encoded);
  const grown = new PasswordHasher({ ...QUICK_SCRYPT, logN: 6 });
  assert(await grown.verify(PASSWORD, encoded));
  assertEquals([grown.isOutdated(encoded), hasher.isOutdated(encoded)], [true, false]);
  for (const wrong of ["", "Correct horse battery", `${PASSWORD} `, PASSWORD.repeat(99)]) {
    assertEquals(await hasher.verify(wrong, encoded), false, JSON.stringify(wrong));
  }
  assertEquals(await hasher.verify(PASSWORD, undefined), false);
});

Deno.test("PasswordHasher takes one accent, composed in two ways, for the same", async () => {
  const hasher = new PasswordHasher(QUICK_SCRYPT);
  const encoded = await hasher.hash("na\u00efve caf\u00e9 au lait");
  assert(await hasher.verify("nai\u0308ve cafe\u0301 au lait", encoded));
});

Deno.test("PasswordHasher.hash() counts characters, 12 to 256", async () => {
  const hasher = new PasswordHasher(QUICK_SCRYPT);
  for (const good of ["x".repeat(12), "x".repeat(256), "🐎".repeat(256)]) await hasher.hash(good);
  for (const wrong of ["", "x".repeat(11), "x".repeat(257), "🐎".repeat(11)]) {
    const error = await assertRejects(() => hasher.hash(wrong), GaitkeeperError);
    assertEquals(error.code, "request_invalid");
  }
});

Deno.test("PasswordHasher works on few at a time and turns away who would wait too long", async () => {
  let [running, most] = [0, 0];
  class Watched extends PasswordHasher {
    protected override async scrypt(...of: Parameters<PasswordHasher["scrypt"]>) {
      most = Math.max(most, ++running);
      try {
        return await super.scrypt(...of);
      } finally {
        running--;
      }
    }
  }
  const hasher = new Watched(QUICK_SCRYPT);
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, () => hasher.verify(PASSWORD, undefined)),
  );
  const refused = results.filter(({ status }) => status === "rejected");
  assertEquals([most, refused.length], [2, 66]);
  for (const { reason } of refused as PromiseRejectedResult[]) {
    assertEquals(reason.code, "queue_full");
  }
  // All places are free again.
  assertEquals(await hasher.verify(PASSWORD, await hasher.hash(PASSWORD)), true);
});
