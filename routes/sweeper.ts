/** Runs the sweep of every tenant, from time to time. */
import { sweepTenant } from "../core/store/sweep.ts";
import { listTenants } from "../core/store/tenants.ts";
import type { AppDeps } from "./deps.ts";

const SWEEP_EVERY_MS = 3600_000;

/** Sweeps at once and then every hour, until `signal` aborts; a sweep that fails is told and tried again. */
export async function sweepForever(
  { kv, nowMs, delay }: Pick<AppDeps, "kv" | "nowMs" | "delay">,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const tenant of await listTenants(kv)) {
        if (!signal.aborted) await sweepTenant(kv, tenant, nowMs());
      }
    } catch (error) {
      if (!signal.aborted) console.error("sweep failed:", error);
    }
    await delay(SWEEP_EVERY_MS, signal);
  }
}
