/** Sessions, the most urgent first: any number of them, of which the rows in sight are drawn. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { SessionRow } from "../../routes/live/feed.ts";
import { inHeldOrder, movedCount } from "./held_order.ts";
import type { LevelBand } from "./live_state.ts";
import { COLUMNS, SessionCells } from "./session_row.tsx";
import { useRowsInSight } from "./virtual_rows.ts";

export interface SessionListProps {
  readonly rows: readonly SessionRow[];
  /** By id, whether or not they are among the rows. */
  readonly known: ReadonlyMap<string, SessionRow>;
  readonly nowMs: number;
  readonly bands: readonly LevelBand[];
}

const PAGE_ROWS = 10;
const TOUCH_HOLD_MS = 3000;

export function SessionList({ rows, known, nowMs, bands }: SessionListProps) {
  const list = useRef<HTMLDivElement>(null);
  const order = useRef<readonly string[]>([]);
  const drawing = useRef(false);
  const released = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  /** Whose row has the focus, and whose shall have it. */
  const [focused, setFocused] = useState<string | undefined>(undefined);
  const [isPointedAt, setPointedAt] = useState(false);
  const isHeld = isPointedAt || focused !== undefined;
  const shown = isHeld ? inHeldOrder(rows, order.current, known) : rows;
  order.current = shown.map(({ session }) => session);
  const sight = useRowsInSight(list, shown.length);
  const focusedAt = focused === undefined ? -1 : order.current.indexOf(focused);

  // A row that is drawn elsewhere loses the focus on the way; it gets it back before anybody sees.
  drawing.current = true;
  useLayoutEffect(() => {
    drawing.current = false;
    if (focused === undefined) return;
    if (focusedAt < 0) return setFocused(undefined);
    const link = linkOf(list.current, focused);
    if (link && document.activeElement !== link) link.focus({ preventScroll: true });
  });
  useEffect(() => () => clearTimeout(released.current), []);
  useEffect(() => {
    if (focused !== undefined) linkOf(list.current, focused)?.scrollIntoView({ block: "nearest" });
  }, [focused]);

  const take = (session: string | undefined) => {
    if (!drawing.current) setFocused(session);
  };
  // A finger is not seen before it comes down: the list stands still a while after it.
  const point = (pointerType: string, isThere: boolean) => {
    clearTimeout(released.current);
    if (pointerType !== "touch" || isThere) setPointedAt(isThere);
    else released.current = setTimeout(() => setPointedAt(false), TOUCH_HOLD_MS);
  };
  const move = (event: KeyboardEvent) => {
    const at = targetOf(event.key, focusedAt, shown.length);
    if (at === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setFocused(shown[at]!.session);
  };
  const indices = indicesOf(sight, shown.length, focusedAt);
  const height = sight && { height: `${shown.length * sight.rowPx}px` };
  return (
    <>
      <div
        class="session-list"
        role="table"
        aria-label="Sessions, the most urgent first"
        aria-rowcount={shown.length + 1}
        aria-describedby="session-list-keys"
      >
        <div role="rowgroup">
          <div class="session-row session-columns" role="row" aria-rowindex={1}>
            {COLUMNS.map((name) => (
              <div key={name} role="columnheader" class={`session-${CLASSES[name]}`}>{name}</div>
            ))}
          </div>
        </div>
        <div
          ref={list}
          role="rowgroup"
          class={`session-rows ${sight ? "session-rows-virtual" : ""}`}
          {...height ? { style: height } : {}}
          onPointerEnter={({ pointerType }) => point(pointerType, true)}
          onPointerLeave={({ pointerType }) => point(pointerType, false)}
          onFocusIn={({ target }) => take((target as HTMLElement).dataset.session)}
          onFocusOut={() => take(undefined)}
          onKeyDown={move}
        >
          {indices.map((i) => {
            const row = shown[i]!;
            return (
              <div
                key={row.session}
                role="row"
                class="session-row"
                aria-rowindex={i + 2}
                {...sight ? { style: { top: `${i * sight.rowPx}px` } } : {}}
              >
                <SessionCells row={row} nowMs={nowMs} bands={bands} />
              </div>
            );
          })}
        </div>
      </div>
      <p class="more session-keys" id="session-list-keys">
        {isHeld && sight && <HeldWords moved={movedCount(shown, rows, sight.to)} />}
        {!isHeld && "↑ and ↓ go from session to session."}
      </p>
    </>
  );
}

function HeldWords({ moved }: { moved: number }) {
  return (
    <>
      The order stands still while you are in the list
      {moved > 0 ? "; it has changed meanwhile." : "."}
    </>
  );
}

const CLASSES: Readonly<Record<typeof COLUMNS[number], string>> = {
  Level: "level",
  Risk: "risk",
  Lately: "spark",
  Subject: "subject",
  Profile: "profile",
  Device: "device",
};

/** Those in sight, and the one that has the focus wherever it is; all of them until it is measured. */
function indicesOf(
  sight: { readonly from: number; readonly to: number } | undefined,
  count: number,
  focusedAt: number,
): number[] {
  if (!sight) return Array.from({ length: count }, (_, i) => i);
  const to = Math.min(sight.to, count);
  const from = Math.min(sight.from, to);
  const indices = Array.from({ length: to - from }, (_, i) => from + i);
  // Its neighbours too, so that Tab goes on from there.
  for (const at of [focusedAt - 1, focusedAt, focusedAt + 1]) {
    if (focusedAt >= 0 && at >= 0 && at < count && (at < from || at >= to)) indices.push(at);
  }
  return indices.sort((a, b) => a - b);
}

function targetOf(key: string, at: number, count: number): number | undefined {
  if (at < 0) return undefined;
  switch (key) {
    case "ArrowDown":
      return Math.min(count - 1, at + 1);
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "PageDown":
      return Math.min(count - 1, at + PAGE_ROWS);
    case "PageUp":
      return Math.max(0, at - PAGE_ROWS);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function linkOf(list: HTMLElement | null, session: string): HTMLElement | null {
  return list?.querySelector<HTMLElement>(`[data-session="${CSS.escape(session)}"]`) ?? null;
}
