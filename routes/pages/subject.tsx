/** `/subjects/:subject`: what is known of one subject, and what may be done about it. */
import { type Context, Hono } from "hono";
import { createMiddleware } from "hono/factory";
import { GaitkeeperError } from "../../core/error.ts";
import { giveConsent } from "../../core/store/consents.ts";
import { isKnownSubject } from "../../core/store/subject_list.ts";
import { rollBack } from "../../core/store/versions.ts";
import { getTenant } from "../../core/store/tenants.ts";
import { MODALITIES } from "../../core/window.ts";
import type { AppDeps } from "../deps.ts";
import {
  isRecent,
  type OperatorEnv,
  requireRecent,
  requireRole,
} from "../middleware/credentials.ts";
import { placeOf } from "../operators/deps.ts";
import { readForm } from "../operators/forms.ts";
import { actOf } from "../operators/sign_in.ts";
import { problemOf } from "../problem.ts";
import { erase, type Whom, withdraw } from "../subjects/acts.ts";
import { downloadJson, exportSubject } from "../subjects/export.ts";
import { readKnowledge } from "../subjects/knowledge.ts";
import { sourceOf } from "../subjects/template_source.ts";
import { ConsentRequest, OpaqueId } from "../validation.ts";
import { page } from "./page.tsx";
import { ReceiptPage } from "./subject/rights.tsx";
import { subjectPath, SubjectView } from "./subject/view.tsx";

type Env = Context<OperatorEnv>;

const PATH = "/subjects/:subject";
const DONE: Readonly<Record<string, string>> = {
  "rolled-back": "The profile was rolled back; live sessions score by it from their next commit.",
  recorded: "The consent is on record.",
  withdrawn: "The consent was withdrawn; their streams have ended.",
};

export function createSubjectPage(deps: AppDeps) {
  const { kv, audit, nowMs } = deps;
  const whomOf = (c: Env): Whom => ({
    tenant: c.var.operator.tenant,
    subject: subjectOf(c.req.param("subject")),
  });
  const tenantOf = async (c: Env) => (await getTenant(kv, c.var.operator.tenant))!;
  const byOf = (c: Env) => actOf(c.var.operator, placeOf(deps, c));
  const view = async (c: Env, problem?: string) => {
    const tenant = await tenantOf(c);
    const { subject } = whomOf(c);
    const { operator } = c.var;
    const knowledge = await readKnowledge(deps, tenant, subject);
    const done = problem ? undefined : DONE[c.req.query("done") ?? ""];
    const self = { role: operator.role, recent: isRecent(operator, nowMs()) };
    return {
      title: `Subject ${subject}`,
      children: <SubjectView {...{ knowledge, tenant, self, nowMs: nowMs(), problem, done }} />,
    };
  };
  /** Acts, then shows the page again; what was refused stands on it in words. */
  const act = (run: (c: Env, whom: Whom) => Promise<Response | string>) => async (c: Env) => {
    const whom = whomOf(c);
    if (!await isKnownSubject(kv, whom.tenant, whom.subject)) throw nobody();
    try {
      const done = await run(c, whom);
      if (typeof done !== "string") return done;
      return c.redirect(`${subjectPath(whom.subject)}?done=${done}`, 303);
    } catch (error) {
      const { status, detail } = problemOf(error);
      if (!(error instanceof GaitkeeperError) || status === 500) throw error;
      return await page(c, await view(c, detail), status as 400);
    }
  };
  /** Wants a recent proof; who has none gives it, and comes back to the subject. */
  const recently = createMiddleware<OperatorEnv>(async (c, next) => {
    const { subject } = whomOf(c);
    return await requireRecent(deps, subjectPath(subject))(c, next);
  });

  return new Hono<OperatorEnv>()
    .use(PATH, requireRole("subjects:read"))
    .use(`${PATH}/*`, requireRole("subjects:read"))
    .get(PATH, async (c) => page(c, await view(c)))
    .post(
      `${PATH}/consent`,
      requireRole("subjects:write"),
      act(async (c, { subject }) => {
        const form = await readForm(c);
        const given = ConsentRequest.safeParse({
          policyVersion: form("policyVersion"),
          how: form("how"),
        });
        if (!given.success) {
          throw new GaitkeeperError(
            "request_invalid",
            "Cannot record consent: it must say to which text, and how it was given",
          );
        }
        await giveConsent(audit, await tenantOf(c), subject, given.data, byOf(c));
        return "recorded";
      }),
    )
    .post(
      `${PATH}/consent/withdraw`,
      requireRole("subjects:write"),
      act(async (c, whom) => {
        await withdraw(deps, whom, byOf(c));
        return "withdrawn";
      }),
    )
    .post(
      `${PATH}/templates/:modality/:version/rollback`,
      requireRole("subjects:write"),
      recently,
      act(async (c, { subject }) => {
        const modality = MODALITIES.find((name) => name === c.req.param("modality"));
        const version = Number(c.req.param("version"));
        if (!modality || !Number.isSafeInteger(version)) throw noVersion();
        const source = await sourceOf(deps, await tenantOf(c), subject, modality);
        await rollBack(audit, source, version, byOf(c));
        return "rolled-back";
      }),
    )
    .post(
      `${PATH}/export`,
      act(async (c, whom) => {
        const all = await exportSubject(deps, whom, byOf(c));
        return downloadJson(c, all, `subject-${all.pseudonym.slice(0, 8)}.json`);
      }),
    )
    .post(
      `${PATH}/erase`,
      requireRole("subjects:erase"),
      recently,
      act(async (c, whom) => {
        if ((await readForm(c))("subject").trim() !== whom.subject) {
          throw new GaitkeeperError(
            "request_invalid",
            "Cannot erase: what you type must be the subject's id, to the letter",
          );
        }
        const receipt = await erase(deps, whom, byOf(c));
        return page(c, { title: "Erased", children: <ReceiptPage receipt={receipt} /> });
      }),
    );
}

/** What is no id is nobody's. */
function subjectOf(text: string | undefined): string {
  const id = OpaqueId.safeParse(text);
  if (id.success) return id.data;
  throw nobody();
}

function nobody(): GaitkeeperError {
  return new GaitkeeperError("not_found", "Cannot show subject: there is nothing of this id");
}

function noVersion(): GaitkeeperError {
  return new GaitkeeperError("not_found", "Cannot roll back: there is no such version");
}
