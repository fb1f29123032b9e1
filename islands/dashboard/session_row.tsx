/** One session in the list of all. */
import { useMemo } from "preact/hooks";
import type { SessionRow } from "../../routes/live/feed.ts";
import { sessionHref } from "./alerts.tsx";
import { LevelMark } from "./level_mark.tsx";
import type { LevelBand } from "./live_state.ts";
import { isJudged } from "./ranking.ts";
import { Sparkline } from "./sparkline.tsx";
import {
  ACTION_WORDS,
  ageWords,
  DEVICE_WORDS,
  missingWords,
  MODALITY_WORDS,
  riskWords,
  shortId,
} from "./words.ts";

/** The columns, in the order of a row's cells. */
export const COLUMNS = [
  "Level",
  "Risk",
  "Lately",
  "Subject",
  "Profile",
  "Device",
] as const;

export interface SessionCellsProps {
  readonly row: SessionRow;
  readonly nowMs: number;
  readonly bands: readonly LevelBand[];
}

/** Drawn anew when something of them changed, and not because the list is scrolled. */
export function SessionCells({ row, nowMs, bands }: SessionCellsProps) {
  const age = ageWords(nowMs - row.updatedAtMs);
  return useMemo(() => <Cells row={row} age={age} bands={bands} />, [row, age, bands]);
}

function Cells({ row, age, bands }: Omit<SessionCellsProps, "nowMs"> & { readonly age: string }) {
  return (
    <>
      <div role="cell" class="session-level">
        {isJudged(row) ? <LevelMark level={row.level} /> : "Not yet"}
        {row.confidence > 0 && <span class="sub">{Math.round(100 * row.confidence)} % sure</span>}
      </div>
      <div role="cell" class="session-risk">
        {row.confidence > 0 ? riskWords(row.risk, row.level) : "–"}
      </div>
      <div role="cell" class={`session-spark level-${row.level}`}>
        <Sparkline risks={row.recent} bands={bands} />
      </div>
      <div role="cell" class="session-subject">
        <a href={sessionHref(row.session)} data-session={row.session} title={row.subject}>
          {shortSubject(row.subject)}
        </a>
        <span class="sub">
          {row.action === "allow" ? shortId(row.session) : capital(ACTION_WORDS[row.action])}
        </span>
      </div>
      <div role="cell" class="session-profile">
        <span class="sub">{profileWords(row, "keyboard")}</span>
        <span class="sub">{profileWords(row, "pointer")}</span>
      </div>
      <div role="cell" class="session-device">
        {DEVICE_WORDS[row.device ?? "unknown"]}
        <span class="sub">{age}</span>
      </div>
    </>
  );
}

/** "Keyboard ready", "Pointer: 38 more seconds of movement". */
function profileWords(row: SessionRow, modality: "keyboard" | "pointer"): string {
  const missing = row.missing[modality];
  const name = MODALITY_WORDS[modality];
  return missing ? `${name}: ${missingWords(missing)}` : `${name} ${row[modality]}`;
}

/** Long enough for most ids that sites make; the rest is in the title. */
function shortSubject(subject: string): string {
  return subject.length > 28 ? `${subject.slice(0, 14)}…${subject.slice(-10)}` : subject;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
