/** Audit logs for store tests. */
import { AuditLog } from "../../../core/store/audit.ts";
import { deriveAuditKey } from "../../../routes/secret_key.ts";

export const BY = { actor: { kind: "api_key", id: "k1" }, from: "192.0.2.1" } as const;

/** A log whose clock the test moves. */
export async function createAuditLog(kv: Deno.Kv, masterKey = "0".repeat(64)) {
  const clock = { nowMs: 1.7e12 };
  const audit = new AuditLog(kv, await deriveAuditKey(masterKey), () => clock.nowMs);
  return { audit, clock };
}
