/**
 * READ FIRST. One live session: a frame is held against the clock and against what was sent before, its
 * events go through every stage (assessment.ts: events become windows, windows become features,
 * features become evidence, evidence becomes risk, risk becomes a decision), a decision that changes
 * for the worse becomes an alert, and what has come of it is committed together.
 */
import { Assessment } from "./assessment.ts";
import type { Assurance } from "./assurance.ts";
import { checkSpan } from "./clock.ts";
import type { Decision } from "./decision.ts";
import type { AutomationFinding } from "./models/automation.ts";
import { versionsOf } from "./models/model_set.ts";
import type { ModalityStatus } from "./profile.ts";
import { type Acknowledgement, StreamProgress } from "./progress.ts";
import type { Recording } from "./recording.ts";
import { replayDetected, ReplayGuard } from "./replay_guard.ts";
import type { Risk } from "./risk.ts";
import { carriesOn, type SessionDeps, type SessionIdentity } from "./session_terms.ts";
import type { Checkpoint } from "./store/checkpoint.ts";
import {
  CHECKPOINT_LIFE_MS,
  checkpointStamp,
  commitSession,
  loadSession,
  type StoredSession,
} from "./store/checkpoints.ts";
import { alertRecord, sessionRecord } from "./store/records.ts";
import type { SessionRecord } from "./store/sessions.ts";
import type { Modality } from "./window.ts";
import type { Frame } from "./wire.ts";

export type { SessionDeps, SessionIdentity };

/** What a commit made durable, to be told to the client. */
export interface Committed {
  readonly acknowledged: readonly Acknowledgement[];
  /** Where the decision has changed since the last commit. */
  readonly action?: Decision & { readonly alert?: string };
}

/** Opens a session, or goes on with it from its checkpoint. */
export async function openSession(
  deps: SessionDeps,
  identity: SessionIdentity,
): Promise<LiveSession> {
  const stored = await loadSession(deps, identity, versionsOf(deps.models), deps.nowMs());
  return new LiveSession(deps, identity, stored);
}

/**
 * Calls on one session must not overlap. After an error the session in memory may be half changed:
 * drop it and open it again; what was acknowledged is in the store, the rest the client still has.
 */
export class LiveSession {
  #stored: StoredSession;
  #committedDecision: Decision;
  readonly #seed: number;
  readonly #assessment: Assessment;
  /** None where dev plays a recording. */
  readonly #guard: ReplayGuard | undefined;
  readonly #progress: StreamProgress;
  readonly #startedAtMs: number;
  #clockOffsetMs: number | undefined;
  #assurance: Assurance | undefined;
  /** Changed by other than frames since the last commit. */
  #isTurned = false;
  #isVerified = false;

  constructor(
    readonly deps: SessionDeps,
    readonly identity: SessionIdentity,
    stored: StoredSession,
  ) {
    const { checkpoint } = stored;
    this.#stored = stored;
    this.#seed = Math.floor(deps.random() * 2 ** 31);
    this.#assessment = new Assessment(deps, identity, stored, this.#seed);
    const sketches = identity.replay ? undefined : stored.sketches;
    this.#guard = sketches && new ReplayGuard(sketches, checkpoint?.guard);
    this.#isTurned = this.#carryOn(stored.unanswered);
    this.#committedDecision = this.#decided;
    this.#progress = new StreamProgress(checkpoint?.streams);
    this.#startedAtMs = checkpoint?.startedAtMs ?? deps.nowMs();
    this.#clockOffsetMs = checkpoint?.clockOffsetMs;
    this.#assurance = checkpoint?.assurance;
  }

