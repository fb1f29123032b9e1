/** `GET /alerts`, and `/alerts/:id` with one of them looked at; `POST /alerts` for who has no script. */
import { type Context, Hono } from "hono";
import { z } from "zod";
import { GaitkeeperError } from "../../core/error.ts";
import { can } from "../../core/permission.ts";
import {
  type AlertChange,
  AlertState,
  handleAlert,
  NOTE_LENGTH,
} from "../../core/store/alert_handlings.ts";
import { listQueue, withHandlings } from "../../core/store/alert_queue.ts";
import { listOperators } from "../../core/store/memberships.ts";
import { getAlert } from "../../core/store/sessions.ts";
import { AlertsPage } from "../../islands/alerts/alerts_page.tsx";
import {
  ACT_NAMES,
  ACTS,
  type AlertsProps,
  countByState,
  filterQueue,
  type QueueFilter,
} from "../../islands/alerts/queue.ts";
import type { AppDeps } from "../deps.ts";
import { LevelName } from "../live/feed.ts";
import { queuedAlertView } from "../live/queued_alert.ts";
import { type OperatorEnv, requireRole } from "../middleware/credentials.ts";
import { placeOf } from "../operators/deps.ts";
import { nextPath } from "../operators/forms.ts";
import { actOf } from "../operators/sign_in.ts";
import { OpaqueId } from "../validation.ts";
import { Island } from "../views/document.tsx";
import { page } from "./page.tsx";

/** Alerts that the queue is made of, newest first, and how many of them a page shows. */
const LOOKED_THROUGH = 2000;
const READ_AT_ONCE = 200;
const SHOWN = 200;

const Query = z.object({
  state: AlertState.catch("open"),
  level: LevelName.optional().catch(undefined),
  q: z.string().trim().max(128).catch(""),
  order: z.enum(["newest", "riskiest"]).catch("newest"),
});

const Act = z.object({
  id: z.union([OpaqueId, z.array(OpaqueId).max(LOOKED_THROUGH)]).transform((ids) => [ids].flat()),
  act: z.enum([...ACT_NAMES, "note"]),
  note: z.string().max(NOTE_LENGTH).optional(),
  back: z.string().optional(),
});

export function createAlertsPage(deps: AppDeps) {
  const show = (c: Context<OperatorEnv>, selected?: string) => showQueue(deps, c, selected);
  return new Hono<OperatorEnv>()
    .use("/alerts/*", requireRole("alerts:read"))
    .get("/alerts", (c) => show(c))
    .get("/alerts/:id", (c) => show(c, c.req.param("id")))
    .post("/alerts", requireRole("alerts:write"), async (c) => {
      const form = Act.safeParse(await c.req.parseBody({ all: true }));
      if (!form.success) {
        throw new GaitkeeperError(
          "request_invalid",
          "Cannot handle alerts: at least one must be chosen, and what to do with it",
        );
      }
      const { id: ids, act, note, back } = form.data;
      const change = act === "note" ? { note: note?.trim() || null } : changeOf(act);
      const by = actOf(c.var.operator, placeOf(deps, c));
      await handleEach(deps.audit, c.var.operator.tenant, new Set(ids), change, by);
      return c.redirect(back ? nextPath(back) : "/alerts", 303);
    });
}

function changeOf(act: keyof typeof ACTS) {
  const { state, verdict } = ACTS[act];
  return { state, ...act === "reopen" ? { verdict: null } : verdict ? { verdict } : {} };
}

/** One that is there no more does not stop the others. @throws `alert_not_found` where none is there. */
async function handleEach(
  audit: AppDeps["audit"],
  tenant: string,
  alerts: ReadonlySet<string>,
  change: AlertChange,
  by: ReturnType<typeof actOf>,
): Promise<void> {
  let missed: unknown;
  let handled = 0;
  for (const alert of alerts) {
    try {
      await handleAlert(audit, { tenant, alert }, change, by);
      handled++;
    } catch (error) {
      if (!(error instanceof GaitkeeperError) || error.code !== "alert_not_found") throw error;
      missed = error;
    }
  }
  if (!handled) throw missed;
}

async function showQueue(deps: AppDeps, c: Context<OperatorEnv>, selected: string | undefined) {
  const { kv, nowMs } = deps;
  const { tenant, role, operator, name } = c.var.operator;
  const { state, level, q, order } = Query.parse(c.req.query());
  const filter: QueueFilter = { state, ...level ? { level } : {}, search: q, order };
  const [{ queue, isCut }, operators] = await Promise.all([
    readQueue(deps, tenant),
    listOperators(kv, tenant),
  ]);
  const fitting = filterQueue(queue, filter);
  const alerts = fitting.slice(0, SHOWN);
  const found = selected === undefined ? undefined : await getAlert(kv, tenant, selected, nowMs());
  const isElsewhere = found && !alerts.some(({ id }) => id === selected);
  if (isElsewhere) alerts.push(...(await withHandlings(kv, tenant, [found])).map(queuedAlertView));
  const props: AlertsProps = {
    nowMs: nowMs(),
    filter,
    alerts,
    counts: countByState(queue),
    ...isCut ? { lookedThrough: queue.length } : {},
    ...fitting.length > SHOWN ? { found: fitting.length } : {},
    // Whom dev signs in stands in no list.
    people: {
      [operator]: name,
      ...Object.fromEntries(operators.map(({ id, name }) => [id, name])),
    },
    ...selected === undefined ? {} : { selected },
    mayAct: can(role, "alerts:write"),
  };
  return await page(c, {
    title: "Alerts",
    children: <Island name="alerts" component={AlertsPage} props={props} />,
  }, selected !== undefined && !found ? 404 : 200);
}

async function readQueue({ kv, nowMs }: AppDeps, tenant: string) {
  const queue: ReturnType<typeof queuedAlertView>[] = [];
  let cursor: string | undefined;
  do {
    const page = await listQueue(kv, tenant, nowMs(), { limit: READ_AT_ONCE, cursor });
    queue.push(...page.items.map(queuedAlertView));
    cursor = page.cursor;
  } while (cursor !== undefined && queue.length < LOOKED_THROUGH);
  return { queue, isCut: cursor !== undefined };
}
