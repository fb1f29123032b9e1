/**
 * The change feed: what changed among a tenant's sessions and alerts, from whichever process. The
 * watch is a hint that is only sure within one process on SQLite; the poll makes it complete.
 */
import { type QueuedAlert, withHandlings } from "./alert_queue.ts";
import { type SessionGlance, visibleGlance } from "./glances.ts";
import { alertsKey, bellKey, glancesKey } from "./keys.ts";
import { visibleAlert } from "./sessions.ts";
import { getTenant } from "./tenants.ts";
import { DEFAULT_TENANT_SETTINGS } from "../tenant.ts";

/** What changed since the last one; the first holds everything now there. */
export interface TenantChanges {
  readonly sessions: readonly SessionGlance[];
  readonly alerts: readonly QueuedAlert[];
  /** Ids of sessions that are there no more: their time is over, or they were erased. */
  readonly gone: readonly string[];
}

export interface FeedOptions {
  readonly nowMs: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly pollMs?: number;
  /** Between two readings at the least, ms: however often the bell rings. */
  readonly restMs?: number;
  /** Sessions followed, newest ids first. */
  readonly limit?: number;
  /** Alerts followed, newest first. */
  readonly alertLimit?: number;
}

/** Yields the tenant's changes until `signal` aborts. */
export async function* followTenant(
  kv: Deno.Kv,
  tenant: string,
  signal: AbortSignal,
  options: FeedOptions,
): AsyncGenerator<TenantChanges> {
  const { nowMs, delay, pollMs = 1000, restMs = 0, limit = 500, alertLimit = limit } = options;
  const watcher = kv.watch([bellKey(tenant)]).getReader();
  const stop = () => void watcher.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  const sessions = new Reading(kv, glancesKey(tenant), limit);
  const alerts = new Reading(kv, alertsKey(tenant), alertLimit);
  // A watch that has ended or failed hints no more; the poll goes on alone.
  const never = new Promise<never>(() => {});
  const nextHint = () =>
    watcher.read().then(({ done }) => done ? never : "hint" as const, () => never);
  let hint = nextHint();
  let bell: string | null | undefined;
  try {
    while (!signal.aborted) {
      const rung = (await kv.get(bellKey(tenant))).versionstamp;
      if (rung !== bell) {
        bell = rung;
        const { retention } = await getTenant(kv, tenant) ?? DEFAULT_TENANT_SETTINGS;
        const now = nowMs();
        const heard = await sessions.changes((value) => visibleGlance(value, now));
        const raised = await alerts.changes((value) => visibleAlert(value, now, retention.alerts));
        const handled = await withHandlings(kv, tenant, raised.items);
        yield { sessions: heard.items, alerts: handled, gone: heard.gone };
        if (restMs) await delay(restMs, signal);
      }
      const woken = await Promise.race([hint, delay(pollMs, signal)]);
      if (woken === "hint") hint = nextHint();
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** The newest rows below a prefix, read again and again: only what was written since is parsed. */
class Reading {
  /** Versionstamp by the last part of the key. */
  #seen = new Map<string, string>();

  constructor(readonly kv: Deno.Kv, readonly prefix: Deno.KvKey, readonly limit: number) {}

  async changes<Item>(
    visible: (value: unknown) => Item | undefined,
  ): Promise<{ items: Item[]; gone: string[] }> {
    const { kv, prefix, limit } = this;
    const seen = new Map<string, string>();
    const items: Item[] = [];
    for await (
      const { key, value, versionstamp } of kv.list({ prefix }, {
        reverse: true,
        limit,
        batchSize: Math.min(500, limit),
      })
    ) {
      const id = String(key.at(-1));
      if (this.#seen.get(id) !== versionstamp) {
        const item = visible(value);
        if (item === undefined) continue;
        items.push(item);
      }
      seen.set(id, versionstamp);
    }
    const gone = [...this.#seen.keys()].filter((id) => !seen.has(id));
    this.#seen = seen;
    return { items, gone };
  }
}
