/** The live sessions of this process: one a session id, shared by its sockets, one call at a time. */
import { type LiveSession, openSession, type SessionIdentity } from "../../core/session.ts";
import type { Frame, ServerMessage } from "../../core/wire.ts";
import type { AppDeps } from "../deps.ts";

/** A socket that is told what happens to its session. */
export interface Listener {
  tell(message: ServerMessage): void;
  /** The session cannot go on in this process. */
  fail(error: unknown): void;
}

/** Durable writes are rare: the client keeps what is not yet acknowledged. */
const COMMIT_EVERY_MS = 2000;

export class SessionRegistry {
  readonly #held = new Map<string, HeldSession>();

  constructor(readonly deps: AppDeps) {}

  /** Joins a socket to its session, opening it where no other socket has. */
  join(identity: SessionIdentity, listener: Listener): HeldSession {
    const key = JSON.stringify([identity.tenant, identity.session]);
    let held = this.#held.get(key);
    // A ticket of another subject must not join by naming the session: opening it anew refuses.
    if (!held || held.identity.subject !== identity.subject) {
      const opened = new HeldSession(this.deps, identity, () => {
        if (this.#held.get(key) === opened) this.#held.delete(key);
      });
      held = opened;
      this.#held.set(key, held);
    }
    held.listeners.add(listener);
    return held;
  }

  /** Commits everything, before the process ends. */
  async commitAll(): Promise<void> {
    await Promise.allSettled([...this.#held.values()].map((held) => held.commit()));
  }
}

export class HeldSession {
  readonly listeners = new Set<Listener>();
  readonly #live: Promise<LiveSession>;
  /** Calls on the session, one after the other. */
  #last: Promise<unknown>;
  #commitPlanned = false;
  #dropped = false;
  readonly #ended = new AbortController();

  constructor(
    readonly deps: AppDeps,
    readonly identity: SessionIdentity,
    readonly onDropped: () => void,
  ) {
    this.#live = deps.models.then((models) => openSession({ ...deps, models }, identity));
    this.#last = this.#live.catch((error) => this.#fail(error));
  }

  /** What a socket is told first. */
  greet(listener: Listener): Promise<void> {
    return this.#run((live) => {
      const streams = Object.fromEntries(live.durable);
      listener.tell({ type: "resume", session: this.identity.session, streams });
      const { level, action } = live.decision;
      if (action !== "allow") listener.tell({ type: "action", level, action });
      return Promise.resolve();
    });
  }

  /** Applies a frame; commits at once when the decision changed, soon otherwise. */
  receive(frame: Frame): Promise<void> {
    return this.#run(async (live) => {
      if (await live.receive(frame)) await this.#commit(live);
      else if (live.hasUncommitted) this.#planCommit();
    });
  }

  commit(): Promise<void> {
    return this.#run((live) => this.#commit(live));
  }

  /** A socket has gone; the last one takes the session out of memory, committed. */
  async leave(listener: Listener): Promise<void> {
    this.listeners.delete(listener);
    await this.commit();
    if (this.listeners.size === 0) this.#drop();
  }

  #run(work: (live: LiveSession) => Promise<void>): Promise<void> {
    const done = this.#last.then(async () => {
      if (this.#dropped) return;
      await work(await this.#live);
    }).catch((error) => this.#fail(error));
    this.#last = done;
    return done;
  }

  async #commit(live: LiveSession): Promise<void> {
    const { acknowledged, action } = await live.commit();
    for (const listener of this.listeners) {
      for (const ack of acknowledged) listener.tell({ type: "ack", ...ack });
      if (action) listener.tell({ type: "action", ...action });
    }
  }

  #planCommit(): void {
    if (this.#commitPlanned) return;
    this.#commitPlanned = true;
    const due = async () => {
      await this.deps.delay(COMMIT_EVERY_MS, this.#ended.signal);
      this.#commitPlanned = false;
      if (!this.#ended.signal.aborted) await this.commit();
    };
    void due();
  }

  /** After an error the session in memory may be half changed; the store is not. */
  #fail(error: unknown): void {
    if (this.#dropped) return;
    this.#drop();
    for (const listener of this.listeners) listener.fail(error);
  }

  #drop(): void {
    this.#dropped = true;
    this.#ended.abort();
    this.onDropped();
  }
}
