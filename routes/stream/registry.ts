/** The live sessions of this process: one a session id, shared by its sockets, one call at a time. */
import { GaitkeeperError } from "../../core/error.ts";
import type { Recording } from "../../core/recording.ts";
import { type LiveSession, openSession, type SessionIdentity } from "../../core/session.ts";
import type { Frame, ServerMessage } from "../../core/wire.ts";
import type { AppDeps, LiveSubjects } from "../deps.ts";
import { StayRecorder } from "./stay_recorder.ts";

/** A socket that is told what happens to its session. */
export interface Listener {
  tell(message: ServerMessage): void;
  /** The session cannot go on in this process. */
  fail(error: unknown): void;
  /** The session has gone on elsewhere: the client is to come back to it as it is now. */
  restart(): void;
}

type RegistryDeps = Pick<
  AppDeps,
  "kv" | "vault" | "models" | "nowMs" | "random" | "delay" | "traces"
>;

/** Durable writes are rare: the client keeps what is not yet acknowledged. */
const COMMIT_EVERY_MS = 2000;
/** Frames after which a commit is due even so: a client that is ahead waits for it. */
const COMMIT_EVERY_FRAMES = 32;

/** Between two looks at whether a step-up was passed: soon at first, then as somebody is away. */
const LOOK = { leastMs: 1000, mostMs: 15_000, share: 0.05 };

export class SessionRegistry implements LiveSubjects {
  readonly #held = new Map<string, HeldSession>();

  constructor(readonly deps: RegistryDeps) {}

  /**
   * Joins a socket to its session, opening it where no other socket has.
   * @throws {GaitkeeperError} `ticket_invalid` when the session is another subject's.
   */
  join(identity: SessionIdentity, listener: Listener): HeldSession {
    const key = JSON.stringify([identity.tenant, identity.session]);
    let held = this.#held.get(key);
    if (held && held.identity.subject !== identity.subject) {
      throw new GaitkeeperError(
        "ticket_invalid",
        "Cannot open session: it must belong to the ticket's subject",
      );
    }
    if (!held) {
      const opened = new HeldSession(this.deps, identity, () => {
        if (this.#held.get(key) === opened) this.#held.delete(key);
      });
      held = opened;
      this.#held.set(key, held);
    }
    held.listeners.add(listener);
    return held;
  }

  endSubject(tenant: string, subject: string, why: GaitkeeperError): void {
    for (const held of [...this.#held.values()]) {
      const { identity } = held;
      if (identity.tenant === tenant && identity.subject === subject) held.end(why);
    }
  }

  /** Sessions in memory. */
  get size(): number {
    return this.#held.size;
  }
}

export class HeldSession {
  readonly listeners = new Set<Listener>();
  readonly #live: Promise<LiveSession>;
  /** Calls on the session, one after the other. */
  #last: Promise<void>;
  #uncommittedFrames = 0;
  #commitPlanned = false;
  #isLookingOut = false;
  #dropped = false;
  readonly #ended = new AbortController();
  #recorder: StayRecorder | undefined;

  constructor(
    readonly deps: RegistryDeps,
    readonly identity: SessionIdentity,
    readonly onDropped: () => void,
  ) {
    this.#live = deps.models.then((models) => {
      return fromStore(() => openSession({ ...deps, models }, identity));
    });
    this.#last = this.#live.then(() => {}, (error) => this.#fail(error));
  }

