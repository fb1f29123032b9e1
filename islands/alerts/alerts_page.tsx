/** `/alerts`: the queue, and the alert that is looked at beside it. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Announcer } from "../dashboard/announcer.tsx";
import { ConnectionPill, OutdatedNotice } from "../dashboard/connection.tsx";
import { followFeed } from "../dashboard/feed.ts";
import { Calls } from "./calls.tsx";
import { ActButtons, Detail } from "./detail.tsx";
import { Cut, Empty } from "./empty.tsx";
import { Filter } from "./filter.tsx";
import { ShortcutHelp } from "./help.tsx";
import { ACT_NAMES, type ActName, ACTS, type AlertsProps, queueHref } from "./queue.ts";
import { Row } from "./row.tsx";
import { listenForShortcuts } from "./shortcuts.ts";
import { QueueState } from "./state.ts";

/** How long an act can be taken back by one press. */
const UNDO_MS = 12_000;

export function AlertsPage(props: AlertsProps) {
  const state = useMemo(() => new QueueState(props), []);
  const list = useRef<HTMLOListElement>(null);
  const panel = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const [isLive, setLive] = useState(false);
  const [helping, setHelping] = useState(false);
  /** Somebody is on their way to the undo button: it waits for them. */
  const [reaching, setReaching] = useState(false);
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
  /** Selects what was pressed, and goes there: it may be above the list, or not be heard otherwise. */
  const open = (id: string) => {
    select(id);
    document.getElementById("detail-heading")?.focus();
  };
  /** Acts, and goes on to the alert after what has left the list. */
  const act = async (name: ActName, ids = state.targets) => {
    const before = state.visible.value.map(({ id }) => id);
    const hadFocus = list.current?.contains(document.activeElement) ?? false;
    await state.act(name, ids);
    goOn(before, ids, hadFocus);
    keepFocus();
  };
  const goOn = (before: readonly string[], ids: readonly string[], hadFocus: boolean) => {
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
  const takeBack = async () => {
    setReaching(false);
    const [first] = await state.takeBack();
    if (first !== undefined) {
      select(first);
      focus(first);
    }
    keepFocus();
  };
  /** Where what had the focus has gone, keys would start at the top of the page again. */
  const keepFocus = () => {
    if (document.activeElement !== document.body) return;
    const [next] = state.visible.value;
    if (next) focus(next.id);
    else panel.current?.focus();
  };

  // Before the page counts as alive: a key that is pressed then must be heard.
  useLayoutEffect(() => {
    setLive(true);
    const unfollow = followFeed(state);
    const unlisten = listenForShortcuts({
      move,
      choose: () => {
        const id = state.selected.value;
        if (id !== undefined && mayAct) state.check(id, !state.checked.value.has(id));
      },
      act: (name) => void act(name),
      undo: () => void takeBack(),
      search: () => search.current?.focus(),
      help: () => setHelping(true),
    });
    return () => {
      unlisten();
      unfollow();
    };
  }, []);
  useEffect(() => {
    if (!state.undo.value || reaching) return;
    const timer = setTimeout(() => state.undo.value = undefined, UNDO_MS);
    return () => clearTimeout(timer);
  }, [state.undo.value, reaching]);

  const submit = (event: SubmitEvent) => {
    const name = (event.submitter as HTMLButtonElement | null)?.value;
    if (!ACT_NAMES.includes(name as ActName)) return;
    event.preventDefault();
    // The form is what was submitted; who listens may be the section around it.
    const form = new FormData(event.target as HTMLFormElement);
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
      <section class="panel queue-panel" aria-label="Queue" tabindex={-1} ref={panel}>
        <Filter filter={filter} counts={counts} search={search} />
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
                    {...isLive ? { onSelect: () => open(alert.id) } : {}}
                  />
                ))}
              </ol>
            </form>
          )}
        <Cut {...props} />
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
              people={props.people}
              mayAct={mayAct}
              busy={state.busy.value}
              {...isLive ? { onNote: (note: string) => state.note(detail.id, note) } : {}}
            />
          )
          : props.selected
          ? (
            <p class="empty" role="status">
              There is no alert of this id. It may be past its time, or its subject was deleted.
            </p>
          )
          : <p class="empty queue-choose">Choose an alert to see why it was raised.</p>}
      </section>
      <div class="queue-said" role="status">
        {state.problem.value && <p class="problem">{state.problem.value}</p>}
        {state.undo.value && (
          <p
            class="done"
            onPointerEnter={() => setReaching(true)}
            onPointerLeave={() => setReaching(false)}
            onFocusIn={() => setReaching(true)}
            onFocusOut={() => setReaching(false)}
          >
            {state.undo.value.words}{" "}
            <button
              type="button"
              class="button button-small"
              onClick={() => void takeBack()}
            >
              Undo
            </button>
          </p>
        )}
      </div>
      <Announcer state={state} />
      {helping && <ShortcutHelp mayAct={mayAct} onClose={() => setHelping(false)} />}
    </div>
  );
}
