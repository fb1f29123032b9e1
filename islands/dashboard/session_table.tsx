/** All sessions, the riskiest first. */
import { useRef, useState } from "preact/hooks";
import type { SessionRow } from "../../routes/live/feed.ts";
import { WatchLink } from "./alerts.tsx";
import { LevelMark } from "./level_mark.tsx";
import { ACTION_WORDS, ageWords, riskWords, shortId } from "./words.ts";

export interface SessionTableProps {
  readonly rows: readonly SessionRow[];
  readonly count: number;
  readonly nowMs: number;
  readonly own: string | undefined;
  readonly watched: string | undefined;
  readonly onWatch: (session: string) => void;
}

export function SessionTable({ rows, count, nowMs, own, watched, onWatch }: SessionTableProps) {
  // A row must not slip away from under a pointer or a focus.
  const [held, setHeld] = useState(false);
  const order = useRef<readonly string[]>([]);
  const shown = held ? inOrder(rows, order.current) : rows;
  order.current = shown.map(({ session }) => session);
  if (rows.length === 0) {
    return <p class="empty">No sessions yet. The first one is this page: type or move above.</p>;
  }
  return (
    <>
      <table
        class="sessions"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocusIn={() => setHeld(true)}
        onFocusOut={() => setHeld(false)}
      >
        <caption class="visually-hidden">Sessions, the riskiest first</caption>
        <thead>
          <tr>
            <th scope="col">Level</th>
            <th scope="col" class="number">Risk</th>
            <th scope="col">Subject</th>
            <th scope="col" class="sessions-profile">Profile</th>
            <th scope="col" class="number">Heard</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={row.session} aria-current={row.session === watched ? "true" : undefined}>
              <td>
                {isJudged(row) ? <LevelMark level={row.level} /> : "Not yet"}
              </td>
              <td class="number">{row.confidence > 0 ? riskWords(row.risk, row.level) : "–"}</td>
              <td>
                <WatchLink session={row.session} onWatch={onWatch}>
                  {shortId(row.subject)}
                </WatchLink>
                {row.session === own && <span class="chip">this page</span>}
                {row.action !== "allow" && <span class="sub">{ACTION_WORDS[row.action]}</span>}
              </td>
              <td class="sessions-profile">{profileWords(row)}</td>
              <td class="number">{ageWords(nowMs - row.updatedAtMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="more">
        {count > rows.length
          ? `The ${rows.length} riskiest of ${count.toLocaleString("en")} sessions.`
          : `${count} ${count === 1 ? "session" : "sessions"}.`}
      </p>
    </>
  );
}

/** Before any evidence a session is at the lowest level, but nothing has been found to be so. */
function isJudged({ confidence, level }: SessionRow): boolean {
  return confidence > 0 || level !== "low";
}

/** Rows that were shown keep their place; newcomers follow. */
function inOrder(rows: readonly SessionRow[], order: readonly string[]): SessionRow[] {
  const place = new Map(order.map((session, i) => [session, i]));
  const placeOf = (row: SessionRow) => place.get(row.session) ?? Infinity;
  return rows.toSorted((a, b) => placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b));
}

function profileWords({ keyboard, pointer }: SessionRow): string {
  if (keyboard === pointer) return keyboard;
  if (keyboard === "ready") return "keyboard ready";
  return pointer === "ready" ? "pointer ready" : "learning";
}
