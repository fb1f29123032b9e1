/** What has to be in the store before the first request: a tenant, and a key that opens it. */
import { GaitkeeperError } from "../core/error.ts";
import { registerApiKey } from "../core/store/api_keys.ts";
import type { AuditLog } from "../core/store/audit.ts";
import { DEFAULT_TENANT } from "../core/store/keys.ts";
import { createTenant, getTenant } from "../core/store/tenants.ts";

/**
 * Makes the first tenant and registers the installation's own key for it, where that has not been
 * done yet; several processes may try at once.
 */
export async function prepareInstallation(audit: AuditLog, secretKey: string): Promise<void> {
  const by = { actor: { kind: "service" as const, id: "start" } };
  try {
    if (!await getTenant(audit.kv, DEFAULT_TENANT)) {
      const first = { id: DEFAULT_TENANT, name: "Default", nowMs: audit.nowMs() };
      await createTenant(audit, first, by);
    }
  } catch (error) {
    if (!(error instanceof GaitkeeperError) || error.code !== "tenant_exists") throw error;
  }
  await registerApiKey(audit, DEFAULT_TENANT, secretKey, "Installation");
}
