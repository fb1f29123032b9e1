/** Alerts as they come, newest first. */
import type { AlertView } from "../../routes/live/feed.ts";
import { LevelMark } from "./level_mark.tsx";
import { ACTION_WORDS, ageWords, riskWords, shortId } from "./words.ts";

/** An open page is no archive. */
const SHOWN = 6;

export interface AlertsProps {
  readonly alerts: readonly AlertView[];
  readonly nowMs: number;
  readonly onWatch: (session: string) => void;
}

export function Alerts({ alerts, nowMs, onWatch }: AlertsProps) {
  if (alerts.length === 0) {
    return (
      <p class="empty">
        No alerts. One is raised when a session's risk asks for a step-up, once an incident.
      </p>
    );
  }
  return (
    <>
      <ol class="alerts">
        {alerts.slice(0, SHOWN).map((alert) => (
          <li key={alert.id} class={`alert level-${alert.level}`}>
            <p class="alert-head">
              <LevelMark level={alert.level} />
              <span class="alert-risk">risk {riskWords(alert.risk, alert.level)}</span>
              <time dateTime={new Date(alert.atMs).toISOString()}>
                {ageWords(nowMs - alert.atMs)}
              </time>
            </p>
            <p class="alert-subject">
              <WatchLink session={alert.session} onWatch={onWatch}>
                {shortId(alert.subject)}
              </WatchLink>{" "}
              {ACTION_WORDS[alert.action]}
            </p>
            {alert.reasons.length > 0 && (
              <ul class="alert-reasons">
                {alert.reasons.filter(({ key }) => key !== "rest").slice(0, 2).map((reason) => (
                  <li key={reason.key}>{reason.words}</li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ol>
      {alerts.length > SHOWN && (
        <p class="more">{alerts.length - SHOWN} earlier alerts are not shown.</p>
      )}
    </>
  );
}

export interface WatchLinkProps {
  readonly session: string;
  readonly onWatch: (session: string) => void;
  readonly children: preact.ComponentChildren;
}

/** To a session's detail: a plain link without script, in place with it. */
export function WatchLink({ session, onWatch, children }: WatchLinkProps) {
  return (
    <a
      class="watch"
      href={`/?session=${encodeURIComponent(session)}`}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onWatch(session);
      }}
    >
      {children}
    </a>
  );
}
