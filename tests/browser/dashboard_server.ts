/** The real service on a free port, with a store of the caller's, for tests of what pages show. */
import { GaitkeeperError } from "../../core/error.ts";
import type { ModelSet } from "../../core/models/model_set.ts";
import { Vault } from "../../core/store/vault.ts";
import { AuditLog } from "../../core/store/audit.ts";
import { abortableDelay } from "../../routes/delay.ts";
import type { AppDeps } from "../../routes/deps.ts";
import { prepareInstallation } from "../../routes/installation.ts";
import { PasswordHasher } from "../../routes/operators/passwords.ts";
import { OperatorVault } from "../../routes/operators/vault.ts";
import { deriveAuditKey, deriveSecretKey } from "../../routes/secret_key.ts";
import { type GaitkeeperServer, serveGaitkeeper } from "../../routes/server.ts";
import { QUICK_SCRYPT } from "../routes/test_service.ts";

export interface DashboardServer extends GaitkeeperServer {
  readonly origin: string;
}

/**
 * Its models are missing: what these pages are tested on is put in the store by the test, and nothing
 * that is typed into them may overwrite it.
 */
export async function createDashboardDeps(
  kv: Deno.Kv,
  nowMs: () => number = Date.now,
): Promise<AppDeps> {
  const masterKey = "0".repeat(64);
  const audit = new AuditLog(kv, await deriveAuditKey(masterKey), nowMs);
  await prepareInstallation(audit, await deriveSecretKey(masterKey));
  const models = Promise.reject<ModelSet>(
    new GaitkeeperError("model_unavailable", "Cannot load models: this test goes without"),
  );
  models.catch(() => {});
  return {
    kv,
    models,
    windows: {
      keyboard: { strokes: 50, least: 30, hop: 10 },
      pointer: { activeMs: 15_000, hopMs: 3000 },
    },
    nowMs,
    random: Math.random,
    delay: abortableDelay,
    audit,
    vault: await Vault.open(masterKey),
    operatorVault: await OperatorVault.open(masterKey),
    passwords: new PasswordHasher(QUICK_SCRYPT),
    origin: "http://localhost",
    dev: true,
    staticRoot: new URL("../../static", import.meta.url).pathname,
    reportRoot: new URL("../../models/report", import.meta.url).pathname,
  };
}

export async function serveDashboard(
  kv: Deno.Kv,
  port = 0,
  change: Partial<AppDeps> = {},
): Promise<DashboardServer> {
  const server = await serveGaitkeeper({ ...await createDashboardDeps(kv), ...change }, {
    port,
    hostname: "127.0.0.1",
  });
  return Object.assign(server, { origin: `http://localhost:${server.port}` });
}
