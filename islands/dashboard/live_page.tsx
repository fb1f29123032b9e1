/** The live page: the sessions of now, the most urgent first, beside the newest alerts. */
import { useEffect, useMemo } from "preact/hooks";
import { Alerts } from "./alerts.tsx";
import { Announcer } from "./announcer.tsx";
import { ConnectionPill, OutdatedNotice } from "./connection.tsx";
import { followFeed } from "./feed.ts";
import { FirstSession } from "./first_session.tsx";
import { type LiveProps, LiveState } from "./live_state.ts";
import { isJudged, LEVELS, NO_FILTER, queryOf, type SessionFilter } from "./ranking.ts";
import { SessionFilterForm } from "./session_filter.tsx";
import { SessionList } from "./session_list.tsx";
import { LEVEL_WORDS } from "./words.ts";

export function LivePage(props: LiveProps) {
  const state = useMemo(() => new LiveState(props), []);
  useEffect(() => followFeed(state), []);

  const narrow = (filter: SessionFilter) => {
    state.filter.value = filter;
    // The address can be kept and sent; going back leaves the page, not a letter of the search.
    history.replaceState(null, "", `/${queryOf(filter)}`);
  };
  const rows = state.ranked.value;
  const alerts = state.alerts.value.filter(({ handling }) => handling?.state !== "resolved");
  const isHeard = state.connection.value !== "connecting";
  // Until the feed has brought them all, what the server counted.
  const within = isHeard ? rows.length : props.withinCount ?? rows.length;
  const count = state.sessionCount.value;
  return (
    <div class="live">
      <header class="live-head">
        <h1>Sessions now</h1>
        <div class="live-status">
          <ConnectionPill connection={state.connection} />
          <OutdatedNotice connection={state.connection} />
        </div>
      </header>
      {count === 0 ? <FirstSession /> : (
        <section class="panel live-sessions" aria-label="Sessions">
          <SessionFilterForm filter={state.filter.value} onChange={narrow} />
          {within === 0
            ? <NoneWithin filter={state.filter.value} count={count} onChange={narrow} />
            : (
              <>
                {isHeard && <Summary state={state} within={within} count={count} />}
                <SessionList
                  rows={rows}
                  known={state.sessions.value}
                  nowMs={state.nowMs.value}
                  bands={state.bands}
                />
                {within > rows.length && (
                  <p class="more">
                    The {rows.length} most urgent of {numberWords(within)} sessions.
                  </p>
                )}
              </>
            )}
        </section>
      )}
      <section class="panel live-alerts" aria-labelledby="alerts-heading">
        <h2 id="alerts-heading">Open alerts</h2>
        <Alerts alerts={alerts} nowMs={state.nowMs.value} />
        <Announcer state={state} />
      </section>
    </div>
  );
}

/** How many of each level are active, and how many the filter leaves out. */
function Summary({ state, within, count }: { state: LiveState; within: number; count: number }) {
  const active = state.active.value;
  const judged = active.filter(isJudged);
  const levels = LEVELS.map((level) => ({
    level,
    of: judged.filter((row) => row.level === level).length,
  })).filter(({ of }) => of > 0);
  const rest = count - within;
  return (
    <p class="live-summary">
      <strong>{numberWords(active.length)} active</strong>
      {levels.map(({ level, of }) => (
        <span key={level} class={`level-${level}`}>
          {numberWords(of)} {LEVEL_WORDS[level].toLowerCase()}
        </span>
      ))}
      {judged.length < active.length && (
        <span>{numberWords(active.length - judged.length)} not judged yet</span>
      )}
      {rest > 0 && <span>{numberWords(rest)} of the last day not shown</span>}
    </p>
  );
}

interface NoneWithinProps {
  readonly filter: SessionFilter;
  readonly count: number;
  readonly onChange: (filter: SessionFilter) => void;
}

function NoneWithin({ filter, count, onChange }: NoneWithinProps) {
  const isNarrowed = queryOf({ ...filter, ended: false }) !== "";
  const wider = isNarrowed ? NO_FILTER : { ...filter, ended: true };
  return (
    <div class="live-none">
      <p>
        {isNarrowed ? "No session is like that right now." : "Nobody is active right now."}
      </p>
      <p>
        <a
          class="button"
          href={`/${queryOf(wider)}`}
          onClick={(event) => {
            event.preventDefault();
            onChange(wider);
          }}
        >
          {isNarrowed ? "Clear the filter" : `Show ${numberWords(count)} of the last day`}
        </a>
      </p>
    </div>
  );
}

function numberWords(count: number): string {
  return count.toLocaleString("en");
}
