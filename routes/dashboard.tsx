/** The dashboard's pages, rendered on the server with all there is to see at once. */
import { type Context, Hono } from "hono";
import { DEFAULT_DECISION_POLICY } from "../core/decision.ts";
import { PROFILE_SIZE } from "../core/profile.ts";
import { getSession, listAlerts, listSessions } from "../core/store/sessions.ts";
import type { KeyboardWindowSettings, PointerWindowSettings } from "../core/window.ts";
import { LivePage } from "../islands/dashboard/live_page.tsx";
import {
  type EnrolmentGoal,
  type LevelBand,
  type LiveProps,
  rankSessions,
} from "../islands/dashboard/live_state.ts";
import { TryPage } from "../islands/try/try_page.tsx";
import { alertView, sessionDetail, sessionRow } from "./live/feed.ts";
import type { OperatorEnv } from "./middleware/credentials.ts";
import { Island, renderDocument } from "./views/document.tsx";

export interface DashboardDeps {
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
  /** What the models cut input into; says how much a profile needs. */
  readonly windows: {
    readonly keyboard: KeyboardWindowSettings;
    readonly pointer: PointerWindowSettings;
  };
}

/** Sessions looked through for the first rendering; the feed brings the rest. */
const SESSIONS_READ = 1000;
const ROWS_RENDERED = 30;
const ALERTS_RENDERED = 50;

/** `GET /`, with `?session=ID` for another session than the page's own, and `GET /try`. */
export function createDashboard(deps: DashboardDeps) {
  return new Hono<OperatorEnv>()
    .get("/", async (c) => {
      const props = await liveProps(deps, c.var.operator.tenant, c.req.query("session"));
      return page(c, {
        title: "Live",
        children: <Island name="live" component={LivePage} props={props} />,
      });
    })
    .get("/try", (c) => {
      const props = { nowMs: deps.nowMs(), bands: levelBands(), goals: enrolmentGoals(deps) };
      return page(c, {
        title: "Try it",
        children: <Island name="try" component={TryPage} props={props} />,
      });
    });
}

function page(
  c: Context<OperatorEnv>,
  { title, children }: { title: string; children: preact.JSX.Element },
) {
  c.header("Cache-Control", "no-store");
  const { operator } = c.var;
  return c.html(renderDocument({ title, path: c.req.path, operator, children }));
}

async function liveProps(
  deps: DashboardDeps,
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

function levelBands(): LevelBand[] {
  const { elevated, high, critical } = DEFAULT_DECISION_POLICY.levels;
  return [
    { level: "low", from: 0, to: elevated.enter },
    { level: "elevated", from: elevated.enter, to: high.enter },
    { level: "high", from: high.enter, to: critical.enter },
    { level: "critical", from: critical.enter, to: 100 },
  ];
}

/** A first window, then a hop for each of the others. */
function enrolmentGoals({ windows: { keyboard, pointer } }: DashboardDeps): EnrolmentGoal[] {
  const movementMs = pointer.activeMs + (PROFILE_SIZE.pointer.ready - 1) * pointer.hopMs;
  return [{
    modality: "keyboard",
    amount: keyboard.least + (PROFILE_SIZE.keyboard.ready - 1) * keyboard.hop,
    unit: "strokes",
  }, {
    modality: "pointer",
    amount: Math.ceil(movementMs / 1000),
    unit: "seconds of movement",
  }];
}
