/** `GET /sessions/:id`: one session, why it is what it is, and what it did not give. */
import { Hono } from "hono";
import { can } from "../../core/permission.ts";
import { withHandlings } from "../../core/store/alert_queue.ts";
import { getAlert, getSession, listAlerts } from "../../core/store/sessions.ts";
import { SessionPage, type SessionPageProps } from "../../islands/session/session_page.tsx";
import type { AppDeps } from "../deps.ts";
import { sessionDetail } from "../live/feed.ts";
import { queuedAlertView } from "../live/queued_alert.ts";
import { type OperatorEnv, requireRole } from "../middleware/credentials.ts";
import { Island } from "../views/document.tsx";
import { enrolmentGoals, tenantBands } from "./levels.ts";
import { page } from "./page.tsx";

type SessionPageDeps = Pick<AppDeps, "kv" | "nowMs" | "windows">;

/** Alerts looked through for those of the session; the feed brings the rest. */
const ALERTS_READ = 200;

export function createSessionPage(deps: SessionPageDeps) {
  const { kv, nowMs } = deps;
  const pages = new Hono<OperatorEnv>().get("/sessions", (c) => c.redirect("/"));
  return pages.get("/sessions/:id", requireRole("sessions:read"), async (c) => {
    const { tenant, role } = c.var.operator;
    const session = c.req.param("id");
    const now = nowMs();
    const record = await getSession(kv, tenant, session, now);
    if (!record) {
      return page(c, { title: "No such session", children: <NoSuchSession id={session} /> }, 404);
    }
    const [alerts, open, bands] = await Promise.all([
      listAlerts(kv, tenant, now, { limit: ALERTS_READ }),
      record.alert === undefined ? undefined : getAlert(kv, tenant, record.alert, now),
      tenantBands(kv, tenant),
    ]);
    const own = alerts.items.filter((alert) => alert.session === session);
    if (open && !own.some(({ id }) => id === open.id)) own.push(open);
    const props: SessionPageProps = {
      nowMs: now,
      bands,
      goals: enrolmentGoals(deps),
      detail: sessionDetail(record),
      alerts: (await withHandlings(kv, tenant, own)).map(queuedAlertView),
      may: { subjects: can(role, "subjects:read"), alerts: can(role, "alerts:read") },
    };
    return page(c, {
      title: `Session of ${record.subject}`,
      children: <Island name="session" component={SessionPage} props={props} />,
    });
  });
}

function NoSuchSession({ id }: { id: string }) {
  return (
    <section class="panel session-none">
      <h1>No such session</h1>
      <p>
        There is no session <code>{id}</code>{" "}
        here. It may be past the days that sessions are kept, or its subject was deleted, or the
        link is of another site.
      </p>
      <p>
        <a class="button" href="/">Sessions now</a> <a class="button" href="/alerts">Alerts</a>
      </p>
    </section>
  );
}
