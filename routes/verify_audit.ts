/**
 * `deno task audit verify`: walks every tenant's audit log. Reads the store itself, so an embedded one
 * should have no service on it; a running service answers `GET /v1/audit/verification`.
 */
import { GaitkeeperError } from "../core/error.ts";
import { AuditLog } from "../core/store/audit.ts";
import { listTenants } from "../core/store/tenants.ts";
import { deriveAuditKey, readDevMasterKey } from "./secret_key.ts";
import { parseSettings, SETTING_NAMES } from "./settings.ts";

if (import.meta.main) {
  if (Deno.args.length !== 1 || Deno.args[0] !== "verify") {
    console.error("Usage: deno task audit verify");
    Deno.exit(2);
  }
  try {
    Deno.exit(await verify() ? 0 : 1);
  } catch (error) {
    if (!(error instanceof GaitkeeperError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}

/** Prints what was found; true when every log is whole. */
async function verify(): Promise<boolean> {
  const set = SETTING_NAMES.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const settings = parseSettings(Object.fromEntries(set), { dev: true });
  const masterKey = settings.masterKey ?? await readDevMasterKey(settings.data);
  if (!masterKey) {
    throw new GaitkeeperError(
      "settings_invalid",
      "Cannot verify audit log: GAITKEEPER_MASTER_KEY must be set, or `deno task dev` have run once",
    );
  }
  using kv = await Deno.openKv(settings.kv);
  const audit = new AuditLog(kv, await deriveAuditKey(masterKey), Date.now);
  let whole = true;
  for (const { id } of await listTenants(kv)) {
    const { sound, fault } = await audit.verify(id);
    const entries = `${sound} ${sound === 1 ? "entry" : "entries"}`;
    console.log(
      fault
        ? `${id}: FAULT at entry ${fault.sequence}, ${fault.what}; ${entries} before it sound`
        : `${id}: ${entries}, whole`,
    );
    if (fault) whole = false;
  }
  return whole;
}
