/**
 * Guards a live session against recordings of its subject: bytes of an earlier stream that come again,
 * and input that is a copy of earlier input, whatever the socket, the process or the session.
 */
import { GaitkeeperError } from "./error.ts";
import type { AutomationFinding } from "./models/automation.ts";
import { REPLAY_NATS, type ReplayRecord, ReplayWatch } from "./models/replay/watch.ts";
import type { StreamProgress } from "./progress.ts";
import type { StoredSketches } from "./store/sketches.ts";
import type { Frame } from "./wire.ts";

/** What a guard needs to go on in another process; plain data, so it can be stored. */
export interface GuardRecord extends ReplayRecord {
  /** Streams that are taken no further. */
  readonly refused: readonly number[];
}

/** What was seen in a frame. */
export interface Inspection {
  readonly findings: readonly AutomationFinding[];
  /** The frame is part of a recording beyond doubt: it must not be applied. */
  readonly isRefused: boolean;
}

const REFUSED_KEPT = 16;
const NOTHING: Inspection = { findings: [], isRefused: false };

export class ReplayGuard {
  #sketches: StoredSketches;
  readonly #watch: ReplayWatch;
  #refused: number[];
  #hasRefused = false;

  constructor(sketches: StoredSketches, record?: GuardRecord) {
    this.#sketches = sketches;
    this.#watch = new ReplayWatch(sketches.memories, record);
    this.#refused = [...record?.refused ?? []];
  }

  get record(): GuardRecord {
    return { ...this.#watch.record, refused: this.#refused };
  }

  /** How far the subject's pages have come, in whichever session. */
  get streams(): ReadonlyMap<number, number> {
    return this.#sketches.streams;
  }

  /** Whether something was refused that no commit has made durable yet. */
  get hasRefused(): boolean {
    return this.#hasRefused;
  }

  /**
   * Looks at a frame that is about to be applied. What is in it is remembered where the session is let
   * pass (`isAccepted`).
   */
  inspect(
    { stream, sequence, events }: Frame,
    progress: StreamProgress,
    isAccepted: boolean,
  ): Inspection {
    if (this.#refused.includes(stream)) return { findings: [], isRefused: true };
    const last = this.#sketches.streams.get(stream);
    if (last !== undefined && sequence <= last && !progress.knows(stream)) {
      return this.#refuse(stream, [{
        rule: "replayedStream",
        words: "a stream of an earlier session was sent again",
        nats: REPLAY_NATS,
      }]);
    }
    const findings: AutomationFinding[] = [];
    for (const event of events) {
      const finding = this.#watch.push(event, isAccepted);
      if (!finding) continue;
      const { exact, ...found } = finding;
      if (exact) return this.#refuse(stream, [found]);
      // Of one frame the last says it all.
      findings[0] = found;
    }
    return findings.length ? { findings, isRefused: false } : NOTHING;
  }

  /** A step-up was passed. */
  forgive(): void {
    this.#watch.forgive();
  }

  /** What a commit is to store. */
  get sketches(): StoredSketches {
    return this.#sketches;
  }

  /** After a commit: what is stored now, with what other sessions stored meanwhile. */
  committed(sketches: StoredSketches): void {
    this.#sketches = sketches;
    this.#watch.memories = sketches.memories;
    this.#hasRefused = false;
  }

  #refuse(stream: number, findings: readonly AutomationFinding[]): Inspection {
    this.#refused = [...this.#refused, stream].slice(-REFUSED_KEPT);
    this.#hasRefused = true;
    return { findings, isRefused: true };
  }
}

export function replayDetected(): GaitkeeperError {
  return new GaitkeeperError(
    "replay_detected",
    "Cannot take frame: its input must be new, got what was sent before",
  );
}
