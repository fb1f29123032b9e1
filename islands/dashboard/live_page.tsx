/** The live page: the risk of this very page, or of the session looked at, beside all others. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { Alerts } from "./alerts.tsx";
import { Announcer } from "./announcer.tsx";
import { CaptureSwitch, ConnectionPill, PointerSurface, StaleNotice } from "./capture_panel.tsx";
import { followFeed } from "./feed.ts";
import { Gauge } from "./gauge.tsx";
import { type LiveProps, LiveState } from "./live_state.ts";
import { OwnSession } from "./own_session.ts";
import { ProfileStatus } from "./profile_status.tsx";
import { Reasons } from "./reasons.tsx";
import { SessionTable } from "./session_table.tsx";
import { Timeline } from "./timeline.tsx";
import { shortId } from "./words.ts";

export function LivePage(props: LiveProps) {
  const state = useMemo(() => new LiveState(props), []);
  const own = useMemo(() => new OwnSession(), []);
  /** The person chose another session than this page's. */
  const chosen = useSignal(props.watched !== undefined);

  useEffect(() => {
    own.capture();
    const unfollow = followFeed(state);
    const unown = own.session.subscribe((session) => {
      if (session !== undefined && !chosen.peek()) state.watch(session);
    });
    const goBack = () => look(new URLSearchParams(location.search).get("session") ?? undefined);
    addEventListener("popstate", goBack);
    return () => {
      removeEventListener("popstate", goBack);
      unown();
      unfollow();
      own.stop();
    };
  }, []);

  const look = (session: string | undefined) => {
    const other = session !== undefined && session !== own.session.peek();
    chosen.value = other;
    state.watch(other ? session : own.session.peek());
  };
  const watch = (session: string | undefined) => {
    look(session);
    const query = chosen.value ? `?session=${encodeURIComponent(session!)}` : "";
    history.pushState(null, "", `/${query}`);
  };

  const detail = state.detail.value;
  const alerts = state.alerts.value;
  const ownAlerts = alerts.filter(({ session }) => session === state.watched.value);
  return (
    <div class="live">
      <div class="live-status">
        <ConnectionPill connection={state.connection} />
        <StaleNotice connection={state.connection} />
      </div>
      <div class="column">
        <section class="panel live-own" aria-labelledby="own-heading">
          <header class="panel-head">
            <h1 id="own-heading">
              {chosen.value
                ? `Session of ${shortId(detail?.subject ?? "…")}`
                : "This page, right now"}
            </h1>
            {chosen.value && (
              <a
                href="/"
                onClick={(event) => {
                  event.preventDefault();
                  watch(undefined);
                }}
              >
                Back to this page
              </a>
            )}
          </header>
          <div class="live-score">
            <Gauge detail={detail} bands={state.bands} />
            <div class="live-profile">
              <h2>Profile</h2>
              <ProfileStatus detail={detail} goals={state.goals} />
              {!chosen.value && (
                <CaptureSwitch
                  state={own.state.value}
                  onSwitch={(on) => on ? own.capture() : own.rest()}
                />
              )}
            </div>
          </div>
          <h2>Risk over time</h2>
          <Timeline detail={detail} bands={state.bands} alerts={ownAlerts} />
        </section>
        {!chosen.value && (
          <section class="panel live-input" aria-labelledby="input-heading">
            <h2 id="input-heading">Type and move here</h2>
            <div class="live-fields">
              <label>
                <span class="visually-hidden">Anything you like to type</span>
                <textarea
                  id="typing"
                  rows={5}
                  spellcheck={false}
                  placeholder="Type anything: a few sentences in your own words. The text stays in this box."
                >
                </textarea>
              </label>
              <PointerSurface />
            </div>
          </section>
        )}
        <section class="panel live-reasons" aria-labelledby="reasons-heading">
          <h2 id="reasons-heading">Why</h2>
          <Reasons detail={detail} />
        </section>
      </div>
      <div class="column">
        <section class="panel live-alerts" aria-labelledby="alerts-heading">
          <h2 id="alerts-heading">Alerts</h2>
          <Alerts alerts={alerts} nowMs={state.nowMs.value} onWatch={watch} />
          <Announcer state={state} />
        </section>
        <section class="panel live-sessions" aria-labelledby="sessions-heading">
          <h2 id="sessions-heading">Sessions</h2>
          <SessionTable
            rows={state.ranked.value}
            count={state.sessionCount.value}
            nowMs={state.nowMs.value}
            own={own.session.value}
            watched={state.watched.value}
            onWatch={watch}
          />
        </section>
      </div>
    </div>
  );
}
