/** Sessions, alerts and factors of a subject. */
import type { Factor } from "../../../core/store/factors.ts";
import type { AlertRecord, SessionRecord } from "../../../core/store/sessions.ts";
import { LevelMark } from "../../../islands/dashboard/level_mark.tsx";
import { Time } from "../../../islands/dashboard/time.tsx";
import { ACTION_WORDS, riskWords, shortId } from "../../../islands/dashboard/words.ts";

/** Rows of each list; the rest is counted. */
const SHOWN = 25;

export function sessionPath(session: string): string {
  return `/sessions/${encodeURIComponent(session)}`;
}

export function Sessions({ sessions }: { sessions: readonly SessionRecord[] }) {
  if (!sessions.length) return <p class="empty">No session is kept.</p>;
  return (
    <div class="scroll" tabindex={0} role="region" aria-label="Sessions">
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">Began</th>
            <th scope="col">Last seen</th>
            <th scope="col">Level</th>
            <th scope="col" class="number">Risk</th>
          </tr>
        </thead>
        <tbody>
          {sessions.slice(0, SHOWN).map(({ session, startedAtMs, updatedAtMs, level, risk }) => (
            <tr key={session}>
              <th scope="row">
                <a href={sessionPath(session)} title={session}>{shortId(session)}</a>
              </th>
              <td>
                <Time ms={startedAtMs} />
              </td>
              <td>
                <Time ms={updatedAtMs} />
              </td>
              <td>
                <LevelMark level={level} />
              </td>
              <td class="number">{riskWords(risk, level)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <More count={sessions.length} of="sessions" />
    </div>
  );
}

export function Alerts({ alerts }: { alerts: readonly AlertRecord[] }) {
  if (!alerts.length) return <p class="empty">No alert is kept.</p>;
  return (
    <>
      <ul class="alert-rows">
        {alerts.slice(0, SHOWN).map(({ id, session, atMs, level, action, risk }) => (
          <li key={id}>
            <LevelMark level={level} />
            <span>
              <Time ms={atMs} />, risk {riskWords(risk, level)}, {ACTION_WORDS[action]} in{" "}
              <a href={sessionPath(session)}>session {shortId(session)}</a>
            </span>
          </li>
        ))}
      </ul>
      <More count={alerts.length} of="alerts" />
    </>
  );
}

function More({ count, of }: { count: number; of: string }) {
  return count > SHOWN ? <p class="more">And {count - SHOWN} {of} more.</p> : null;
}

const FACTOR_WORDS = { passkey: "Passkey", totp: "Authenticator app" } as const;

export function Factors({ factors }: { factors: readonly Factor[] }) {
  if (!factors.length) {
    return (
      <p class="empty">
        None: asked to step up, this subject can prove themselves to your site alone.
      </p>
    );
  }
  return (
    <ul class="facts">
      {factors.map(({ id, name, proof, createdAtMs, lastUsedAtMs }) => (
        <li key={id}>
          {FACTOR_WORDS[proof.kind]} “{name}”, since <Time ms={createdAtMs} show="day" />
          {lastUsedAtMs === undefined ? ", never used" : (
            <>
              , last used <Time ms={lastUsedAtMs} />
            </>
          )}
        </li>
      ))}
    </ul>
  );
}
