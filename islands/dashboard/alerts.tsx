/** Alerts as they come, newest first. */
import type { AlertView } from "../../routes/live/feed.ts";
import { LevelMark } from "./level_mark.tsx";
import { ACTION_WORDS, ageWords, riskWords, SHADOW_WORDS, shortId } from "./words.ts";

/** An open page is no archive. */
const SHOWN = 6;

export interface AlertsProps {
  readonly alerts: readonly AlertView[];
  readonly nowMs: number;
}

export function Alerts({ alerts, nowMs }: AlertsProps) {
  if (alerts.length === 0) {
    return (
      <p class="empty">
        No open alerts. One is raised when a session's risk asks for a step-up, once an incident.
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
              <a href={sessionHref(alert.session)}>{shortId(alert.subject)}</a>{" "}
              {(alert.shadow ? SHADOW_WORDS : ACTION_WORDS)[alert.action]}
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
      <p class="more">
        <a href="/alerts">All alerts</a>
      </p>
    </>
  );
}

/** To the page of a session. */
export function sessionHref(session: string): string {
  return `/sessions/${encodeURIComponent(session)}`;
}
