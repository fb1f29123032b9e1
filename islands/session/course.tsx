/** How a session went: its risk with all that was asked, and under it what each source said. */
import type { AlertView, SessionDetail } from "../../routes/live/feed.ts";
import type { LevelBand } from "../dashboard/live_state.ts";
import { Timeline, TURN_SIGNS } from "../dashboard/timeline.tsx";
import { MODALITY_WORDS } from "../dashboard/words.ts";
import { EvidenceLine } from "./evidence_line.tsx";
import { TURN_WORDS } from "./step_ups.tsx";

export interface CourseProps {
  readonly detail: SessionDetail;
  readonly bands: readonly LevelBand[];
  readonly alerts: readonly AlertView[];
}

const SYNC = "session";

export function Course({ detail, bands, alerts }: CourseProps) {
  const { turns = [], sources = {}, history } = detail;
  const kinds = [...new Set(turns.map(({ kind }) => kind))];
  return (
    <>
      <Timeline detail={detail} bands={bands} alerts={alerts} turns={turns} syncKey={SYNC} />
      {(kinds.length > 0 || alerts.length > 0) && (
        <ul class="course-legend">
          {alerts.length > 0 && (
            <li>
              <span class="course-sign course-alert" aria-hidden="true">▼</span> Alert
            </li>
          )}
          {kinds.map((kind) => (
            <li key={kind}>
              <span class={`course-sign turn-${kind}`} aria-hidden="true">{TURN_SIGNS[kind]}</span>
              {" "}
              {TURN_WORDS[kind]}
            </li>
          ))}
        </ul>
      )}
      <div class="course-sources">
        {(["keyboard", "pointer"] as const).map((modality) => (
          <div key={modality}>
            <h3>{MODALITY_WORDS[modality]}</h3>
            <EvidenceLine
              points={sources[modality] ?? []}
              span={spanOf(history)}
              name={MODALITY_WORDS[modality]}
              syncKey={SYNC}
            />
          </div>
        ))}
      </div>
      <p class="course-words">
        Above the middle a source speaks for someone else, below it for the person themselves.
      </p>
    </>
  );
}

/** From the first point of the risk to its last, ms. */
function spanOf(history: SessionDetail["history"]): readonly [number, number] {
  return [history[0]?.[0] ?? 0, history.at(-1)?.[0] ?? 0];
}