  /** What a socket is told first. */
  greet(listener: Listener): Promise<void> {
    return this.#run(async (live) => {
      const streams = Object.fromEntries(live.durable);
      listener.tell({ type: "resume", session: this.identity.session, streams });
      const { level, action } = live.decision;
      // Whoever comes back from a step-up is told that it is over, or that nobody is asked any more.
      const isOver = live.assurance !== undefined || live.isShadowed;
      if (action !== "allow" || isOver) listener.tell({ type: "action", level, action });
      // What is asked of a session from its start has to be there to be answered.
      if (live.hasUncommitted) await this.#commit(live);
      this.#lookOut(live);
    });
  }

  /**
   * Applies a frame; commits at once when the decision changed, soon otherwise. It is recorded where
   * the subject `consented` on the socket that brought it and the installation records at all.
   * @throws {GaitkeeperError} `time_implausible`, `replay_detected`; the session goes on for its other
   *   sockets.
   */
  receive(frame: Frame, consented = false): Promise<void> {
    return this.#run(async (live) => {
      const isChanged = await this.#apply(live, frame, consented);
      if (!live.hasUncommitted) return;
      if (isChanged || ++this.#uncommittedFrames >= COMMIT_EVERY_FRAMES) await this.#commit(live);
      else this.#planCommit();
    });
  }

  async #apply(live: LiveSession, frame: Frame, consented: boolean): Promise<boolean> {
    try {
      return await live.receive(frame, consented ? this.#recording() : undefined);
    } catch (error) {
      // Whoever is refused for a replay is told so after it is on record.
      if (isFrameRefused(error) && live.hasUncommitted) await this.#commit(live);
      throw error;
    }
  }

  commit(): Promise<void> {
    return this.#run((live) => this.#commit(live));
  }

  /** A socket has gone; the last one takes the session out of memory, committed. */
  async leave(listener: Listener): Promise<void> {
    this.listeners.delete(listener);
    await this.commit();
    if (this.listeners.size > 0) return;
    this.#drop();
    const recorder = this.#recorder;
    this.#recorder = undefined;
    await recorder?.finish();
  }

  /** Ends the session for all its sockets; what is not committed is dropped. */
  end(why: GaitkeeperError): void {
    this.#fail(why);
  }

  #recording(): Recording | undefined {
    if (this.deps.traces) this.#recorder ??= new StayRecorder(this.deps.traces, this.identity);
    return this.#recorder?.recording;
  }

  #run(work: (live: LiveSession) => Promise<void>): Promise<void> {
    const done = this.#last.then(async () => {
      if (this.#dropped) return;
      try {
        await work(await this.#live);
      } catch (error) {
        if (isFrameRefused(error)) throw error;
        this.#fail(error);
      }
    });
    this.#last = done.catch(() => {});
    return done;
  }

  async #commit(live: LiveSession): Promise<void> {
    this.#uncommittedFrames = 0;
    const { acknowledged, action } = await fromStore(() => live.commit());
    this.#recorder?.recording.settle();
    for (const listener of this.listeners) {
      for (const ack of acknowledged) listener.tell({ type: "ack", ...ack });
      if (action) listener.tell({ type: "action", ...action });
    }
    this.#lookOut(live);
  }

  /**
   * While something is asked of the session, its answer may be given to any process: whoever waits for
   * it hears soon, and not at their next stroke.
   */
  #lookOut(live: LiveSession): void {
    if (this.#isLookingOut || live.decision.action === "allow") return;
    this.#isLookingOut = true;
    const { nowMs, delay } = this.deps;
    const sinceMs = nowMs();
    const look = async () => {
      while (!this.#dropped && live.decision.action !== "allow") {
        const { leastMs, mostMs, share } = LOOK;
        await delay(
          Math.min(mostMs, leastMs + share * (nowMs() - sinceMs)),
          this.#ended.signal,
        );
        await this.#run(async () => {
          if (await fromStore(() => live.isSuperseded())) this.#restart();
        });
      }
      this.#isLookingOut = false;
    };
    void look();
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

  #restart(): void {
    if (this.#dropped) return;
    this.#drop();
    for (const listener of this.listeners) listener.restart();
  }

  #drop(): void {
    this.#dropped = true;
    this.#ended.abort();
    this.onDropped();
  }
}

/** Refused before anything was applied, so the session in memory is sound. */
function isFrameRefused(error: unknown): boolean {
  return error instanceof GaitkeeperError &&
    (error.code === "time_implausible" || error.code === "replay_detected");
}

/** What fails here without a name of its own is the store. */
async function fromStore<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof GaitkeeperError) throw cause;
    throw new GaitkeeperError("store_unavailable", "Cannot reach store: it must answer", { cause });
  }
}