  /** A step-up that was asked in another session and not passed is asked in this one too. */
  #carryOn(unanswered: StoredSession["unanswered"]): boolean {
    const { belief } = this.#assessment;
    const { action } = belief.decision;
    if (!unanswered || belief.isShadow) belief.releaseStepUp();
    else if (unanswered.session !== this.identity.session && carriesOn(this.identity)) {
      belief.demandStepUp(this.deps.nowMs());
    }
    return belief.decision.action !== action;
  }

  /** Last durable sequence number by stream: of this session's, and of pages it may go on with. */
  get durable(): ReadonlyMap<number, number> {
    return new Map([...this.#guard?.streams ?? [], ...this.#progress.durable]);
  }

  /** What the page is told. */
  get decision(): Decision {
    return this.#assessment.belief.told;
  }

  /** Whether something is asked that shadow mode keeps from being told. */
  get isShadowed(): boolean {
    return this.decision.action !== this.#decided.action;
  }

  get #decided(): Decision {
    return this.#assessment.belief.decision;
  }

  /** The belief at the newest event. */
  get risk(): Risk {
    return this.#assessment.risk;
  }

  /** What is known of the subject, by modality. */
  get statuses(): Readonly<Record<Modality, ModalityStatus>> {
    const { keyboard, pointer } = this.#assessment;
    return { keyboard: keyboard.status, pointer: pointer.status };
  }

  get hasUncommitted(): boolean {
    return this.#isTurned || this.#guard?.hasRefused || this.#progress.hasUncommitted;
  }

  /**
   * Applies a frame; a repeated or stale one changes nothing. What is applied goes to `recording`,
   * where the subject consented to one.
   * @returns whether the decision changed, so that a commit should follow at once.
   * @throws {GaitkeeperError} `time_implausible` before anything is changed, `replay_detected` before
   *   anything but the risk is.
   */
  async receive(frame: Frame, recording?: Recording): Promise<boolean> {
    const { stream, sequence, events } = frame;
    if (this.#progress.isStale(stream, sequence)) return false;
    if (!this.identity.replay) {
      this.#clockOffsetMs = checkSpan(events, this.deps.nowMs(), this.#clockOffsetMs);
    }
    const before = this.#decided;
    const replayed = this.#guardAgainst(frame);
    for (const event of events) await this.#assessment.take(event, stream);
    if (replayed.length) this.#assessment.suspect(replayed);
    this.#progress.advance(stream, sequence);
    recording?.take(events);
    return this.#decided !== before;
  }

  /** The open incident's alert. */
  get alert(): string | undefined {
    return this.#assessment.belief.state.incident?.id;
  }

  /** By the last step-up that was passed; behaviour never raises it. */
  get assurance(): Assurance | undefined {
    return this.#assurance;
  }

  /** Step-ups were failed; see {@linkcode Belief.block}. What was elevated is so no more. */
  block(): void {
    this.#assessment.block();
    this.#isVerified = false;
    this.#assurance = undefined;
    this.#isTurned = true;
  }

  /**
   * The subject passed a step-up: the belief starts anew, and what follows at once is theirs. What
   * they typed before it is not learned, for a stranger's strokes may be among it.
   */
  verify(assurance?: Assurance): void {
    this.#assessment.confirm();
    this.#guard?.forgive();
    this.#assurance = assurance ?? this.#assurance;
    this.#isTurned = this.#isVerified = true;
  }

  /**
   * Makes durable what was received.
   * @throws {GaitkeeperError} `session_superseded`, `store_conflict`; nothing is written then.
   */
  async commit(): Promise<Committed> {
    if (!this.hasUncommitted) return { acknowledged: [] };
    const { deps, identity } = this;
    const nowMs = deps.nowMs();
    const { belief, keyboard, pointer } = this.#assessment;
    const alert = belief.takeAlert();
    const checkpoint = this.#checkpoint(nowMs);
    const { settings } = this.#stored;
    const sketches = this.#guard?.sketches;
    const { profiles, ...stamps } = await commitSession(deps, {
      tenant: identity.tenant,
      versions: versionsOf(deps.models),
      checkpoint,
      versionstamp: this.#stored.versionstamp,
      consent: this.#stored.consent,
      dataKey: this.#stored.dataKey,
      record: this.#record(nowMs),
      alert: alert && alertRecord(alert, settings.retention.alerts),
      course: carriesOn(identity) ? belief.state.course : undefined,
      carryMs: carriesOn(identity) && !belief.isShadow ? settings.carryMs : 0,
      isVerified: this.#isVerified,
      profiles: this.#stored.profiles,
      sketches: sketches && { stored: sketches, keptDays: settings.retention.idleProfiles },
      learned: { keyboard: keyboard.takeLearned(), pointer: pointer.takeLearned() },
      seed: this.#seed,
      sessions: keyboard.start.enrolment.sessions,
    });
    if (stamps.sketches) this.#guard?.committed(stamps.sketches);
    this.#stored = { ...this.#stored, ...stamps, checkpoint, profiles };
    this.#isTurned = this.#isVerified = false;
    if (profiles.keyboard.profile) keyboard.profile = profiles.keyboard.profile;
    if (profiles.pointer.profile) pointer.profile = profiles.pointer.profile;
    return { acknowledged: this.#progress.acknowledge(), ...this.#actionChange() };
  }

  /**
   * Whether the session was gone on with elsewhere, as a step-up does that is passed or failed: then
   * what is held here is no more.
   */
  async isSuperseded(): Promise<boolean> {
    const { tenant, session } = this.identity;
    return await checkpointStamp(this.deps.kv, tenant, session) !== this.#stored.versionstamp;
  }

  /** What of the frame is a copy, to be weighed when it is applied; an exact one is not applied. */
  #guardAgainst(frame: Frame): readonly AutomationFinding[] {
    // What is let pass in shadow mode alone is remembered as little as what is not.
    const isAccepted = this.#decided.action === "allow";
    const seen = this.#guard?.inspect(frame, this.#progress, isAccepted);
    if (!seen?.isRefused) return seen?.findings ?? [];
    this.#assessment.advance(frame.events);
    this.#assessment.suspect(seen.findings);
    throw replayDetected();
  }

  #actionChange(): Pick<Committed, "action"> {
    const { decision, told, isShadow, state: { incident } } = this.#assessment.belief;
    if (decision === this.#committedDecision) return {};
    this.#committedDecision = decision;
    return { action: { ...told, ...incident && !isShadow ? { alert: incident.id } : {} } };
  }

  #checkpoint(nowMs: number): Checkpoint {
    return {
      version: 1,
      subject: this.identity.subject,
      startedAtMs: this.#startedAtMs,
      expiresAtMs: nowMs + CHECKPOINT_LIFE_MS,
      streams: this.#progress.applied,
      ...this.#assessment.record,
      ...this.#guard ? { guard: this.#guard.record } : {},
      ...this.#assurance ? { assurance: this.#assurance } : {},
      ...this.#clockOffsetMs === undefined ? {} : { clockOffsetMs: this.#clockOffsetMs },
    };
  }

  #record(nowMs: number): SessionRecord {
    const { belief, risk, statuses, record } = this.#assessment;
    const { decision, told, state } = belief;
    return sessionRecord({
      session: this.identity.session,
      subject: this.identity.subject,
      startedAtMs: this.#startedAtMs,
      nowMs,
      keptDays: this.#stored.settings.retention.sessions,
      risk,
      decision: told,
      shadowed: this.isShadowed ? decision.action : undefined,
      alert: state.incident?.id,
      assurance: this.#assurance,
      statuses,
      strokes: record.strokes,
      clockQuantumMs: record.quantumMs,
      belief: state,
      input: record.input,
    });
  }
}
