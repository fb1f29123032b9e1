/**
 * One reader of the store for all dashboards of a tenant in this process: it keeps what they show, as
 * JSON already, and each takes what has changed since it last looked.
 */
import { followTenant, type TenantChanges } from "../../core/store/feed.ts";
import { type SessionRow, sessionRow } from "./feed.ts";
import { type QueuedAlertView, queuedAlertView } from "./queued_alert.ts";

export interface FeedDeps {
  readonly kv: Deno.Kv;
  readonly nowMs: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Something a dashboard shows, and the reading that it was last changed in. */
export interface Kept<Item> {
  readonly item: Item;
  readonly json: string;
  readonly version: number;
}

/** Sessions and alerts that are read, newest ids first. */
const SESSIONS_READ = 5000;
const ALERTS_READ = 200;
/** Between two readings: a thousand sessions that change make one message, not a thousand. */
const REST_MS = 1000;

/** Enough for whoever looks once in a while to hear of all. */
const GONE_KEPT = 5000;

/** What the dashboards of one tenant show. */
export class TenantFeed {
  readonly sessions = new Map<string, Kept<SessionRow>>();
  readonly alerts = new Map<string, Kept<QueuedAlertView>>();
  /** Session ids, and the reading that missed them. */
  readonly gone = new Map<string, number>();
  #version = 0;
  #turned = Promise.withResolvers<void>();
  #error: unknown;

  /** Counts readings; 0 before the first. */
  get version(): number {
    return this.#version;
  }

  /** Resolves when there is something newer than `version`. @throws what ended the reader. */
  async after(version: number): Promise<void> {
    while (this.#version <= version) {
      if (this.#error) throw this.#error;
      await this.#turned.promise;
    }
  }

  take({ sessions, alerts, gone }: TenantChanges): void {
    const version = this.#version + 1;
    for (const glance of sessions) {
      const item = sessionRow(glance);
      this.sessions.set(item.session, { item, json: JSON.stringify(item), version });
      this.gone.delete(item.session);
    }
    for (const session of gone) {
      this.sessions.delete(session);
      this.gone.set(session, version);
    }
    for (const session of this.gone.keys()) {
      if (this.gone.size <= GONE_KEPT) break;
      this.gone.delete(session);
    }
    for (const queued of alerts) {
      const item = queuedAlertView(queued);
      this.alerts.set(item.id, { item, json: JSON.stringify(item), version });
    }
    this.#version = version;
    this.#turn();
  }

  fail(error: unknown): void {
    this.#error = error;
    this.#turn();
  }

  #turn(): void {
    this.#turned.resolve();
    this.#turned = Promise.withResolvers();
  }
}

interface Reader {
  readonly feed: TenantFeed;
  readonly ending: AbortController;
  readonly ended: Promise<void>;
  dashboards: number;
}

export class TenantFeeds {
  readonly #readers = new Map<string, Reader>();

  constructor(readonly deps: FeedDeps) {}

  /** Runs `use` with the tenant's feed; it is read as long as anybody does. */
  async with<T>(tenant: string, use: (feed: TenantFeed) => Promise<T>): Promise<T> {
    let reader = this.#readers.get(tenant);
    if (!reader) this.#readers.set(tenant, reader = this.#read(tenant));
    reader.dashboards++;
    try {
      return await use(reader.feed);
    } finally {
      if (--reader.dashboards === 0) {
        this.#forget(tenant, reader);
        reader.ending.abort();
        await reader.ended;
      }
    }
  }

  #read(tenant: string): Reader {
    const { kv, nowMs, delay } = this.deps;
    const feed = new TenantFeed();
    const ending = new AbortController();
    const limits = { limit: SESSIONS_READ, alertLimit: ALERTS_READ, restMs: REST_MS };
    const read = async () => {
      const options = { nowMs, delay, ...limits };
      for await (const changes of followTenant(kv, tenant, ending.signal, options)) {
        feed.take(changes);
      }
    };
    const reader: Reader = { feed, ending, dashboards: 0, ended: Promise.resolve() };
    const ended = read().catch((error) => {
      // Whoever comes back reads anew.
      this.#forget(tenant, reader);
      feed.fail(error);
    });
    return Object.assign(reader, { ended });
  }

  #forget(tenant: string, reader: Reader): void {
    if (this.#readers.get(tenant) === reader) this.#readers.delete(tenant);
  }
}
