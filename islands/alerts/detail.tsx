/** The alert that is looked at: why it was raised, what was made of it, and what can be. */
import { useState } from "preact/hooks";
import type { QueuedAlertView } from "../../routes/live/queued_alert.ts";
import { LevelMark } from "../dashboard/level_mark.tsx";
import { Time } from "../dashboard/time.tsx";
import {
  ACTION_WORDS,
  factorWords,
  LEVEL_WORDS,
  riskWords,
  SHADOW_WORDS,
  SOURCE_WORDS,
} from "../dashboard/words.ts";
import {
  ACT_NAMES,
  actorWords,
  ACTS,
  type AlertsProps,
  STATE_NAMES,
  stateOf,
  VERDICT_WORDS,
} from "./queue.ts";

export interface DetailProps {
  readonly alert: QueuedAlertView;
  readonly people: AlertsProps["people"];
  readonly mayAct: boolean;
  readonly busy: boolean;
  /** Resolves to whether it was saved; absent on the server, where a form does it. */
  readonly onNote?: (note: string) => Promise<boolean>;
}

export function Detail({ alert, people, mayAct, busy, onNote }: DetailProps) {
  const { level, from, risk, action, handling } = alert;
  const state = stateOf(alert);
  const words = alert.shadow ? SHADOW_WORDS : ACTION_WORDS;
  return (
    <>
      <header class="panel-head">
        <h2 id="detail-heading" tabindex={-1}>{alert.subject}</h2>
        <LevelMark level={level} />
      </header>
      <dl class="alert-facts">
        <dt>Raised</dt>
        <dd>
          <Time ms={alert.atMs} />, from {LEVEL_WORDS[from].toLowerCase()}
        </dd>
        <dt>Risk</dt>
        <dd>{riskWords(risk, level)} of 100, {words[action]}</dd>
        <dt>State</dt>
        <dd>
          {STATE_NAMES[state]}
          {handling?.verdict && `, ${VERDICT_WORDS[handling.verdict].toLowerCase()}`}
        </dd>
        {handling?.atMs !== undefined && (
          <>
            <dt>Handled</dt>
            <dd>
              <Time ms={handling.atMs} />
              {handling.by && `, by ${actorWords(handling.by, people)}`}
            </dd>
          </>
        )}
        <dt>Look at</dt>
        <dd>
          <a href={`/sessions/${encodeURIComponent(alert.session)}`}>the session</a>,{" "}
          <a href={`/subjects/${encodeURIComponent(alert.subject)}`}>the subject</a>
        </dd>
      </dl>
      <h3>Why</h3>
      {alert.reasons.length === 0
        ? <p class="empty">No reason was kept.</p>
        : (
          <ul class="detail-reasons">
            {alert.reasons.map(({ source, key, words, nats }) => (
              <li key={`${source} ${key}`}>
                <span>
                  <span class="reasons-source">{SOURCE_WORDS[source]}</span> {words}
                </span>
                <span class="number towards-other" title="What it does to the odds of someone else">
                  {factorWords(nats)}
                </span>
              </li>
            ))}
          </ul>
        )}
      {mayAct && (
        <form method="post" action="/alerts" class="detail-acts">
          <input type="hidden" name="id" value={alert.id} />
          <input type="hidden" name="back" value={`/alerts/${encodeURIComponent(alert.id)}`} />
          <p class="detail-question" id="verdict-question">Who was it?</p>
          <div class="detail-buttons" role="group" aria-labelledby="verdict-question">
            <ActButtons names={["impostor", "genuine", "unsure"]} busy={busy} />
          </div>
          <div class="detail-buttons">
            <ActButtons
              names={ACT_NAMES.filter((name) => !ACTS[name].verdict && ACTS[name].state !== state)}
              busy={busy}
            />
          </div>
        </form>
      )}
      {mayAct
        ? <NoteForm key={alert.id} alert={alert} {...onNote ? { onNote } : {}} />
        : handling?.note && <p class="detail-note">{handling.note}</p>}
    </>
  );
}

/** Never `disabled`: a button that is pressed and then disabled loses the focus. */
export function ActButtons(
  { names, busy }: { names: readonly (keyof typeof ACTS)[]; busy: boolean },
) {
  return (
    <>
      {names.map((name) => (
        <button
          key={name}
          type="submit"
          class="button button-small"
          name="act"
          value={name}
          aria-disabled={busy ? "true" : undefined}
        >
          {ACTS[name].label}
        </button>
      ))}
    </>
  );
}

function NoteForm({ alert, onNote }: Pick<DetailProps, "alert" | "onNote">) {
  const kept = alert.handling?.note ?? "";
  const [text, setText] = useState(kept);
  const [said, setSaid] = useState("");
  const save = async (event: Event) => {
    if (!onNote) return;
    event.preventDefault();
    setSaid(await onNote(text) ? "Saved." : "");
  };
  return (
    <form method="post" action="/alerts" class="detail-note" onSubmit={save}>
      <input type="hidden" name="id" value={alert.id} />
      <input type="hidden" name="back" value={`/alerts/${encodeURIComponent(alert.id)}`} />
      <label for="note">Note</label>
      <textarea
        id="note"
        name="note"
        rows={2}
        maxLength={500}
        value={text}
        aria-describedby="note-hint"
        onInput={(event) => (setText(event.currentTarget.value), setSaid(""))}
      />
      <p class="hint" id="note-hint">
        Kept with the alert, and part of what its subject can be given of theirs.
      </p>
      <p>
        <button type="submit" class="button button-small" name="act" value="note">Save note</button>
        {" "}
        <span role="status">{said}</span>
      </p>
    </form>
  );
}
