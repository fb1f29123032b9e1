/** What a live page knows: filled by the server's first rendering, then kept up by the feed. */
import { batch, computed, type Signal, signal } from "@preact/signals";
import type {
  AlertView,
  FeedMessage,
  LevelName,
  SessionDetail,
  SessionRow,
} from "../../routes/live/feed.ts";
import { filterOf, isActive, isWithin, rankSessions, type SessionFilter } from "./ranking.ts";

/** Risks from `from` up to `to` are of this level. */
export interface LevelBand {
  readonly level: LevelName;
  readonly from: number;
  readonly to: number;
}

/** What a profile needs from nothing to ready. */
export interface EnrolmentGoal {
  readonly modality: "keyboard" | "pointer";
  readonly amount: number;
  readonly unit: "strokes" | "seconds of movement";
}

/** Handed from server to browser as JSON. */
export interface LiveProps {
  readonly nowMs: number;
  readonly bands: readonly LevelBand[];
  readonly goals: readonly EnrolmentGoal[];
  /** The riskiest only; `sessionCount` is of all. */
  readonly sessions: readonly SessionRow[];
  readonly sessionCount: number;
  readonly alerts: readonly AlertView[];
  /** How many the address lets through. */
  readonly withinCount?: number;
  /** What the address narrows the list to. */
  readonly query?: string;
  /** The session that is looked at. */
  readonly watched?: string;
  readonly detail?: SessionDetail;
}

/**
 * connecting: never heard from the server; live: it answers; reconnecting: it did, and is tried
 * again; offline: the browser has no network.
 */
export type Connection = "connecting" | "live" | "reconnecting" | "offline";

const ALERTS_KEPT = 50;

export class LiveState {
  readonly bands: readonly LevelBand[];
  readonly goals: readonly EnrolmentGoal[];
  readonly connection: Signal<Connection> = signal("connecting");
  /** The server's clock, as of the last message or tick. */
  readonly nowMs: Signal<number>;
  /** By session id. */
  readonly sessions: Signal<ReadonlyMap<string, SessionRow>>;
  readonly sessionCount: Signal<number>;
  /** Newest first. */
  readonly alerts: Signal<readonly AlertView[]>;
  /** The session looked at; `undefined` while there is none yet. */
  readonly watched: Signal<string | undefined>;
  readonly detail: Signal<SessionDetail | undefined>;
  readonly filter: Signal<SessionFilter>;
  /** Alerts raised while this page was open, for those who hear the page. */
  readonly news: Signal<readonly AlertView[]> = signal([]);

  readonly #openedMs: number;

  constructor(props: LiveProps) {
    this.#openedMs = props.nowMs;
    this.bands = props.bands;
    this.goals = props.goals;
    this.nowMs = signal(props.nowMs);
    this.sessions = signal(new Map(props.sessions.map((row) => [row.session, row])));
    this.sessionCount = signal(props.sessionCount);
    this.alerts = signal(props.alerts);
    this.watched = signal(props.watched);
    this.detail = signal(props.detail);
    this.filter = signal(filterOf(new URLSearchParams(props.query)));
  }

  /** What the filter lets through, the most urgent first. */
  readonly ranked = computed(() => {
    const [nowMs, filter] = [this.nowMs.value, this.filter.value];
    const rows = [...this.sessions.value.values()].filter((row) => isWithin(row, filter, nowMs));
    return rankSessions(rows, nowMs);
  });
  readonly active = computed(() => {
    const nowMs = this.nowMs.value;
    return [...this.sessions.value.values()].filter((row) => isActive(row, nowMs));
  });

  /** Looks at another session; what was known of the one before is gone from sight. */
  watch(session: string | undefined): void {
    if (this.watched.value === session) return;
    this.watched.value = session;
    this.detail.value = undefined;
  }

  /** All that a message brings, at once. */
  apply(message: FeedMessage, { replace }: { readonly replace: boolean }): void {
    batch(() => this.#take(message, replace));
  }

  #take(message: FeedMessage, replace: boolean): void {
    this.nowMs.value = message.nowMs;
    const sessions = new Map(replace ? [] : this.sessions.value);
    for (const row of message.sessions) sessions.set(row.session, row);
    for (const session of message.gone ?? []) sessions.delete(session);
    this.sessions.value = sessions;
    this.sessionCount.value = message.total ?? sessions.size;
    const seen = new Map(this.alerts.value.map(({ id, level }) => [id, level]));
    this.news.value = message.alerts.filter(({ id, level, atMs }) =>
      atMs > this.#openedMs && seen.get(id) !== level
    );
    const known = replace ? [] : this.alerts.value;
    const ids = new Set(message.alerts.map(({ id }) => id));
    this.alerts.value = [...message.alerts, ...known.filter(({ id }) => !ids.has(id))]
      .sort((a, b) => b.atMs - a.atMs).slice(0, ALERTS_KEPT);
    const { detail } = message;
    if (detail && detail.session === this.watched.value) this.detail.value = detail;
  }
}
