/** `GET /` with all there is to see at once; `?session=ID` shows another session than the page's own. */
import { Hono } from "hono";
import { getSession, listAlerts, listSessions } from "../../core/store/sessions.ts";
import { LivePage } from "../../islands/dashboard/live_page.tsx";
import { type LiveProps, rankSessions } from "../../islands/dashboard/live_state.ts";
import type { AppDeps } from "../deps.ts";
import { alertView, sessionDetail, sessionRow } from "../live/feed.ts";
import type { OperatorEnv } from "../middleware/credentials.ts";
import { Island } from "../views/document.tsx";
import { enrolmentGoals, levelBands } from "./levels.ts";
import { page } from "./page.tsx";

type LivePageDeps = Pick<AppDeps, "kv" | "nowMs" | "windows">;

/** Sessions looked through for the first rendering; the feed brings the rest. */
const SESSIONS_READ = 1000;
const ROWS_RENDERED = 30;
const ALERTS_RENDERED = 50;

export function createLivePage(deps: LivePageDeps) {
  return new Hono<OperatorEnv>().get("/", async (c) => {
    const props = await liveProps(deps, c.var.operator.tenant, c.req.query("session"));
    return page(c, {
      title: "Live",
      children: <Island name="live" component={LivePage} props={props} />,
    });
  });
}

async function liveProps(
  deps: LivePageDeps,
  tenant: string,
  watched: string | undefined,
): Promise<LiveProps> {
  const { kv, nowMs } = deps;
  const now = nowMs();
  const [sessions, alerts, detail] = await Promise.all([
    listSessions(kv, tenant, now, { limit: SESSIONS_READ }),
    listAlerts(kv, tenant, now, { limit: ALERTS_RENDERED }),
    watched ? getSession(kv, tenant, watched, now) : undefined,
  ]);
  return {
    nowMs: now,
    bands: levelBands(),
    goals: enrolmentGoals(deps),
    sessions: rankSessions(sessions.items.map(sessionRow), ROWS_RENDERED),
    sessionCount: sessions.items.length,
    alerts: alerts.items.map(alertView),
    ...watched ? { watched } : {},
    ...detail ? { detail: sessionDetail(detail) } : {},
  };
}
