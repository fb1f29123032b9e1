/** `GET /subjects`: who was seen lately; `?id=…` finds subjects whose id begins so. */
import { Hono } from "hono";
import { isStanding, standingPause } from "../../core/store/consents.ts";
import {
  findSubjects,
  type ListedSubject,
  listSubjectsSeen,
} from "../../core/store/subject_list.ts";
import { Time } from "../../islands/dashboard/time.tsx";
import type { AppDeps } from "../deps.ts";
import { type OperatorEnv, requireRole } from "../middleware/credentials.ts";
import { OpaqueId } from "../validation.ts";
import { page } from "./page.tsx";
import { subjectPath } from "./subject/view.tsx";

const SHOWN = 50;

export function createSubjectsPage({ kv, nowMs }: Pick<AppDeps, "kv" | "nowMs">) {
  return new Hono<OperatorEnv>().get("/subjects", requireRole("subjects:read"), async (c) => {
    const { tenant } = c.var.operator;
    const asked = (c.req.query("id") ?? "").trim();
    const id = OpaqueId.safeParse(asked);
    const subjects = asked === ""
      ? await listSubjectsSeen(kv, tenant, nowMs(), SHOWN)
      : id.success
      ? await findSubjects(kv, tenant, id.data, SHOWN)
      : [];
    const props = { asked, subjects, nowMs: nowMs() };
    return page(c, { title: "Subjects", children: <SubjectsView {...props} /> });
  });
}

interface SubjectsProps {
  /** What is looked for; empty where nothing is. */
  readonly asked: string;
  readonly subjects: readonly ListedSubject[];
  readonly nowMs: number;
}

function SubjectsView({ asked, subjects, nowMs }: SubjectsProps) {
  return (
    <div class="subjects">
      <section class="panel">
        <div class="panel-head">
          <h1>Subjects</h1>
          <search>
            <form method="get" action="/subjects" class="find">
              <label for="find-id">Id begins with</label>
              <input
                id="find-id"
                name="id"
                type="search"
                value={asked}
                maxLength={128}
                autocomplete="off"
                autocapitalize="none"
                spellcheck={false}
              />
              <button type="submit" class="button">Find</button>
              {asked !== "" && <a href="/subjects">Seen lately</a>}
            </form>
          </search>
        </div>
        {subjects.length === 0
          ? <Empty asked={asked} />
          : <Rows subjects={subjects} nowMs={nowMs} asked={asked} />}
        {subjects.length === SHOWN && (
          <p class="more">The first {SHOWN}; more of the id finds fewer.</p>
        )}
      </section>
    </div>
  );
}

function Empty({ asked }: { asked: string }) {
  return asked === ""
    ? (
      <p class="empty">
        Nobody was seen yet. A subject is one of your users, known by the id that your tickets name
        them by; <a href="/developers">Developers</a>{" "}
        shows how a page of yours begins a session, and <a href="/try">Try it</a> begins one here.
      </p>
    )
    : <p class="empty">There is no subject whose id begins with “{asked}”.</p>;
}

function Rows({ subjects, nowMs, asked }: SubjectsProps) {
  const hasStages = subjects.some(({ session }) => session);
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Subjects">
      <table class="rows">
        <caption class="visually-hidden">
          {asked === "" ? "Subjects seen lately" : `Subjects whose id begins with ${asked}`}
        </caption>
        <thead>
          <tr>
            <th scope="col">Subject</th>
            <th scope="col">Last seen</th>
            {hasStages && <th scope="col">Keyboard</th>}
            {hasStages && <th scope="col">Pointer</th>}
            <th scope="col">Consent</th>
          </tr>
        </thead>
        <tbody>
          {subjects.map(({ subject, seenAtMs, consent, session }) => (
            <tr key={subject}>
              <th scope="row">
                <a href={subjectPath(subject)}>{subject}</a>
              </th>
              <td>{seenAtMs === undefined ? "never" : <Time ms={seenAtMs} />}</td>
              {hasStages && <td>{session?.keyboard.stage}</td>}
              {hasStages && <td>{session?.pointer.stage}</td>}
              <td>{consentWord(consent, nowMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function consentWord(consent: ListedSubject["consent"], nowMs: number): string {
  if (!consent) return "none";
  if (!isStanding(consent)) return "withdrawn";
  return standingPause(consent, nowMs) ? "paused" : "given";
}
