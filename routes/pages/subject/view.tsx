/** The page of one subject, all of it there without script. */
import { can } from "../../../core/permission.ts";
import { standingPause } from "../../../core/store/consents.ts";
import type { Tenant } from "../../../core/tenant.ts";
import { Time } from "../../../islands/dashboard/time.tsx";
import { Done, Problem } from "../../operators/views.tsx";
import type { SubjectKnowledge } from "../../subjects/knowledge.ts";
import { Alerts, Factors, Sessions } from "./history.tsx";
import { PointerPicture, TypingPicture } from "./pictures.tsx";
import { Stages, Versions } from "./profiles.tsx";
import { ConfirmFirst, ConsentPanel, RightsPanel, type Self } from "./rights.tsx";

export interface SubjectViewProps {
  readonly knowledge: SubjectKnowledge;
  readonly tenant: Tenant;
  readonly self: Self;
  readonly nowMs: number;
  readonly problem?: string | undefined;
  readonly done?: string | undefined;
}

/** Of the subject's page. */
export function subjectPath(subject: string): string {
  return `/subjects/${encodeURIComponent(subject)}`;
}

export function SubjectView({ knowledge, tenant, self, nowMs, problem, done }: SubjectViewProps) {
  const { subject, consent, sessions, alerts, factors, modalities, isUnreadable } = knowledge;
  const path = subjectPath(subject);
  const isPaused = standingPause(consent, nowMs) !== undefined;
  const rights = { subject, path, self, nowMs, consent };
  const profiles = modalities && [modalities.keyboard, modalities.pointer];
  return (
    <div class="subject">
      <header class="subject-head">
        <p>
          <a href="/subjects">Subjects</a>
        </p>
        <h1>
          <span class="visually-hidden">Subject</span> {subject}
          {isPaused && <span class="chip">paused</span>}
        </h1>
        <p class="hint">
          {sessions[0]
            ? (
              <>
                Last seen <Time ms={sessions[0].updatedAtMs} />
              </>
            )
            : "No session is kept"}
        </p>
      </header>
      <Problem>{problem}</Problem>
      <Done>{done}</Done>
      <div class="subject-columns">
        <div class="subject-main">
          <section class="panel">
            <h2>What the profiles know</h2>
            {profiles
              ? <Stages modalities={profiles} enrolment={tenant.enrolment} sessions={sessions} />
              : <NotRead isUnreadable={isUnreadable} />}
          </section>
          {modalities && (
            <>
              <section class="panel">
                <h2>Typing rhythm</h2>
                <TypingPicture portrait={modalities.keyboard.portrait} />
              </section>
              <section class="panel">
                <h2>Pointer character</h2>
                <PointerPicture portrait={modalities.pointer.portrait} />
              </section>
              <section class="panel">
                <h2>Versions of the profiles</h2>
                <p class="hint">
                  The last ten of each are kept. To roll back is to make a profile what it was, as a
                  version of its own.
                </p>
                {can(self.role, "subjects:write") && !self.recent && <ConfirmFirst path={path} />}
                {profiles!.map((known) => (
                  <Versions
                    key={known.modality}
                    known={known}
                    path={path}
                    self={self}
                  />
                ))}
              </section>
            </>
          )}
        </div>
        <div class="subject-side">
          <section class="panel">
            <h2>Sessions</h2>
            <Sessions sessions={sessions} />
          </section>
          <section class="panel">
            <h2>Alerts</h2>
            <Alerts alerts={alerts} />
          </section>
          <section class="panel">
            <h2>Factors</h2>
            <Factors factors={factors} />
          </section>
          <ConsentPanel {...rights} />
          <RightsPanel {...rights} />
        </div>
      </div>
    </div>
  );
}

function NotRead({ isUnreadable }: { isUnreadable: boolean }) {
  return isUnreadable
    ? (
      <p class="problem">
        What is sealed of this subject cannot be opened: it was altered, moved, or sealed under
        another key. It can still be erased, and then learned anew.
      </p>
    )
    : (
      <p class="empty">
        The models, by which profiles are read, could not be loaded; the service's log says why.
        Everything else on this page is as it is.
      </p>
    );
}
