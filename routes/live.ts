/** The live feed: what a dashboard shows, kept up to date by server-sent events. */
import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import type { OperatorSession } from "../core/store/operator_sessions.ts";
import { isStillOpen } from "../core/store/operator_sessions.ts";
import { getSession } from "../core/store/sessions.ts";
import { rankSessions } from "../islands/dashboard/ranking.ts";
import { type Kept, type TenantFeed, TenantFeeds } from "./live/tenant_feeds.ts";
import type { OperatorEnv } from "./middleware/credentials.ts";
import { sessionDetail } from "./live/feed.ts";

export interface LiveDeps {
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Sessions and alerts that a snapshot names, the most urgent and the newest. */
const SESSIONS_TOLD = 1000;
const ALERTS_TOLD = 50;
/** A silent connection is dropped by proxies after 30 to 60 s. */
const HEARTBEAT_MS = 15_000;
/** What `EventSource` waits before it comes back. */
const RETRY_MS = 2000;

const Query = z.object({
  session: z.string().min(1).max(128).optional(),
  only: z.enum(["alerts"]).optional(),
});

/**
 * `GET /live/feed`: a `snapshot`, then `changes`, about one a second; both carry a FeedMessage
 * (live/feed.ts). `?session=ID` follows that session alone: its detail and its alerts; `?only=alerts`
 * leaves sessions out. Ends with the client, and with the operator's session.
 */
export function createLive(deps: LiveDeps) {
  const { kv, nowMs, delay } = deps;
  const feeds = new TenantFeeds(deps);
  return new Hono<OperatorEnv>().get("/live/feed", (c) => {
    const query = Query.safeParse(c.req.query());
    if (!query.success) {
      throw new GaitkeeperError(
        "request_invalid",
        "Cannot follow: session must be an id of 1 to 128 characters, and only no other than alerts",
      );
    }
    const { operator } = c.var;
    // No proxy may hold events back to compress or to batch them.
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, async (stream) => {
      const ended = new AbortController();
      const left = new Promise<void>((resolve) =>
        ended.signal.addEventListener("abort", () => resolve(), { once: true })
      );
      stream.onAbort(() => ended.abort());
      const beating = beat(stream, operator, ended);
      try {
        await feeds.with(operator.tenant, async (feed) => {
          const dashboard = new Dashboard(deps, operator.tenant, feed, query.data);
          while (!ended.signal.aborted) {
            await Promise.race([feed.after(dashboard.seen), left]);
            if (ended.signal.aborted || !await isStillOpen(kv, operator, nowMs())) break;
            const event = dashboard.seen ? "changes" : "snapshot";
            const data = await dashboard.message();
            if (data) await stream.writeSSE({ event, data, retry: RETRY_MS });
          }
        });
      } finally {
        ended.abort();
        await beating;
      }
    });
  });

  async function beat(stream: SSEStreamingApi, operator: OperatorSession, ended: AbortController) {
    while (!ended.signal.aborted) {
      await delay(HEARTBEAT_MS, ended.signal);
      if (ended.signal.aborted) return;
      if (!await isStillOpen(kv, operator, nowMs())) return ended.abort();
      await stream.write(": still here\n\n");
    }
  }
}

/** What one dashboard has been told. */
class Dashboard {
  /** The reading that it was told last; 0 before the first. */
  seen = 0;
  #detailAtMs: number | undefined;

  constructor(
    readonly deps: Pick<LiveDeps, "kv" | "nowMs">,
    readonly tenant: string,
    readonly feed: TenantFeed,
    readonly wanted: z.infer<typeof Query>,
  ) {}

  /** The FeedMessage of what has changed since; `undefined` where nothing of this dashboard's has. */
  async message(): Promise<string | undefined> {
    const { feed, seen, wanted: { session: watched, only } } = this;
    this.seen = feed.version;
    if (only) {
      const alerts = this.#alerts(seen);
      if (seen && !alerts.length) return undefined;
      return `{"nowMs":${this.deps.nowMs()},"sessions":[],${listed("alerts", alerts)}}`;
    }
    const parts = [
      `"nowMs":${this.deps.nowMs()}`,
      ...watched === undefined ? this.#rows(seen) : [],
    ];
    if (watched === undefined) parts.push(listed("alerts", this.#alerts(seen)));
    else {
      const detail = await this.#detail(watched);
      const alerts = this.#alerts(seen).filter(({ item }) => item.session === watched);
      if (seen && !detail && !alerts.length) return undefined;
      parts.push('"sessions":[]', listed("alerts", alerts));
      if (detail) parts.push(`"detail":${detail}`);
    }
    return `{${parts.join()}}`;
  }

  #rows(seen: number): string[] {
    const { sessions, gone } = this.feed;
    const total = `"total":${sessions.size}`;
    if (!seen) {
      const rows = [...sessions.values()].map(({ item }) => item);
      const told = rankSessions(rows, this.deps.nowMs(), SESSIONS_TOLD);
      return [listed("sessions", told.map(({ session }) => sessions.get(session)!)), total];
    }
    const missed = [...gone].filter(([, version]) => version > seen).map(([session]) => session);
    return [
      listed("sessions", [...sessions.values()].filter(({ version }) => version > seen)),
      ...missed.length ? [`"gone":${JSON.stringify(missed)}`] : [],
      total,
    ];
  }

  #alerts(seen: number) {
    const news = [...this.feed.alerts.values()].filter(({ version }) => version > seen);
    const newest = news.sort(({ item: a }, { item: b }) => b.atMs - a.atMs);
    return this.wanted.session === undefined ? newest.slice(0, ALERTS_TOLD) : newest;
  }

  async #detail(watched: string): Promise<string | undefined> {
    const { kv, nowMs } = this.deps;
    const row = this.feed.sessions.get(watched)?.item;
    // A session that is silent for long is in no list, but may still be looked at.
    if (this.#detailAtMs !== undefined && row?.updatedAtMs === this.#detailAtMs) return undefined;
    const record = await getSession(kv, this.tenant, watched, nowMs());
    if (!record || record.updatedAtMs === this.#detailAtMs) return undefined;
    this.#detailAtMs = record.updatedAtMs;
    return JSON.stringify(sessionDetail(record));
  }
}

function listed(name: string, kept: readonly Kept<unknown>[]): string {
  return `"${name}":[${kept.map(({ json }) => json).join()}]`;
}
