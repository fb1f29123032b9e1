/** What a session is, in few words, and where to go from it. */
import type { SessionDetail } from "../../routes/live/feed.ts";
import { Time } from "../dashboard/time.tsx";
import { ACTION_WORDS, ageWords, DEVICE_WORDS, SHADOW_WORDS } from "../dashboard/words.ts";

export interface SessionFactsProps {
  readonly detail: SessionDetail;
  readonly nowMs: number;
  readonly may: { readonly subjects: boolean; readonly alerts: boolean };
}

export function SessionFacts({ detail, nowMs, may }: SessionFactsProps) {
  const { session, subject, startedAtMs, updatedAtMs, action, confidence, strokes } = detail;
  return (
    <>
      <dl class="session-facts">
        <dt>Action</dt>
        <dd>
          {ACTION_WORDS[action]}
          {detail.shadowed && <span class="sub">shadow mode: {SHADOW_WORDS[detail.shadowed]}</span>}
        </dd>
        <dt>Confidence</dt>
        <dd>{confidence > 0 ? `${Math.round(100 * confidence)} %` : "none yet"}</dd>
        <dt>Device</dt>
        <dd>{DEVICE_WORDS[detail.device ?? "unknown"]}</dd>
        <dt>Began</dt>
        <dd>
          <Time ms={startedAtMs} />
        </dd>
        <dt>Heard</dt>
        <dd>{ageWords(nowMs - updatedAtMs)}</dd>
        <dt>Strokes</dt>
        <dd>{strokes.toLocaleString("en")}</dd>
        <dt>Session</dt>
        <dd class="session-id">{session}</dd>
      </dl>
      <p class="session-links">
        {may.subjects && (
          <a class="button button-small" href={`/subjects/${encodeURIComponent(subject)}`}>
            Open the subject
          </a>
        )}
        {may.alerts && detail.alert !== undefined && (
          <a class="button button-small" href={`/alerts/${encodeURIComponent(detail.alert)}`}>
            Open the alert
          </a>
        )}
      </p>
    </>
  );
}
