/**
 * The change feed: what changed among a tenant's sessions and alerts, from whichever process. The
 * watch is a hint that is only sure within one process on SQLite; the poll makes it complete.
 */
import { bellKey } from "./keys.ts";
import { type AlertRecord, listAlerts, listSessions, type SessionRecord } from "./sessions.ts";

/** What changed since the last one; the first holds everything now there. */
export interface TenantChanges {
  readonly sessions: readonly SessionRecord[];
  readonly alerts: readonly AlertRecord[];
}

export interface FeedOptions {
  readonly nowMs: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly pollMs?: number;
  /** Sessions and alerts followed, newest first. */
  readonly limit?: number;
}

/** Yields the tenant's changes until `signal` aborts. */
export async function* followTenant(
  kv: Deno.Kv,
  tenant: string,
  signal: AbortSignal,
  { nowMs, delay, pollMs = 1000, limit = 500 }: FeedOptions,
): AsyncGenerator<TenantChanges> {
  const watcher = kv.watch([bellKey(tenant)]).getReader();
  const stop = () => void watcher.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  const seenSessions = new Map<string, string>();
  const seenAlerts = new Map<string, string>();
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
        const sessions = await listSessions(kv, tenant, nowMs(), { limit });
        const alerts = await listAlerts(kv, tenant, nowMs(), { limit });
        const changes = {
          sessions: sessions.items.filter((item) => isNews(seenSessions, item.session, item)),
          alerts: alerts.items.filter((item) => isNews(seenAlerts, item.id, item)),
        };
        yield changes;
      }
      const woken = await Promise.race([hint, delay(pollMs, signal)]);
      if (woken === "hint") hint = nextHint();
    }
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** True when the item differs from what was last yielded under its id. */
function isNews(seen: Map<string, string>, id: string, item: SessionRecord | AlertRecord): boolean {
  const mark = "updatedAtMs" in item
    ? `${item.updatedAtMs} ${item.strokes} ${item.risk} ${item.level}`
    : `${item.level} ${item.risk}`;
  if (seen.get(id) === mark) return false;
  seen.set(id, mark);
  return true;
}
