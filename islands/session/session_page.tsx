/** One session: its risk over time, why, what each source said, and what it did not give. */
import { useEffect, useMemo } from "preact/hooks";
import type { AlertView, SessionDetail } from "../../routes/live/feed.ts";
import { Announcer } from "../dashboard/announcer.tsx";
import { ConnectionPill, OutdatedNotice } from "../dashboard/connection.tsx";
import { followFeed } from "../dashboard/feed.ts";
import { Gauge } from "../dashboard/gauge.tsx";
import { type EnrolmentGoal, type LevelBand, LiveState } from "../dashboard/live_state.ts";
import { ProfileStatus } from "../dashboard/profile_status.tsx";
import { Reasons } from "../dashboard/reasons.tsx";
import { Detectors } from "./detectors.tsx";
import { Given } from "./given.tsx";
import { Course } from "./course.tsx";
import { SessionFacts } from "./session_facts.tsx";
import { StepUps } from "./step_ups.tsx";
import { UsualRanges } from "./usual_ranges.tsx";

export interface SessionPageProps {
  readonly nowMs: number;
  readonly bands: readonly LevelBand[];
  readonly goals: readonly EnrolmentGoal[];
  readonly detail: SessionDetail;
  readonly alerts: readonly AlertView[];
  /** What the role of whoever looks allows. */
  readonly may: { readonly subjects: boolean; readonly alerts: boolean };
}

export function SessionPage(props: SessionPageProps) {
  const state = useMemo(() =>
    new LiveState({
      ...props,
      watched: props.detail.session,
      sessions: [],
      sessionCount: 0,
    }), []);
  useEffect(() => followFeed(state), []);

  const detail = state.detail.value ?? props.detail;
  const alerts = state.alerts.value.filter(({ session }) => session === detail.session);
  return (
    <div class="session">
      <header class="session-head">
        <p class="session-back">
          <a href="/">Sessions now</a>
        </p>
        <h1>
          Session of <span class="session-name">{detail.subject}</span>
        </h1>
        <div class="live-status">
          <ConnectionPill connection={state.connection} />
          <OutdatedNotice connection={state.connection} />
        </div>
      </header>
      <div class="session-side">
        <section class="panel session-score" aria-labelledby="score-heading">
          <h2 id="score-heading">Now</h2>
          <Gauge detail={detail} bands={props.bands} />
          <SessionFacts detail={detail} nowMs={state.nowMs.value} may={props.may} />
        </section>
        <section class="panel session-turns" aria-labelledby="turns-heading">
          <h2 id="turns-heading">Step-ups and alerts</h2>
          <StepUps detail={detail} alerts={alerts} nowMs={state.nowMs.value} may={props.may} />
        </section>
        <section class="panel session-given" aria-labelledby="given-heading">
          <h2 id="given-heading">What was missing</h2>
          <Given detail={detail} />
          <h3>Profile</h3>
          <ProfileStatus detail={detail} goals={props.goals} />
        </section>
      </div>
      <div class="session-main">
        <section class="panel session-course" aria-labelledby="course-heading">
          <h2 id="course-heading">Risk over time</h2>
          <Course detail={detail} bands={props.bands} alerts={alerts} />
          <Announcer state={state} />
        </section>
        <div class="session-why-so">
          <section class="panel session-why" aria-labelledby="why-heading">
            <h2 id="why-heading">Why</h2>
            <Reasons detail={detail} />
          </section>
          <div class="session-stack">
            <section class="panel session-ranges" aria-labelledby="ranges-heading">
              <h2 id="ranges-heading">Against what is usual</h2>
              <UsualRanges detail={detail} />
            </section>
            <section class="panel session-detectors" aria-labelledby="detectors-heading">
              <h2 id="detectors-heading">Evidence by detector</h2>
              <Detectors detail={detail} />
            </section>
          </div>
        </div>
      </div>
    </div>
  );
}
