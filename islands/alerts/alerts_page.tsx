/** `/alerts`: the queue, and the alert that is looked at beside it. */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Announcer } from "../dashboard/announcer.tsx";
import { ConnectionPill, OutdatedNotice } from "../dashboard/connection.tsx";
import { followFeed } from "../dashboard/feed.ts";
import { LEVEL_WORDS } from "../dashboard/words.ts";
import { Calls } from "./calls.tsx";
import { ActButtons, Detail } from "./detail.tsx";
import { ShortcutHelp } from "./help.tsx";
import {
  ACT_NAMES,
  type ActName,
  ACTS,
  type AlertsProps,
  queueHref,
  STATE_NAMES,
} from "./queue.ts";
import { Row } from "./row.tsx";
import { listenForShortcuts } from "./shortcuts.ts";
import { QueueState } from "./state.ts";

/** How long an act can be taken back by one press. */
const UNDO_MS = 12_000;
const LEVELS = ["critical", "high", "unknown", "elevated"] as const;

export function AlertsPage(props: AlertsProps) {
  const state = useMemo(() => new QueueState(props), []);
  const list = useRef<HTMLOListElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [isLive, setLive] = useState(false);
  const [helping, setHelping] = useState(false);
  const { filter, mayAct } = state;

  const select = (id: string | undefined) => {
    state.selected.value = id;
    history.replaceState(null, "", queueHref(filter, id));
  };
  const focus = (id: string | undefined) =>
    list.current?.querySelector<HTMLElement>(`[data-alert="${CSS.escape(id ?? "")}"]`)?.focus();
  const move = (by: 1 | -1) => {
    const ids = state.visible.value.map(({ id }) => id);
    const at = ids.indexOf(state.selected.value ?? "");
    const next = ids[Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + by))];
    if (next === undefined) return;
    select(next);
    focus(next);
  };
  /** Acts, and goes on to the alert after what has left the list. */
  const act = async (name: ActName, ids = state.targets) => {
    const before = state.visible.value.map(({ id }) => id);
    const hadFocus = list.current?.contains(document.activeElement) ?? false;
    await state.act(name, ids);
    const left = new Set(state.visible.value.map(({ id }) => id));
    const { selected } = state;
    if (selected.value === undefined || left.has(selected.value)) return;
    const next = before.slice(before.indexOf(selected.value)).find((id) => left.has(id)) ??
      state.visible.value.at(-1)?.id;
    if (ids.includes(selected.value) && next !== undefined) {
      select(next);
      if (hadFocus) focus(next);
    }
  };

  useEffect(() => {
    setLive(true);
    const unfollow = followFeed(state);
    const unlisten = listenForShortcuts({
      move,
      choose: () => {
        const id = state.selected.value;
        if (id !== undefined && mayAct) state.check(id, !state.checked.value.has(id));
      },
      act: (name) => void act(name),
      search: () => search.current?.focus(),
      help: () => setHelping(true),
    });
    return () => {
      unlisten();
      unfollow();
    };
  }, []);
  useEffect(() => {
    if (!state.undo.value) return;
    const timer = setTimeout(() => state.undo.value = undefined, UNDO_MS);
    return () => clearTimeout(timer);
  }, [state.undo.value]);

  const submit = (event: SubmitEvent) => {
    const name = (event.submitter as HTMLButtonElement | null)?.value;
    if (!ACT_NAMES.includes(name as ActName)) return;
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    void act(name as ActName, form.getAll("id").map(String));
  };
  const { visible: { value: alerts }, counts: { value: counts }, detail: { value: detail } } =
    state;
  const checked = state.checked.value;
  const allChecked = alerts.length > 0 && alerts.every(({ id }) => checked.has(id));
  const nowMs = state.nowMs.value;
  return (
    <div class="queue">
      <div class="queue-top">
        <h1>Alerts</h1>
        {isLive && <ConnectionPill connection={state.connection} />}
        {isLive && <OutdatedNotice connection={state.connection} />}
        {isLive && <Calls state={state} />}
        {isLive && (
          <button
            type="button"
            class="button button-small"
            onClick={() => setHelping(true)}
          >
            Keys
          </button>
        )}
      </div>
      <section class="panel queue-panel" aria-label="Queue">
        <nav class="tabs" aria-label="State of alerts">
          {(["open", "acknowledged", "resolved"] as const).map((name) => (
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
        {alerts.length === 0
          ? <Empty filter={filter} counts={counts} />
          : (
            <form method="post" action="/alerts" onSubmit={submit}>
              <input type="hidden" name="back" value={queueHref(filter)} />
              {mayAct && (
                <div class="queue-tools">
                  {isLive && (
                    <label class="queue-all">
                      <input
                        type="checkbox"
                        checked={allChecked}
                        onChange={(event) => state.checkAll(event.currentTarget.checked)}
                      />
                      {checked.size ? `${checked.size} chosen` : "All"}
                    </label>
                  )}
                  <ActButtons
                    names={ACT_NAMES.filter((name) =>
                      ACTS[name].verdict !== undefined || ACTS[name].state !== filter.state
                    )}
                    busy={state.busy.value || (isLive && checked.size === 0)}
                  />
                </div>
              )}
              <ol class="queue-list" ref={list}>
                {alerts.map((alert) => (
                  <Row
                    key={alert.id}
                    alert={alert}
                    href={queueHref(filter, alert.id)}
                    nowMs={nowMs}
                    isSelected={alert.id === state.selected.value}
                    isChecked={checked.has(alert.id)}
                    mayAct={mayAct}
                    onCheck={(isChecked) => state.check(alert.id, isChecked)}
                    {...isLive ? { onSelect: () => select(alert.id) } : {}}
                  />
                ))}
              </ol>
            </form>
          )}
        {props.isCut && (
          <p class="more">Only the newest {props.alerts.length} were looked through.</p>
        )}
      </section>
      <section
        class="panel queue-detail"
        {...detail ? { "aria-labelledby": "detail-heading" } : { "aria-label": "Alert" }}
        onSubmit={submit}
      >
        {detail
          ? (
            <Detail
              alert={detail}
              mayAct={mayAct}
              busy={state.busy.value}
              {...isLive ? { onNote: (note: string) => state.note(detail.id, note) } : {}}
            />
          )
          : (
            <p class="empty">
              {props.selected
                ? "There is no alert of this id. It may have been past its time."
                : "Choose an alert to see why it was raised."}
            </p>
          )}
      </section>
      <div class="queue-said" role="status">
        {state.problem.value && <p class="problem">{state.problem.value}</p>}
        {state.undo.value && (
          <p class="done">
            {state.undo.value.words}{" "}
            <button
              type="button"
              class="button button-small"
              onClick={() => void state.takeBack()}
            >
              Undo
            </button>
          </p>
        )}
      </div>
      <Announcer state={state} />
      {helping && <ShortcutHelp onClose={() => setHelping(false)} />}
    </div>
  );
}

function Empty({ filter, counts }: Pick<AlertsProps, "filter" | "counts">) {
  if (Object.values(counts).every((count) => count === 0)) {
    return (
      <p class="empty">
        No alerts. One is raised when a session's risk asks for a step-up, once an incident. You can
        see that happen on <a href="/try">Try it</a>.
      </p>
    );
  }
  const isNarrowed = filter.search !== "" || filter.level !== undefined;
  return (
    <p class="empty">
      {isNarrowed
        ? (
          <>
            Nothing here is like that.{" "}
            <a href={queueHref({ ...filter, search: "", level: undefined })}>Show all</a>
          </>
        )
        : filter.state === "open"
        ? "Nothing is open. Somebody has looked at every alert."
        : `Nothing is ${filter.state}.`}
    </p>
  );
}
