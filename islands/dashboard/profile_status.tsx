/** What a subject's profile still needs, by modality, in the words of the person who gives it. */
import type { ModalityView, SessionDetail } from "../../routes/live/feed.ts";
import type { EnrolmentGoal } from "./live_state.ts";
import { missingWords, MODALITY_WORDS } from "./words.ts";

export interface ProfileStatusProps {
  readonly detail: SessionDetail | undefined;
  readonly goals: readonly EnrolmentGoal[];
}

export function ProfileStatus({ detail, goals }: ProfileStatusProps) {
  return (
    <ul class="profile">
      {goals.map((goal) => (
        <li key={goal.modality}>
          <ModalityStatus goal={goal} view={detail?.[goal.modality]} />
        </li>
      ))}
    </ul>
  );
}

function ModalityStatus({ goal, view }: { goal: EnrolmentGoal; view: ModalityView | undefined }) {
  const missing = view?.missing ?? { amount: goal.amount, unit: goal.unit };
  const ready = view?.stage === "ready";
  const name = MODALITY_WORDS[goal.modality];
  return (
    <>
      <span class="profile-name">{name}</span>
      <progress
        aria-label={`${name} profile`}
        max={goal.amount}
        value={ready ? goal.amount : Math.max(0, goal.amount - missing.amount)}
      />
      <span class="profile-words">
        {ready ? `ready, ${view.learned} windows learned` : missingWords(missing)}
      </span>
    </>
  );
}
