/**
 * `deno task audit verify`: walks every tenant's audit log. Reads the store itself, so an embedded one
 * should have no service on it; a running service answers `GET /v1/audit/verification`.
 */
import { listTenants } from "../core/store/tenants.ts";
import { type OwnStore, runOnOwnStore } from "./own_store.ts";

if (import.meta.main) {
  if (Deno.args.length !== 1 || Deno.args[0] !== "verify") {
    console.error("Usage: deno task audit verify");
    Deno.exit(2);
  }
  await runOnOwnStore("verify audit log", verify);
}

/** Prints what was found. @returns 0 when every log is whole, else 1. */
async function verify({ kv, audit }: OwnStore): Promise<number> {
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
  return whole ? 0 : 1;
}
