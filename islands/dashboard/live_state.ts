/** What a live page knows: filled by the server's first rendering, then kept up by the feed. */
import { computed, type Signal, signal } from "@preact/signals";
import type {
  AlertView,
  FeedMessage,
  LevelName,
  SessionDetail,
  SessionRow,
} from "../../routes/live/feed.ts";

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
  /** The session that the address asks for. */
  readonly watched?: string;
  readonly detail?: SessionDetail;
}

/**
 * connecting: never heard from the server; live: it answers; reconnecting: it did, and is tried
 * again; offline: the browser has no network.
 */
export type Connection = "connecting" | "live" | "reconnecting" | "offline";

/** Rows of the table; a thousand would cost more than they tell. */
const ROWS_SHOWN = 30;
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
  }

  /** Riskiest first. */
  readonly ranked = computed(() => rankSessions([...this.sessions.value.values()], ROWS_SHOWN));

  /** Looks at another session; what was known of the one before is gone from sight. */
  watch(session: string | undefined): void {
    if (this.watched.value === session) return;
    this.watched.value = session;
    this.detail.value = undefined;
  }

  apply(message: FeedMessage, { replace }: { readonly replace: boolean }): void {
    this.nowMs.value = message.nowMs;
    const sessions = new Map(replace ? [] : this.sessions.value);
    for (const row of message.sessions) sessions.set(row.session, row);
    this.sessions.value = sessions;
    this.sessionCount.value = sessions.size;
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

/** The riskiest sessions; among equals the latest, then by id, so that the order is stable. */
export function rankSessions(sessions: readonly SessionRow[], limit: number): SessionRow[] {
  return sessions.toSorted((a, b) =>
    severity(b) - severity(a) || b.risk - a.risk || b.updatedAtMs - a.updatedAtMs ||
    (a.session < b.session ? -1 : 1)
  ).slice(0, limit);
}

/** Unknown stands with high: it asks for a step-up as well. */
const SEVERITY: Readonly<Record<LevelName, number>> = {
  low: 0,
  elevated: 1,
  high: 2,
  unknown: 2,
  critical: 3,
};

function severity({ level }: SessionRow): number {
  return SEVERITY[level];
}
