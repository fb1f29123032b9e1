/** The live feed: what a dashboard shows, kept up to date by server-sent events. */
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { z } from "zod";
import { GaitkeeperError } from "../core/error.ts";
import { followTenant } from "../core/store/feed.ts";
import { isStillOpen } from "../core/store/operator_sessions.ts";
import { getSession } from "../core/store/sessions.ts";
import type { OperatorEnv } from "./middleware/credentials.ts";
import { alertView, FeedMessage, sessionDetail, sessionRow } from "./live/feed.ts";

export interface LiveDeps {
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Sessions and alerts that a dashboard follows, newest first. */
const FOLLOWED = 1000;
/** Changes are gathered this long, so that a thousand sessions make one message, not a thousand. */
const GATHER_MS = 500;
/** A silent connection is dropped by proxies after 30 to 60 s. */
const HEARTBEAT_MS = 15_000;
/** What `EventSource` waits before it comes back. */
const RETRY_MS = 2000;

const Query = z.object({ session: z.string().min(1).max(128).optional() });

/**
 * `GET /live/feed?session=ID`: a `snapshot`, then `changes`; both carry {@linkcode FeedMessage}.
 * `session` is the one looked at, whose detail comes along. Ends with the client, and
 * with the operator's session.
 */
export function createLive({ kv, nowMs, delay }: LiveDeps) {
  return new Hono<OperatorEnv>().get("/live/feed", (c) => {
    const query = Query.safeParse(c.req.query());
    if (!query.success) {
      throw new GaitkeeperError(
        "request_invalid",
        "Cannot follow sessions: session must be an id of 1 to 128 characters",
      );
    }
    const watched = query.data.session;
    const { operator } = c.var;
    const { tenant } = operator;
    // No proxy may hold events back to compress or to batch them.
    c.header("X-Accel-Buffering", "no");
    return streamSSE(c, async (stream) => {
      const ended = new AbortController();
      stream.onAbort(() => ended.abort());
      const beating = beat();
      try {
        let event = "snapshot";
        let detailAtMs: number | undefined;
        const options = { nowMs, delay, limit: FOLLOWED };
        for await (const { sessions, alerts } of followTenant(kv, tenant, ended.signal, options)) {
          if (!await isStillOpen(kv, operator, nowMs())) break;
          const record = watched === undefined
            ? undefined
            : await getSession(kv, tenant, watched, nowMs());
          const detail = record && record.updatedAtMs !== detailAtMs
            ? sessionDetail(record)
            : undefined;
          detailAtMs = record?.updatedAtMs;
          const message = FeedMessage.parse({
            nowMs: nowMs(),
            sessions: sessions.map(sessionRow),
            alerts: alerts.map(alertView),
            ...detail ? { detail } : {},
          });
          await stream.writeSSE({ event, data: JSON.stringify(message), retry: RETRY_MS });
          event = "changes";
          await delay(GATHER_MS, ended.signal);
        }
      } finally {
        ended.abort();
        await beating;
      }

      async function beat() {
        while (!ended.signal.aborted) {
          await delay(HEARTBEAT_MS, ended.signal);
          if (ended.signal.aborted) return;
          if (!await isStillOpen(kv, operator, nowMs())) return ended.abort();
          await stream.write(": still here\n\n");
        }
      }
    });
  });
}
