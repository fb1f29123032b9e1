/** `deno task key`: prints the secret API key of this installation. */
import { deriveSecretKey, readDevMasterKey } from "./secret_key.ts";

const masterKey = Deno.env.get("GAITKEEPER_MASTER_KEY") ??
  await readDevMasterKey(Deno.env.get("GAITKEEPER_DATA") ?? ".data");
if (!masterKey) {
  console.error("There is no key yet: set GAITKEEPER_MASTER_KEY, or run `deno task dev` once.");
  Deno.exit(1);
}
console.log(await deriveSecretKey(masterKey));
