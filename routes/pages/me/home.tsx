/** What is known of somebody, told to them. */
import { isStanding, standingPause } from "../../../core/store/consents.ts";
import type { SubjectVisit } from "../../../core/store/subject_links.ts";
import type { Tenant } from "../../../core/tenant.ts";
import { Time } from "../../../islands/dashboard/time.tsx";
import { Done, Field, Problem } from "../../operators/views.tsx";
import type { ModalityKnowledge, SubjectKnowledge } from "../../subjects/knowledge.ts";
import { PAUSES, sessionWords, stageWords, WORDS } from "./words.ts";

export interface HomeProps {
  readonly visit: SubjectVisit;
  readonly tenant: Tenant;
  readonly knowledge: SubjectKnowledge;
  readonly nowMs: number;
  /** The installation records sessions of who allows it. */
  readonly recorded: boolean;
  readonly problem?: string | undefined;
  readonly done?: string | undefined;
}

export function Home({ visit, tenant, knowledge, nowMs, recorded, problem, done }: HomeProps) {
  const { consent, sessions } = knowledge;
  return (
    <>
      <h1>{WORDS.title}</h1>
      <Problem>{problem}</Problem>
      <Done>{done}</Done>
      <p class="me-lead">{WORDS.lead(tenant.name)}</p>
      <Status consent={consent} nowMs={nowMs} />
      <Sureness knowledge={knowledge} />
      <Kept knowledge={knowledge} tenant={tenant} recorded={recorded} />
      <section class="panel">
        <h2>{WORDS.never.title}</h2>
        <ul class="me-list">{WORDS.never.items.map((item) => <li key={item}>{item}</li>)}</ul>
      </section>
      <section class="panel">
        <h2>{WORDS.sessions.title}</h2>
        {sessions.length
          ? <Sessions knowledge={knowledge} />
          : <p class="empty">{WORDS.sessions.none}</p>}
      </section>
      <Acts consent={consent} nowMs={nowMs} problem={problem} />
      <footer class="me-foot">
        <p class="hint">
          {WORDS.openUntil} <Time ms={visit.expiresAtMs} show="clock" />.
        </p>
        <form method="post" action="/me/close">
          <button type="submit" class="button">{WORDS.close}</button>
        </form>
      </footer>
    </>
  );
}

function Status({ consent, nowMs }: Pick<SubjectKnowledge, "consent"> & { nowMs: number }) {
  const words = WORDS.status;
  const pause = standingPause(consent, nowMs);
  const [name, state] = !consent
    ? [words.never, "off"]
    : !isStanding(consent)
    ? [words.off, "off"]
    : pause
    ? [words.paused, "paused"]
    : [words.on, "on"];
  return (
    <section class={`panel me-status me-status-${state}`} aria-label={name}>
      <p class="me-state">{name}</p>
      {consent && (
        <p>
          {words.since} <Time ms={consent.givenAtMs} show="day" />{" "}
          {words.to(consent.policyVersion, consent.how)}
          {consent.withdrawnAtMs !== undefined && (
            <>
              {" "}
              {words.withdrawn} <Time ms={consent.withdrawnAtMs} />.
            </>
          )}
        </p>
      )}
      {pause && (
        <p>
          {words.pausedSince} <Time ms={pause.atMs} />.{" "}
          {pause.untilMs === undefined ? words.untilYou : (
            <>
              {words.until} <Time ms={pause.untilMs} />.
            </>
          )}
        </p>
      )}
    </section>
  );
}

function Sureness({ knowledge: { modalities, isUnreadable } }: Pick<HomeProps, "knowledge">) {
  return (
    <section class="panel">
      <h2>{WORDS.sure.title}</h2>
      {modalities
        ? [modalities.keyboard, modalities.pointer].map(({ modality, stage, missing }) => (
          <p key={modality} class="me-sure">{stageWords(modality, stage, missing)}</p>
        ))
        : <p>{isUnreadable ? WORDS.sure.unreadable : WORDS.sure.unknown}</p>}
      <p class="hint">{WORDS.sure.wrong}</p>
    </section>
  );
}

