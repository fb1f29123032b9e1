/** Which alerts are shown: by state, level, subject or session, and in which order. */
import type { RefObject } from "preact";
import { LEVEL_WORDS } from "../dashboard/words.ts";
import { type QueueFilter, queueHref, STATE_NAMES, type StateCounts } from "./queue.ts";

const STATES = ["open", "acknowledged", "resolved"] as const;
const LEVELS = ["critical", "high", "unknown", "elevated"] as const;

export interface FilterProps {
  readonly filter: QueueFilter;
  readonly counts: StateCounts;
  /** The field that is searched in. */
  readonly search: RefObject<HTMLInputElement | null>;
}

/** Links and a form that lead to another view of the queue. */
export function Filter({ filter, counts, search }: FilterProps) {
  return (
    <>
      <nav class="tabs" aria-label="State of alerts">
        {STATES.map((name) => (
          <a
            key={name}
            href={queueHref({ ...filter, state: name })}
            aria-current={name === filter.state ? "page" : undefined}
          >
            {STATE_NAMES[name]} <span class="tabs-count">{counts[name]}</span>
          </a>
        ))}
      </nav>
      <search>
        <form method="get" action="/alerts" class="queue-filter">
          {filter.state !== "open" && <input type="hidden" name="state" value={filter.state} />}
          <label>
            <span>Subject or session</span>
            <input
              ref={search}
              type="search"
              name="q"
              value={filter.search}
              maxLength={128}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
            />
          </label>
          <label>
            <span>Level</span>
            <select name="level" value={filter.level ?? ""}>
              <option value="">Any</option>
              {LEVELS.map((level) => (
                <option key={level} value={level} selected={level === filter.level}>
                  {LEVEL_WORDS[level]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span>First</span>
            <select name="order" value={filter.order}>
              <option value="newest" selected={filter.order === "newest"}>The newest</option>
              <option value="riskiest" selected={filter.order === "riskiest"}>
                The riskiest
              </option>
            </select>
          </label>
          <button type="submit" class="button">Show</button>
        </form>
      </search>
    </>
  );
}
