/**
 * `/me`: what is known of somebody, shown to them by a link that their site hands out. The secret goes
 * from the address into a cookie at once; the link is used up by a button alone, so that nothing that
 * looks at links on its own (mail filters, previews, prefetching) can use it up. No script is needed.
 */
import { type Context, Hono } from "hono";
import { GaitkeeperError } from "../../core/error.ts";
import {
  admitAttempt,
  type AttemptLimit,
  forgiveAttempt,
  fromAddress,
} from "../../core/store/attempts.ts";
import { resumeConsent } from "../../core/store/pauses.ts";
import {
  bySubject,
  endSubjectVisit,
  findSubjectLink,
  findSubjectVisit,
  LINK_LIFE_MS,
  openSubjectLink,
  type SubjectVisit,
  VISIT_LIFE_MS,
} from "../../core/store/subject_links.ts";
import { getTenant } from "../../core/store/tenants.ts";
import type { AppDeps } from "../deps.ts";
import { addressOf } from "../middleware/address.ts";
import { requireSameOrigin } from "../middleware/credentials.ts";
import { dropVisitCookie, readVisitCookie, setVisitCookie } from "../middleware/visit_cookie.ts";
import { readForm } from "../operators/forms.ts";
import { problemOf } from "../problem.ts";
import { erase, pause, withdraw } from "../subjects/acts.ts";
import { downloadJson, exportSubject } from "../subjects/export.ts";
import { readKnowledge } from "../subjects/knowledge.ts";
import { ClosedPage, ErasedPage, LeftPage, OpenPage } from "./me/beside.tsx";
import { type MeDocumentProps, renderGoing, renderMeDocument } from "./me/document.tsx";
import { Home } from "./me/home.tsx";
import { PAUSES, WORDS } from "./me/words.ts";

/** What one visit may do before it has to wait: a person clicks, a program would go on. */
const VISIT_LIMIT: AttemptLimit = {
  kind: "visit",
  free: 30,
  firstDelayMs: 5000,
  longestDelayMs: 5 * 60_000,
};