function Kept(
  { knowledge, tenant, recorded }: Pick<HomeProps, "knowledge" | "tenant" | "recorded">,
) {
  const words = WORDS.kept;
  const { modalities, sessions, alerts, factors } = knowledge;
  const { retention } = tenant;
  const versions = modalities &&
    modalities.keyboard.versions.length + modalities.pointer.versions.length;
  return (
    <section class="panel">
      <h2>{words.title}</h2>
      <dl class="me-kept">
        <dt>{words.typing}</dt>
        <dd>
          <Samples known={modalities?.keyboard} example={words.typingExample} />
        </dd>
        <dt>{words.moving}</dt>
        <dd>
          <Samples known={modalities?.pointer} example={words.movingExample} />
        </dd>
        <dt>{words.versions}</dt>
        <dd>{versions === undefined ? WORDS.sure.unknown : words.versionsText(versions)}</dd>
        <dt>{words.sessions}</dt>
        <dd>{words.sessionsText(sessions.length, retention.sessions)}</dd>
        <dt>{words.alerts}</dt>
        <dd>{words.alertsText(alerts.length, retention.alerts)}</dd>
        <dt>{words.factors}</dt>
        <dd>{words.factorsText(factors.length)}</dd>
        <dt>{words.open}</dt>
        <dd>{words.openText}</dd>
        <dt>{words.marks}</dt>
        <dd>{words.marksText}</dd>
        {recorded && (
          <>
            <dt>{words.recordings}</dt>
            <dd>{words.recordingsText}</dd>
          </>
        )}
        <dt>{words.log}</dt>
        <dd>{words.logText}</dd>
      </dl>
      <p class="hint">{words.idle(retention.idleProfiles)}</p>
    </section>
  );
}

function Samples({ known, example }: {
  readonly known: ModalityKnowledge | undefined;
  readonly example: string;
}) {
  if (!known) return <>{WORDS.sure.unknown}</>;
  if (known.sinceMs === undefined) return <>{WORDS.kept.nothing}</>;
  return (
    <>
      {WORDS.kept.samples(known.kept)}, {example}; {WORDS.kept.oldest}{" "}
      <Time ms={known.sinceMs} show="day" />
    </>
  );
}

const SESSIONS_SHOWN = 14;

function Sessions({ knowledge: { sessions, alerts } }: Pick<HomeProps, "knowledge">) {
  const older = sessions.length - SESSIONS_SHOWN;
  return (
    <>
      <ol class="me-sessions">
        {sessions.slice(0, SESSIONS_SHOWN).map((session) => (
          <li key={session.session}>
            <span class="me-when">
              <Time ms={session.startedAtMs} />
            </span>{" "}
            {sessionWords(session, alerts.find((alert) => alert.session === session.session))}
          </li>
        ))}
      </ol>
      {older > 0 && <p class="more">{WORDS.sessions.more(older)}</p>}
    </>
  );
}

function Acts(
  { consent, nowMs, problem }:
    & Pick<SubjectKnowledge, "consent">
    & Pick<HomeProps, "nowMs" | "problem">,
) {
  const { pause, withdraw, take, erase } = WORDS;
  const isOn = isStanding(consent);
  return (
    <div class="me-acts">
      {isOn && (
        <section class="panel">
          <h2>{pause.title}</h2>
          {standingPause(consent, nowMs)
            ? (
              <>
                <p>{pause.resumeText}</p>
                <form method="post" action="/me/resume">
                  <button type="submit" class="button button-main">{pause.resume}</button>
                </form>
              </>
            )
            : (
              <>
                <p>{pause.text}</p>
                <form method="post" action="/me/pause" class="row">
                  <p class="field field-short">
                    <label for="pause-for">{pause.label}</label>
                    <select id="pause-for" name="for">
                      {Object.entries(PAUSES).map(([value, [words]]) => (
                        <option key={value} value={value}>{words}</option>
                      ))}
                    </select>
                  </p>
                  <button type="submit" class="button button-main">{pause.button}</button>
                </form>
              </>
            )}
        </section>
      )}
      <section class="panel">
        <h2>{take.title}</h2>
        <p>{take.text}</p>
        <form method="post" action="/me/export">
          <button type="submit" class="button">{take.button}</button>
        </form>
      </section>
      {isOn && (
        <section class="panel">
          <h2>{withdraw.title}</h2>
          <p>{withdraw.text}</p>
          <details class="sure">
            <summary class="button button-danger">{withdraw.button}</summary>
            <form method="post" action="/me/withdraw">
              <button type="submit" class="button button-danger">{withdraw.sure}</button>
            </form>
          </details>
        </section>
      )}
      <section class="panel">
        <h2>{erase.title}</h2>
        <p>{erase.text}</p>
        <details class="sure" open={problem === erase.wrongWord}>
          <summary class="button button-danger">{erase.button}</summary>
          <form method="post" action="/me/erase" class="stacked">
            <Field name="word" label={erase.label} id="erase-word" maxLength={40} />
            <button type="submit" class="button button-danger">{erase.sure}</button>
          </form>
        </details>
      </section>
    </div>
  );
}
