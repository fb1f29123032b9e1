/** `/policy`: the settings by which is decided, and what others would have done. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { PolicyTrialView } from "../../routes/policy.ts";
import { Time } from "../dashboard/time.tsx";
import { differences, draftHref, type PolicyDraft, problemOf } from "./draft.ts";
import { Fields } from "./fields.tsx";
import { Brief, Outcome } from "./outcome.tsx";
import { createTrials, type Trials } from "./trial.ts";

export interface PolicyProps {
  /** As it is saved. */
  readonly present: PolicyDraft;
  /** As the form begins. */
  readonly draft: PolicyDraft;
  /** Of what is saved: who saves says which one they saw. */
  readonly version: string;
  readonly trial: PolicyTrialView | undefined;
  readonly mayChange: boolean;
  readonly problem?: string | undefined;
  readonly isSaved: boolean;
  readonly history: readonly PolicyHistoryRow[];
}

/** A change of the policy. */
export interface PolicyHistoryRow {
  readonly atMs: number;
  readonly by: string;
  readonly before: PolicyDraft;
  readonly after: PolicyDraft;
}

export function PolicyPage(props: PolicyProps) {
  const { present, version, mayChange, isSaved, history } = props;
  const [draft, setDraft] = useState(props.draft);
  const [trial, setTrial] = useState(props.trial);
  const [isLive, setLive] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const trials = useRef<Trials>(undefined);
  useEffect(() => {
    setLive(true);
    trials.current = createTrials((_, told) => {
      setBusy(false);
      setFailed(!told);
      if (told) setTrial(told);
    });
    return () => trials.current?.end();
  }, []);
  const wrong = problemOf(draft);
  const change = (part: Partial<PolicyDraft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    if (problemOf(next)) return;
    setBusy(true);
    trials.current?.ask(next);
  };
  const changes = differences(present, draft);
  return (
    <div class="policy">
      <div class="policy-head">
        <h1>Policy</h1>
        {present.shadow && (
          <p class="policy-is-shadow">
            <strong>Shadow mode is on.</strong>{" "}
            Sessions are decided about and alerts raised, but nobody is asked or blocked.
          </p>
        )}
        {isSaved && (
          <p class="done" role="status">Saved. Sessions take it up when they next open.</p>
        )}
        {props.problem && <p class="problem" role="alert">{props.problem}</p>}
      </div>
      <section class="panel policy-outcome" aria-labelledby="policy-outcome-heading">
        <h2 id="policy-outcome-heading">What it would have done</h2>
        {wrong
          ? <p class="problem" role="alert">{wrong}</p>
          : failed
          ? (
            <p class="problem" role="alert">
              That could not be tried just now. Move a slider to try again.
            </p>
          )
          : (
            <div class={isBusy ? "policy-busy" : undefined} aria-busy={isBusy}>
              <Outcome
                trial={trial}
                present={present.highEnter}
                proposed={draft.highEnter}
                isChanged={changes.length > 0}
              />
            </div>
          )}
      </section>
      <section class="panel policy-settings" aria-labelledby="policy-settings-heading">
        <h2 id="policy-settings-heading">Settings</h2>
        {!mayChange && (
          <p class="notice">
            You can move these and see what they would have done. Owners save them.
          </p>
        )}
        <form method="post" action="/policy">
          <input type="hidden" name="form" value="1" />
          <input type="hidden" name="version" value={version} />
          {trial && !wrong && !failed && <Brief trial={trial} />}
          <Fields draft={draft} isLive={isLive} onChange={change} />
          {changes.length > 0 && (
            <div class="policy-changes">
              <h3>Not saved yet</h3>
              <ul>{changes.map((each) => <li key={each}>{each}</li>)}</ul>
            </div>
          )}
          <p class="policy-acts">
            {!isLive && (
              <button type="submit" class="button" name="act" value="try">
                Dry run
              </button>
            )}
            {mayChange && (
              <button
                type="submit"
                class="button button-main"
                name="act"
                value="save"
                disabled={isLive && (changes.length === 0 || wrong !== undefined)}
              >
                Save
              </button>
            )}
            {changes.length > 0 && <a class="button" href="/policy">Discard</a>}
          </p>
        </form>
      </section>
      <section class="panel policy-history" aria-labelledby="policy-history-heading">
        <h2 id="policy-history-heading">History</h2>
        {history.length === 0 ? <p class="empty">Nobody has changed the policy yet.</p> : (
          <ol>
            {history.map(({ atMs, by, before, after }) => (
              <li key={atMs}>
                <p>
                  <Time ms={atMs} /> by {by}
                </p>
                <ul class="policy-notes">
                  {differences(before, after).map((each) => <li key={each}>{each}</li>)}
                </ul>
                <a href={draftHref(before)}>Try what it was before</a>
              </li>
            ))}
          </ol>
        )}
      </section>
    </div>
  );
}
