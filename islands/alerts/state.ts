/** What an open queue knows, and what it asks of the server. */
import { batch, computed, type Signal, signal } from "@preact/signals";
import type { FeedMessage } from "../../routes/live/feed.ts";
import type { HandlingView, QueuedAlertView } from "../../routes/live/queued_alert.ts";
import type { Connection } from "../dashboard/live_state.ts";
import {
  type ActName,
  ACTS,
  type AlertsProps,
  filterQueue,
  type QueueFilter,
  type StateCounts,
  stateOf,
} from "./queue.ts";

/** What one `handle` may name. */
const AT_ONCE = 100;

/** The state that alerts were in before an act, to go back to. */
interface Undo {
  readonly words: string;
  readonly before: ReadonlyMap<string, HandlingView | undefined>;
  /** When the act was done to each, ms: who acted after it is not undone. */
  readonly doneMs: ReadonlyMap<string, number | undefined>;
}

/** What went wrong, in words, by the status of the answer. */
const REFUSED: Readonly<Record<number, string>> = {
  401: "That could not be saved: you were signed out. Open the page again to sign in.",
  403: "That could not be saved: your role does not allow it any more.",
};
const FAILED = "That could not be saved. Nothing was changed; try again.";
const FAILED_PARTLY = "Not all could be saved. What is still here was not changed; try again.";

export class QueueState {
  readonly filter: QueueFilter;
  readonly mayAct: boolean;
  readonly only = "alerts";
  readonly connection: Signal<Connection> = signal("connecting");
  readonly nowMs: Signal<number>;
  /** By id; of every state. */
  readonly alerts: Signal<ReadonlyMap<string, QueuedAlertView>>;
  /** Of those that are not here too. */
  readonly counts: Signal<StateCounts>;
  readonly selected: Signal<string | undefined>;
  readonly checked: Signal<ReadonlySet<string>> = signal(new Set());
  readonly undo: Signal<Undo | undefined> = signal(undefined);
  readonly problem: Signal<string> = signal("");
  readonly busy: Signal<boolean> = signal(false);
  /** Raised or made worse while this page was open. */
  readonly news: Signal<readonly QueuedAlertView[]> = signal([]);
  readonly #openedMs: number;

  constructor(props: AlertsProps) {
    this.#openedMs = props.nowMs;
    this.filter = props.filter;
    this.mayAct = props.mayAct;
    this.nowMs = signal(props.nowMs);
    this.alerts = signal(new Map(props.alerts.map((alert) => [alert.id, alert])));
    this.counts = signal(props.counts);
    this.selected = signal(props.selected);
  }

  readonly visible = computed(() => filterQueue([...this.alerts.value.values()], this.filter));
  readonly detail = computed(() => this.alerts.value.get(this.selected.value ?? ""));

  apply(message: FeedMessage): void {
    batch(() => {
      this.nowMs.value = message.nowMs;
      if (!message.alerts.length) return;
      const alerts = new Map(this.alerts.value);
      const news: QueuedAlertView[] = [];
      for (const heard of message.alerts as readonly QueuedAlertView[]) {
        const known = alerts.get(heard.id);
        const alert = newer(known, heard);
        const isNew = alert.atMs > this.#openedMs;
        // What was not let through by the filter is counted already.
        if (known || isNew) this.#recount(known, alert);
        if (isNew && known?.level !== alert.level) news.push(alert);
        alerts.set(alert.id, alert);
      }
      this.alerts.value = alerts;
      if (news.length) this.news.value = news;
    });
  }

