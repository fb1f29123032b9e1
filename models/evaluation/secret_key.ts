/** The secret key that a command speaks to a service with. */
import { GaitkeeperError } from "../../core/error.ts";
import { deriveSecretKey, readDevMasterKey } from "../../routes/secret_key.ts";
import { parseSettings } from "../../routes/settings.ts";

/**
 * `given`, else `GAITKEEPER_SECRET_KEY`, else what the master key of the environment or of this
 * folder's data gives, as the service itself derives it.
 * @throws {GaitkeeperError} `credential_invalid` where there is none of these.
 */
export async function secretKeyFrom(given: string | undefined): Promise<string> {
  const environment = Deno.env.toObject();
  const named = given ?? environment.GAITKEEPER_SECRET_KEY;
  if (named) return named;
  const { data, masterKey } = parseSettings(environment, { dev: true });
  const found = masterKey ?? await readDevMasterKey(data);
  if (found) return await deriveSecretKey(found);
  throw new GaitkeeperError(
    "credential_invalid",
    `Cannot ask service: the secret key must be given by --key or GAITKEEPER_SECRET_KEY, or a ` +
      `service must have run in this folder, got no key under ${data}`,
  );
}
