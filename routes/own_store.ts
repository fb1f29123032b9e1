/** The store of this installation, for commands that are run beside the service. */
import { GaitkeeperError } from "../core/error.ts";
import { AuditLog } from "../core/store/audit.ts";
import { deriveAuditKey, readDevMasterKey } from "./secret_key.ts";
import { parseSettings, SETTING_NAMES, type Settings } from "./settings.ts";

export interface OwnStore {
  readonly kv: Deno.Kv;
  readonly audit: AuditLog;
  readonly settings: Settings;
}

/**
 * Runs a command on the store that the environment names, and ends the process with what it returns;
 * with 2 after what its caller can mend.
 */
export async function runOnOwnStore(
  what: string,
  run: (store: OwnStore) => Promise<number>,
): Promise<never> {
  try {
    Deno.exit(await withOwnStore(what, run));
  } catch (error) {
    if (!(error instanceof GaitkeeperError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}

/** @throws {GaitkeeperError} `settings_invalid` */
async function withOwnStore(
  what: string,
  run: (store: OwnStore) => Promise<number>,
): Promise<number> {
  const set = SETTING_NAMES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const settings = parseSettings(Object.fromEntries(set), { dev: true });
  const masterKey = settings.masterKey ?? await readDevMasterKey(settings.data);
  if (!masterKey) {
    throw new GaitkeeperError(
      "settings_invalid",
      `Cannot ${what}: GAITKEEPER_MASTER_KEY must be set, or \`deno task dev\` have run once`,
    );
  }
  using kv = await Deno.openKv(settings.kv);
  const audit = new AuditLog(kv, await deriveAuditKey(masterKey), Date.now);
  return await run({ kv, audit, settings });
}