  #recount(before: QueuedAlertView | undefined, after?: QueuedAlertView): void {
    const counts = { ...this.counts.value };
    if (before) counts[stateOf(before)]--;
    if (after) counts[stateOf(after)]++;
    this.counts.value = counts;
  }

  check(id: string, isChecked: boolean): void {
    const checked = new Set(this.checked.value);
    if (isChecked) checked.add(id);
    else checked.delete(id);
    this.checked.value = checked;
  }

  checkAll(isChecked: boolean): void {
    this.checked.value = new Set(isChecked ? this.visible.value.map(({ id }) => id) : []);
  }

  /** What an act is done to: the checked ones that are seen, else the one that is looked at. */
  get targets(): string[] {
    const seen = this.visible.value.filter(({ id }) => this.checked.value.has(id));
    if (seen.length) return seen.map(({ id }) => id);
    const { selected } = this;
    return selected.value !== undefined && this.alerts.value.has(selected.value)
      ? [selected.value]
      : [];
  }

  async act(name: ActName, ids: readonly string[]): Promise<void> {
    if (!this.mayAct || this.busy.value || !ids.length) return;
    const { state, verdict, done } = ACTS[name];
    const before = new Map(ids.map((id) => [id, this.alerts.value.get(id)?.handling]));
    // Who reopens an alert takes its verdict back.
    const change = { state, ...verdict ? { verdict } : name === "reopen" ? { verdict: null } : {} };
    const count = await this.#handle(ids, change);
    if (!count) return;
    this.checked.value = new Set();
    const words = `${count} ${count === 1 ? "alert" : "alerts"} ${done}.`;
    this.undo.value = { words, before, doneMs: this.#handledMs(ids) };
  }

  #handledMs(ids: Iterable<string>) {
    return new Map(Array.from(ids, (id) => [id, this.alerts.value.get(id)?.handling?.atMs]));
  }

  /** Puts what the last act changed back as it was. @returns ids of what was put back. */
  async takeBack(): Promise<string[]> {
    const undo = this.undo.value;
    if (!undo || this.busy.value) return [];
    this.undo.value = undefined;
    const now = this.#handledMs(undo.before.keys());
    const own = [...undo.before].filter(([id]) => now.get(id) === undo.doneMs.get(id));
    const alike = Map.groupBy(
      own,
      ([, handling]) => JSON.stringify([handling?.state ?? "open", handling?.verdict ?? null]),
    );
    for (const [key, entries] of alike) {
      const [state, verdict] = JSON.parse(key);
      await this.#handle(entries.map(([id]) => id), { state, verdict });
    }
    return own.map(([id]) => id);
  }

  async note(id: string, note: string): Promise<boolean> {
    return await this.#handle([id], { note: note.trim() || null }) > 0;
  }

  /** @returns how many were changed. */
  async #handle(ids: readonly string[], change: object): Promise<number> {
    this.busy.value = true;
    this.problem.value = "";
    let changed = 0;
    try {
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const answer = await fetch("/v1/alerts/handle", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ ids: ids.slice(at, at + AT_ONCE), ...change }),
        });
        if (!answer.ok) {
          this.problem.value = REFUSED[answer.status] ?? (changed ? FAILED_PARTLY : FAILED);
          break;
        }
        const { results } = await answer.json();
        changed += this.#take(results);
      }
    } catch {
      this.problem.value = changed ? FAILED_PARTLY : FAILED;
    } finally {
      this.busy.value = false;
    }
    return changed;
  }

  #take(
    results: readonly { id: string; alert?: { handling: HandlingView & { at: string } } }[],
  ): number {
    const alerts = new Map(this.alerts.value);
    let changed = 0;
    for (const { id, alert } of results) {
      const known = alerts.get(id);
      if (!alert || !known) {
        // Its time is over.
        if (known) this.#recount(known);
        alerts.delete(id);
        continue;
      }
      const { state, verdict, note, by, at } = alert.handling;
      const handled = { ...known, handling: { state, verdict, note, by, atMs: Date.parse(at) } };
      this.#recount(known, handled);
      alerts.set(id, handled);
      changed++;
    }
    this.alerts.value = alerts;
    return changed;
  }
}

/** What is heard may have been read before this page's own last act was answered. */
function newer(known: QueuedAlertView | undefined, heard: QueuedAlertView): QueuedAlertView {
  const isOld = (known?.handling?.atMs ?? 0) > (heard.handling?.atMs ?? 0);
  return isOld ? { ...heard, handling: known?.handling } : heard;
}
