/** One alert in the queue. */
import type { QueuedAlertView } from "../../routes/live/queued_alert.ts";
import { LevelMark } from "../dashboard/level_mark.tsx";
import { ACTION_WORDS, ageWords, riskWords, SHADOW_WORDS, shortId } from "../dashboard/words.ts";
import { VERDICT_WORDS } from "./queue.ts";

/** Reasons told in the list; the alert's own view has all. */
const REASONS_SHOWN = 2;

export interface RowProps {
  readonly alert: QueuedAlertView;
  readonly href: string;
  readonly nowMs: number;
  readonly isSelected: boolean;
  readonly isChecked: boolean;
  readonly mayAct: boolean;
  readonly onCheck?: (isChecked: boolean) => void;
  readonly onSelect?: () => void;
}

export function Row(props: RowProps) {
  const { alert, href, nowMs, isSelected, isChecked, mayAct, onCheck, onSelect } = props;
  const reasons = alert.reasons.filter(({ key }) => key !== "rest").slice(0, REASONS_SHOWN);
  const { verdict, note } = alert.handling ?? {};
  return (
    <li class={`queue-row level-${alert.level}`}>
      {mayAct && (
        <label class="queue-check">
          <input
            type="checkbox"
            name="id"
            value={alert.id}
            checked={isChecked}
            onChange={(event) => onCheck?.(event.currentTarget.checked)}
          />
          <span class="visually-hidden">Choose the alert of {alert.subject}</span>
        </label>
      )}
      <a
        class="queue-link"
        href={href}
        data-alert={alert.id}
        aria-current={isSelected ? "true" : undefined}
        onClick={(event) => {
          if (!onSelect || event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onSelect();
        }}
      >
        <span class="queue-head">
          <LevelMark level={alert.level} />
          <span class="queue-subject">{shortId(alert.subject)}</span>
          <span class="queue-risk">risk {riskWords(alert.risk, alert.level)}</span>
          {alert.shadow && <span class="chip">Shadow</span>}
          {verdict && <span class="chip">{VERDICT_WORDS[verdict]}</span>}
          {note && <span class="queue-noted">with a note</span>}
          <time class="queue-age" dateTime={new Date(alert.atMs).toISOString()}>
            {ageWords(nowMs - alert.atMs)}
          </time>
        </span>
        <span class="queue-words">
          {alert.shadow ? SHADOW_WORDS[alert.action] : ACTION_WORDS[alert.action]}
          {reasons.map(({ key, words }) => <span key={key}>{` · ${words}`}</span>)}
        </span>
      </a>
    </li>
  );
}