export function createMePage(deps: AppDeps) {
  const { kv, audit, nowMs } = deps;
  const visitOf = async (c: Context) => {
    const secret = readVisitCookie(deps, c);
    return secret ? await findSubjectVisit(kv, secret, nowMs()) : undefined;
  };
  const closed = (c: Context) => {
    // What was not sent may still be good: a strict cookie stays behind where another site led here.
    if (readVisitCookie(deps, c)) dropVisitCookie(deps, c);
    return show(c, { title: WORDS.closed.title, children: <ClosedPage /> }, 403);
  };
  const home = async (c: Context, visit: SubjectVisit, problem?: string, status = 200) => {
    const tenant = await getTenant(kv, visit.tenant);
    if (!tenant) return closed(c);
    const knowledge = await readKnowledge(deps, tenant, visit.subject);
    const done = problem ? undefined : doneWords(c.req.query("done"));
    const recorded = deps.traces !== undefined;
    const props = { visit, tenant, knowledge, nowMs: nowMs(), recorded, problem, done };
    const shown = { title: WORDS.title, site: tenant.name, children: <Home {...props} /> };
    return show(c, shown, status);
  };
  /** Does what the visitor asks, then shows their page again; what was refused stands on it in words. */
  const act =
    (run: (c: Context, visit: SubjectVisit) => Promise<Response | Done>) => async (c: Context) => {
      const visit = await visitOf(c);
      if (!visit) return closed(c);
      try {
        await admitAttempt(kv, [{ limit: VISIT_LIMIT, of: visit.secretHash }], nowMs());
        const done = await run(c, visit);
        return typeof done === "string" ? c.redirect(`/me?done=${done}`, 303) : done;
      } catch (error) {
        const { status, detail } = problemOf(error);
        if (!(error instanceof GaitkeeperError) || status === 500) throw error;
        return await home(c, visit, detail, status);
      }
    };

  return new Hono()
    .use("/me", requireSameOrigin(deps))
    .use("/me/*", requireSameOrigin(deps))
    .get("/me/:secret{[A-Za-z0-9_-]{43}}", (c) => {
      setVisitCookie(deps, c, c.req.param("secret"), LINK_LIFE_MS);
      return going(c);
    })
    .get("/me", async (c) => {
      const visit = await visitOf(c);
      if (visit) return await home(c, visit);
      const secret = readVisitCookie(deps, c);
      if (!secret && c.req.header("Sec-Fetch-Site") === "cross-site") return going(c);
      const link = secret && await findSubjectLink(kv, secret, nowMs());
      const tenant = link && await getTenant(kv, link.tenant);
      if (!tenant) return closed(c);
      const { name: site } = tenant;
      return show(c, { title: WORDS.open.title, site, children: <OpenPage site={site} /> });
    })
    .post("/me/open", async (c) => {
      const secret = readVisitCookie(deps, c);
      if (!secret) return closed(c);
      const tries = [fromAddress(addressOf(c))];
      await admitAttempt(kv, tries, nowMs());
      try {
        const visit = await openSubjectLink(audit, secret);
        await forgiveAttempt(kv, tries, nowMs());
        setVisitCookie(deps, c, visit.secret, VISIT_LIFE_MS);
        return c.redirect("/me", 303);
      } catch (error) {
        if (error instanceof GaitkeeperError && error.code === "link_invalid") return closed(c);
        throw error;
      }
    })
    .post(
      "/me/pause",
      act(async (c, visit) => {
        const asked = (await readForm(c))("for");
        const [, lengthMs] = isPause(asked) ? PAUSES[asked] : noPause();
        const untilMs = lengthMs === undefined ? undefined : nowMs() + lengthMs;
        if (!await pause(deps, visit, untilMs, bySubject(visit))) throw noConsent();
        return "paused";
      }),
    )
    .post(
      "/me/resume",
      act(async (_, visit) => {
        await resumeConsent(audit, visit, bySubject(visit));
        return "resumed";
      }),
    )
    .post(
      "/me/withdraw",
      act(async (_, visit) => {
        await withdraw(deps, visit, bySubject(visit), visit.secretHash);
        return "withdrawn";
      }),
    )
    .post(
      "/me/export",
      act(async (c, visit) => {
        const all = await exportSubject(deps, visit, bySubject(visit));
        return downloadJson(c, all, "what-is-known-of-me.json");
      }),
    )
    .post(
      "/me/erase",
      act(async (c, visit) => {
        if ((await readForm(c))("word").trim().toLowerCase() !== WORDS.erase.word) {
          throw new GaitkeeperError("request_invalid", WORDS.erase.wrongWord);
        }
        const site = (await getTenant(kv, visit.tenant))?.name;
        const receipt = await erase(deps, visit, bySubject(visit));
        dropVisitCookie(deps, c);
        const children = <ErasedPage receipt={receipt} />;
        return show(c, { title: WORDS.receipt.title, site, children });
      }),
    )
    .post("/me/close", async (c) => {
      const visit = await visitOf(c);
      if (!visit) return closed(c);
      await endSubjectVisit(kv, visit);
      dropVisitCookie(deps, c);
      return show(c, { title: WORDS.left.title, children: <LeftPage /> });
    })
    .all(
      "/me/*",
      (c) => show(c, { title: WORDS.closed.title, children: <ClosedPage /> }, 403),
    );
}

/**
 * On to the page itself. A redirect would still count as the other site's that led here, and a strict
 * cookie would stay behind; the refresh of one's own page is one's own, and takes its place in the
 * history.
 */
function going(c: Context): Response | Promise<Response> {
  c.header("Refresh", "0; url=/me");
  return c.html(renderGoing("/me"));
}

type Done = keyof typeof WORDS.done;

function doneWords(done: string | undefined): string | undefined {
  return done !== undefined && Object.hasOwn(WORDS.done, done)
    ? WORDS.done[done as Done]
    : undefined;
}

function isPause(text: string): text is keyof typeof PAUSES {
  return Object.hasOwn(PAUSES, text);
}

function noPause(): never {
  throw new GaitkeeperError("request_invalid", "Cannot pause: how long must be one of the list");
}

function noConsent(): GaitkeeperError {
  return new GaitkeeperError("not_found", "Cannot pause: your agreement must stand");
}

/** Never kept by a cache, and never named to whoever comes next: what it shows is somebody's. */
function show(c: Context, props: MeDocumentProps, status = 200): Response | Promise<Response> {
  c.header("Cache-Control", "no-store");
  return c.html(renderMeDocument(props), status as 200);
}
