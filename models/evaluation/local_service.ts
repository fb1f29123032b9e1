/** The real service in this process, on a port of the system's choice and a store in memory. */
import { encodeHex } from "@std/encoding/hex";
import { loadModels, readWindows } from "../../core/models/load.ts";
import type { ModelSet } from "../../core/models/model_set.ts";
import { Vault } from "../../core/store/vault.ts";
import { AuditLog } from "../../core/store/audit.ts";
import { abortableDelay } from "../../routes/delay.ts";
import { prepareInstallation } from "../../routes/installation.ts";
import { PasswordHasher } from "../../routes/operators/passwords.ts";
import { OperatorVault } from "../../routes/operators/vault.ts";
import { deriveAuditKey, deriveSecretKey } from "../../routes/secret_key.ts";
import { serveGaitkeeper } from "../../routes/server.ts";
import { readModelFile } from "./observe.ts";
import type { Service } from "./service.ts";

export interface LocalService extends Service {
  readonly kv: Deno.Kv;
  /** Ends the service; the store goes with it. */
  close(): Promise<void>;
}

export interface LocalServiceOptions {
  /** The models that ship by default. */
  readonly models?: Promise<ModelSet>;
  /** Path of the store; in memory by default. */
  readonly store?: string;
  /** How the service waits, between two commits for instance. */
  readonly delay?: typeof abortableDelay;
}

export async function startLocalService(
  { models = loadModels(readModelFile), store = ":memory:", delay = abortableDelay }:
    LocalServiceOptions = {},
): Promise<LocalService> {
  const kv = await Deno.openKv(store);
  const masterKey: string = encodeHex(crypto.getRandomValues(new Uint8Array(32)));
  const secretKey = await deriveSecretKey(masterKey);
  const audit = new AuditLog(kv, await deriveAuditKey(masterKey), Date.now);
  await prepareInstallation(audit, secretKey);
  const hostname = "127.0.0.1";
  const server = await serveGaitkeeper({
    kv,
    models,
    windows: await readWindows(readModelFile),
    nowMs: Date.now,
    random: Math.random,
    delay,
    audit,
    vault: await Vault.open(masterKey),
    operatorVault: await OperatorVault.open(masterKey),
    passwords: new PasswordHasher(),
    origin: `http://${hostname}`,
    // Recordings are played faster than they were typed.
    dev: true,
    staticRoot: new URL("../../static", import.meta.url).pathname,
    reportRoot: new URL("../report", import.meta.url).pathname,
  }, { port: 0, hostname });
  return {
    origin: new URL(`http://${hostname}:${server.port}`),
    secretKey,
    kv,
    close: async () => {
      await server.close();
      kv.close();
    },
  };
}
