/** Every page of the dashboard, for signed-in operators alone. */
import { Hono } from "hono";
import { createAccount } from "./account.tsx";
import { createConfirm } from "./confirm.tsx";
import type { AppDeps } from "./deps.ts";
import { createLive } from "./live.ts";
import { createLiveTicket } from "./live_ticket.ts";
import { guardDashboard, type OperatorEnv } from "./middleware/credentials.ts";
import { createOperators } from "./operators.tsx";
import { createAlertsPage } from "./pages/alerts.tsx";
import { createDevelopersPage } from "./pages/developers.tsx";
import { createLivePage } from "./pages/live.tsx";
import { createPolicyPage } from "./pages/policy.tsx";
import { createSessionPage } from "./pages/session.tsx";
import { createQualityPage } from "./pages/quality.tsx";
import { createSubjectPage } from "./pages/subject.tsx";
import { createSubjectsPage } from "./pages/subjects.tsx";
import { createTryPage } from "./pages/try.tsx";

/** With all that lies under them. */
const GUARDED = [
  "/",
  "/account/*",
  "/alerts/*",
  "/confirm/*",
  "/developers/*",
  "/live/*",
  "/models",
  "/operators/*",
  "/policy/*",
  "/quality/*",
  "/sessions/*",
  "/subjects/*",
  "/try/*",
];

export function createPages(deps: AppDeps) {
  const guard = guardDashboard(deps);
  const pages = new Hono<OperatorEnv>();
  for (const path of GUARDED) pages.use(path, guard);
  return pages
    .route("/", createLiveTicket(deps))
    .route("/", createLive(deps))
    .route("/", createLivePage(deps))
    .route("/", createAlertsPage(deps))
    .route("/", createSessionPage(deps))
    .route("/", createPolicyPage(deps))
    .route("/", createQualityPage(deps))
    .route("/", createSubjectsPage(deps))
    .route("/", createSubjectPage(deps))
    .route("/", createDevelopersPage(deps))
    .route("/", createTryPage(deps))
    .route("/", createAccount(deps))
    .route("/", createConfirm(deps))
    .route("/", createOperators(deps));
}
