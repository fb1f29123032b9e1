/** What settings would have done, in words and as a curve. */
import type { PolicyTrialView } from "../../routes/policy.ts";
import { Tradeoff } from "./tradeoff.tsx";

export interface OutcomeProps {
  readonly trial: PolicyTrialView | undefined;
  /** Risk at which high is entered now, and in the draft. */
  readonly present: number;
  readonly proposed: number;
  readonly isChanged: boolean;
}

const count = (value: number) => value.toLocaleString("en");

/** "1 session", "4,210 sessions". */
export function counted(value: number, one: string, more = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : more}`;
}

export function Outcome({ trial, present, proposed, isChanged }: OutcomeProps) {
  if (!trial) return <p class="empty">These settings cannot be tried.</p>;
  const { sessions, days } = trial;
  if (sessions === 0) {
    return (
      <p class="empty">
        No session of the last {days}{" "}
        days can be tried yet. Sessions from now on can be; of those from before this page was here,
        too little of how they went is kept.
      </p>
    );
  }
  return (
    <>
      <p class="policy-sum" role="status">{sentence(trial)}</p>
      {isChanged && <p class="policy-now">Now: {figures(trial.present)}.</p>}
      <Tradeoff trial={trial} present={present} proposed={proposed} isChanged={isChanged} />
      <ul class="policy-notes">{notes(trial).map((note) => <li key={note}>{note}</li>)}</ul>
    </>
  );
}

/**
 * The same in figures, for narrow screens, where the sentence is out of sight while a slider is
 * moved. It is for the eye: the sentence is what is announced.
 */
export function Brief({ trial }: { readonly trial: PolicyTrialView }) {
  const { genuine, impostor } = trial.proposed;
  if (trial.sessions === 0) return null;
  return (
    <p class="policy-brief" aria-hidden="true">
      <span>
        <strong>{count(genuine.steppedUp)}</strong> of {count(genuine.sessions)} genuine asked
      </span>
      {impostor.sessions > 0 && (
        <span>
          <strong>{count(impostor.steppedUp)}</strong> of {count(impostor.sessions)} caught
        </span>
      )}
    </p>
  );
}

function sentence({ proposed: { genuine, impostor } }: PolicyTrialView): string {
  const blocked = genuine.blocked ? ` (${count(genuine.blocked)} of them blocked)` : "";
  const asked = `These settings would have stepped up ${
    counted(genuine.steppedUp, "genuine session")
  }${blocked} in ${count(genuine.sessions)}`;
  return impostor.sessions
    ? `${asked} and caught ${count(impostor.steppedUp)} of ${count(impostor.sessions)} confirmed.`
    : `${asked}. No impostor is confirmed yet, so what they would have caught is not known.`;
}

function figures({ genuine, impostor }: PolicyTrialView["present"]): string {
  const asked = `${count(genuine.steppedUp)} in ${count(genuine.sessions)}`;
  return impostor.sessions
    ? `${asked}, and ${count(impostor.steppedUp)} of ${count(impostor.sessions)}`
    : asked;
}

function notes(trial: PolicyTrialView): string[] {
  const { sessions, days, isCut, confirmedGenuine, unsure, apart, isEstimate } = trial;
  return [
    `${counted(sessions, "session")} of the last ${counted(days, "day")} ${
      sessions === 1 ? "was" : "were"
    } decided about again.${
      isCut ? " There were more: these are the newest that fit into a quick answer." : ""
    }`,
    `A session counts as genuine unless a verdict on one of its alerts says impostor. ${
      confirmedGenuine === 0
        ? "None of them was confirmed genuine"
        : `${counted(confirmedGenuine, "was", "were")} confirmed genuine`
    }; the others are presumed so.`,
    ...unsure ? [`Left out for a verdict that is unsure: ${count(unsure)}.`] : [],
    ...apart
      ? [`Left out with a verdict, because too little of how they went is kept: ${count(apart)}.`]
      : [],
    "Of long sessions the strangest moments are kept. Step-ups carried on from another session are not counted.",
    isEstimate
      ? "Another half-life is an estimate: what would have been remembered is worked out from what was."
      : "Another prior is worked out exactly; another half-life would be an estimate.",
  ];
}
