/** Every route of the service, put together once. */
import { Hono } from "hono";
import { GaitkeeperError } from "../core/error.ts";
import { createAlerts } from "./alerts.ts";
import { createAudit } from "./audit.ts";
import { createAssets } from "./assets.ts";
import type { AppDeps } from "./deps.ts";
import { createConsents } from "./consents.ts";
import { createFactors } from "./factors.ts";
import { createHealth } from "./health.ts";
import { createInstallationTenants } from "./installation_tenants.ts";
import { createKeys } from "./keys.ts";
import { createInvitationPage } from "./invitation.tsx";
import { readAddress } from "./middleware/address.ts";
import { limitBody, nativeRequest } from "./middleware/body_limit.ts";
import { privateByDefault, strictHeaders } from "./middleware/headers.ts";
import { createOperatorResources } from "./operator_resources.ts";
import { createOpenApi } from "./openapi.ts";
import { createDocsPage } from "./pages/docs.tsx";
import { createMePage } from "./pages/me.tsx";
import { createPages } from "./pages.tsx";
import { createSessions } from "./sessions.ts";
import { createSetup } from "./setup.tsx";
import { createSignIn } from "./sign_in.tsx";
import { createNotices } from "./notices.ts";
import { createStepUp } from "./step_up.ts";
import { createSubjectExport } from "./subject_export.ts";
import { createSubjectLinks } from "./subject_links.ts";
import { createSubjects } from "./subjects.ts";
import { createTemplates } from "./templates.ts";
import { createPolicy } from "./policy.ts";
import { createTenants } from "./tenants.ts";
import { createTickets } from "./tickets.ts";
import { respondToVisitor } from "./views/problem_page.tsx";

/** The HTTP application; the stream is served beside it (routes/stream.ts). */
export function createApp(deps: AppDeps) {
  const api = new Hono()
    .route("/", createHealth(deps))
    .route("/", createTickets(deps))
    .route("/", createSessions(deps))
    .route("/", createAlerts(deps))
    .route("/", createConsents(deps))
    .route("/", createSubjects(deps))
    .route("/", createSubjectExport(deps))
    .route("/", createSubjectLinks(deps))
    .route("/", createTemplates(deps))
    .route("/", createFactors(deps))
    .route("/", createStepUp(deps))
    .route("/", createNotices(deps))
    .route("/", createTenants(deps))
    .route("/", createPolicy(deps))
    .route("/", createInstallationTenants(deps))
    .route("/", createKeys(deps))
    .route("/", createAudit(deps))
    .route("/", createOperatorResources(deps));
  return new Hono()
    .use(readAddress(deps.trustedProxies))
    .use(strictHeaders())
    .use(privateByDefault())
    .use(nativeRequest())
    .use(limitBody())
    .route("/", api)
    .route("/", createOpenApi(api))
    .route("/", createDocsPage(api, deps))
    .route("/", createAssets(deps))
    .route("/", createSignIn(deps))
    .route("/", createSetup(deps))
    .route("/", createInvitationPage(deps))
    .route("/", createMePage(deps))
    .route("/", createPages(deps))
    .notFound((c) =>
      respondToVisitor(c, new GaitkeeperError("not_found", "Cannot find what was asked for"))
    )
    .onError((error, c) => respondToVisitor(c, error));
}
