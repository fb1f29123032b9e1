/** What is in the queue and what can be done with it: the same on the server and in the browser. */
import type { LevelName } from "../../routes/live/feed.ts";
import type { HandlingView, QueuedAlertView } from "../../routes/live/queued_alert.ts";

export type AlertState = HandlingView["state"];
export type Verdict = NonNullable<HandlingView["verdict"]>;

export const STATE_NAMES: Readonly<Record<AlertState, string>> = {
  open: "Open",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
};

export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  impostor: "Impostor",
  genuine: "Genuine",
  unsure: "Unsure",
};

export type StateCounts = Readonly<Record<AlertState, number>>;

/** What is asked to be shown; part of the page's address. */
export interface QueueFilter {
  readonly state: AlertState;
  readonly level?: LevelName | undefined;
  /** Part of a subject's or a session's id. */
  readonly search: string;
  readonly order: "newest" | "riskiest";
}

/** Handed from server to browser as JSON. */
export interface AlertsProps {
  readonly nowMs: number;
  readonly filter: QueueFilter;
  /** What the filter lets through, in its order, and the alert that is selected. */
  readonly alerts: readonly QueuedAlertView[];
  /** Of all that were looked through. */
  readonly counts: StateCounts;
  /** How many were looked through, where there are more. */
  readonly lookedThrough?: number;
  /** How many fit the filter, where they are not all here. */
  readonly found?: number;
  /** Names of the people who may have handled alerts, by their ids. */
  readonly people: Readonly<Record<string, string>>;
  /** The alert that the address names. */
  readonly selected?: string;
  readonly mayAct: boolean;
}

export interface QueueAct {
  readonly label: string;
  /** Single key that does it, where shortcuts are on. */
  readonly key: string;
  readonly state: AlertState;
  readonly verdict?: Verdict;
  /** Said of `count` alerts afterwards. */
  readonly done: string;
}

export const ACT_NAMES = [
  "acknowledge",
  "resolve",
  "impostor",
  "genuine",
  "unsure",
  "reopen",
] as const;
export type ActName = typeof ACT_NAMES[number];

/** A verdict settles the alert. */
export const ACTS: Readonly<Record<ActName, QueueAct>> = {
  acknowledge: {
    label: "Acknowledge",
    key: "a",
    state: "acknowledged",
    done: "acknowledged",
  },
  resolve: { label: "Resolve", key: "r", state: "resolved", done: "resolved" },
  impostor: {
    label: "Impostor",
    key: "i",
    state: "resolved",
    verdict: "impostor",
    done: "resolved as an impostor's",
  },
  genuine: {
    label: "Genuine",
    key: "g",
    state: "resolved",
    verdict: "genuine",
    done: "resolved as the subject's own",
  },
  unsure: {
    label: "Unsure",
    key: "u",
    state: "resolved",
    verdict: "unsure",
    done: "resolved, unsure whose",
  },
  reopen: { label: "Reopen", key: "o", state: "open", done: "reopened" },
};

/** Who handled an alert, in words. */
export function actorWords(
  { kind, id }: NonNullable<HandlingView["by"]>,
  people: AlertsProps["people"],
): string {
  if (kind === "api_key") return "an API key";
  if (kind !== "operator") return "the service";
  return Object.hasOwn(people, id) ? people[id]! : "somebody else";
}

export function stateOf({ handling }: QueuedAlertView): AlertState {
  return handling?.state ?? "open";
}

export function countByState(
  alerts: Iterable<QueuedAlertView>,
): StateCounts {
  const counts = { open: 0, acknowledged: 0, resolved: 0 };
  for (const alert of alerts) counts[stateOf(alert)]++;
  return counts;
}

/** What the filter lets through, in its order. */
export function filterQueue(
  alerts: readonly QueuedAlertView[],
  { state, level, search, order }: QueueFilter,
): QueuedAlertView[] {
  const wanted = search.toLowerCase();
  const holds = (id: string) => id.toLowerCase().includes(wanted);
  const found = alerts.filter((alert) =>
    stateOf(alert) === state && (level === undefined || alert.level === level) &&
    (wanted === "" || holds(alert.subject) || holds(alert.session))
  );
  return order === "newest"
    ? found.sort((a, b) => b.atMs - a.atMs)
    : found.sort((a, b) => b.risk - a.risk || b.atMs - a.atMs);
}

/** Address of a view of the queue, and of an alert in it. */
export function queueHref({ state, level, search, order }: QueueFilter, alert?: string): string {
  const query = new URLSearchParams();
  if (state !== "open") query.set("state", state);
  if (level) query.set("level", level);
  if (search) query.set("q", search);
  if (order !== "newest") query.set("order", order);
  const path = alert === undefined ? "/alerts" : `/alerts/${encodeURIComponent(alert)}`;
  return query.size ? `${path}?${query}` : path;
}
