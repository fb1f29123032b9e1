/** `GET /`: the sessions of now, as the address narrows them; the island keeps them so. */
import { Hono } from "hono";
import { withHandlings } from "../../core/store/alert_queue.ts";
import { listGlances } from "../../core/store/glances.ts";
import { listAlerts } from "../../core/store/sessions.ts";
import { LivePage } from "../../islands/dashboard/live_page.tsx";
import type { LiveProps } from "../../islands/dashboard/live_state.ts";
import { filterOf, isWithin, rankSessions } from "../../islands/dashboard/ranking.ts";
import type { AppDeps } from "../deps.ts";
import { sessionRow } from "../live/feed.ts";
import { queuedAlertView } from "../live/queued_alert.ts";
import { type OperatorEnv, requireRole } from "../middleware/credentials.ts";
import { Island } from "../views/document.tsx";
import { enrolmentGoals, tenantBands } from "./levels.ts";
import { page } from "./page.tsx";

type LivePageDeps = Pick<AppDeps, "kv" | "nowMs" | "windows">;

/** Sessions looked through for the first rendering; the feed brings the rest. */
const SESSIONS_READ = 5000;
const ROWS_RENDERED = 50;
const ALERTS_RENDERED = 20;

export function createLivePage(deps: LivePageDeps) {
  return new Hono<OperatorEnv>().get("/", requireRole("sessions:read"), async (c) => {
    // As sessions were linked to once.
    const linked = c.req.query("session");
    if (linked) return c.redirect(`/sessions/${encodeURIComponent(linked)}`, 301);
    const { search } = new URL(c.req.url);
    const props = await liveProps(deps, c.var.operator.tenant, search);
    return page(c, {
      title: "Live",
      children: <Island name="live" component={LivePage} props={props} />,
    });
  });
}

async function liveProps(deps: LivePageDeps, tenant: string, query: string): Promise<LiveProps> {
  const { kv, nowMs } = deps;
  const now = nowMs();
  const [glances, alerts, bands] = await Promise.all([
    listGlances(kv, tenant, now, SESSIONS_READ),
    listAlerts(kv, tenant, now, { limit: ALERTS_RENDERED }),
    tenantBands(kv, tenant),
  ]);
  const filter = filterOf(new URLSearchParams(query));
  const rows = glances.map(sessionRow);
  const within = rows.filter((row) => isWithin(row, filter, now));
  return {
    nowMs: now,
    bands,
    goals: enrolmentGoals(deps),
    query,
    sessions: rankSessions(within, now, ROWS_RENDERED),
    sessionCount: rows.length,
    withinCount: within.length,
    alerts: (await withHandlings(kv, tenant, alerts.items)).map(queuedAlertView),
  };
}
