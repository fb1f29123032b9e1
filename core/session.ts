/**
 * READ FIRST. One live session, every stage in order: events become windows, windows become features,
 * features become evidence, evidence becomes risk, risk becomes a decision, and a decision that
 * changes for the worse becomes an alert.
 */
import { ulid } from "@std/ulid";
import type { Assurance } from "./assurance.ts";
import { Belief } from "./belief.ts";
import { checkSpan, clockConfidence, clockWeight, teaches } from "./clock.ts";
import type { Decision } from "./decision.ts";
import { GaitkeeperError } from "./error.ts";
import { weakened, weighFindings } from "./evidence.ts";
import { type AutomationFinding, AutomationWatch } from "./models/automation.ts";
import { type ModelSet, versionsOf } from "./models/model_set.ts";
import { type ModalityStatus, readinessOf } from "./profile.ts";
import { type Acknowledgement, StreamProgress } from "./progress.ts";
import type { Recording } from "./recording.ts";
import { replayDetected, ReplayGuard } from "./replay_guard.ts";
import type { Risk } from "./risk.ts";
import type { Checkpoint } from "./store/checkpoint.ts";
import {
  CHECKPOINT_LIFE_MS,
  commitSession,
  loadSession,
  type StoredSession,
} from "./store/checkpoints.ts";
import { alertRecord, sessionRecord } from "./store/records.ts";
import type { SessionRecord } from "./store/sessions.ts";
import type { Vault } from "./store/vault.ts";
import type { SessionSettings } from "./tenant.ts";
import {
  createKeyboardTrack,
  createPointerTrack,
  type KeyboardTrack,
  type PointerTrack,
  type Track,
  type TrackStart,
} from "./track.ts";
import type { KeyboardWindow, Modality, PointerWindow } from "./window.ts";
import type { Frame, StreamEvent } from "./wire.ts";

/** What a session is handed from outside. */
export interface SessionDeps {
  readonly kv: Deno.Kv;
  /** Seals what is kept of the subject. */
  readonly vault: Vault;
  readonly models: ModelSet;
  /** The server's clock, ms since the epoch. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** See {@linkcode SessionSource}. */
  readonly withoutTenant?: SessionSettings | undefined;
}

export interface SessionIdentity {
  readonly tenant: string;
  readonly subject: string;
  readonly session: string;
  /** A recording played faster than it was typed: its time span is not held against the clock. */
  readonly replay?: boolean;
  /** Authentication context class under which the subject signed in. */
  readonly acr?: string | undefined;
  /** A profile may be made in this session alone: who is in front of it is told that it is one. */
  readonly oneSitting?: boolean | undefined;
}

/** What a commit made durable, to be told to the client. */
export interface Committed {
  readonly acknowledged: readonly Acknowledgement[];
  /** Where the decision has changed since the last commit. */
  readonly action?: Decision & { readonly alert?: string };
}

/** How the tenant lets a profile be begun, in a session of this kind. */
function enrolmentOf(
  { acr, oneSitting, replay }: SessionIdentity,
  { enrolment: { sessions, strong }, strongAcr }: SessionSettings,
): TrackStart["enrolment"] {
  const isStrong = acr !== undefined && strongAcr.includes(acr);
  return { sessions: oneSitting || replay ? 1 : sessions, mayEnrol: !strong || isStrong };
}

/** Recordings, and sessions of the dashboard's own page, begin anew each time. */
function carriesOn({ oneSitting, replay }: SessionIdentity): boolean {
  return !oneSitting && !replay;
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
  readonly #keyboard: KeyboardTrack;
  readonly #pointer: PointerTrack;
  readonly #watch: AutomationWatch;
  /** None where dev plays a recording. */
  readonly #guard: ReplayGuard | undefined;
  readonly #belief: Belief;
  readonly #progress: StreamProgress;
  readonly #startedAtMs: number;
  #lastEventMs: number;
  #clockOffsetMs: number | undefined;
  #quantumMs: number;
  #strokes: number;
  #assurance: Assurance | undefined;
  /** Changed by other than frames since the last commit. */
  #isTurned = false;
  #isVerified = false;

  constructor(
    readonly deps: SessionDeps,
    readonly identity: SessionIdentity,
    stored: StoredSession,
  ) {
    const { checkpoint, profiles } = stored;
    const seed = this.#seed = Math.floor(deps.random() * 2 ** 31);
    const { session } = identity;
    const enrolment = enrolmentOf(identity, stored.settings);
    const start = (modality: Modality) => {
      const record = checkpoint?.[modality];
      return { profile: profiles[modality].profile, seed, record, session, enrolment };
    };
    this.#stored = stored;
    this.#keyboard = createKeyboardTrack(deps.models.keyboard, start("keyboard"));
    this.#pointer = createPointerTrack(deps.models.pointer, start("pointer"));
    this.#watch = new AutomationWatch(checkpoint?.watch, deps.models.automation);
    const sketches = identity.replay ? undefined : stored.sketches;
    this.#guard = sketches && new ReplayGuard(sketches, checkpoint?.guard);
    const subject = { ...identity, createAlertId: ulid };
    this.#belief = new Belief(subject, checkpoint?.belief, stored.settings.policy);
    this.#isTurned = this.#carryOn(stored.unanswered);
    this.#committedDecision = this.#belief.decision;
    this.#progress = new StreamProgress(checkpoint?.streams);
    this.#startedAtMs = checkpoint?.startedAtMs ?? deps.nowMs();
    this.#lastEventMs = checkpoint?.lastEventMs ?? 0;
    this.#clockOffsetMs = checkpoint?.clockOffsetMs;
    this.#quantumMs = checkpoint?.quantumMs ?? 0;
    this.#strokes = checkpoint?.strokes ?? 0;
    this.#assurance = checkpoint?.assurance;
  }

  /** A step-up that was asked in another session and not passed is asked in this one too. */
  #carryOn(unanswered: StoredSession["unanswered"]): boolean {
    const { action } = this.#belief.decision;
    if (!unanswered) this.#belief.releaseStepUp();
    else if (unanswered.session !== this.identity.session && carriesOn(this.identity)) {
      this.#belief.demandStepUp();
    }
    return this.#belief.decision.action !== action;
  }

  /** Last durable sequence number by stream: of this session's, and of pages it may go on with. */
  get durable(): ReadonlyMap<number, number> {
    return new Map([...this.#guard?.streams ?? [], ...this.#progress.durable]);
  }

  get decision(): Decision {
    return this.#belief.decision;
  }

  /** The belief at the newest event. */
  get risk(): Risk {
    return this.#belief.read(this.#lastEventMs);
  }

  /** What is known of the subject, by modality. */
  get statuses(): Readonly<Record<Modality, ModalityStatus>> {
    return { keyboard: this.#keyboard.status, pointer: this.#pointer.status };
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
    const before = this.#belief.decision;
    const replayed = this.#guardAgainst(frame);
    for (const event of events) await this.#take(event, stream);
    if (replayed.length) this.#suspect(replayed);
    this.#progress.advance(stream, sequence);
    recording?.take(events);
    return this.#belief.decision !== before;
  }

  /** The open incident's alert. */
  get alert(): string | undefined {
    return this.#belief.state.incident?.id;
  }

  /** By the last step-up that was passed; behaviour never raises it. */
  get assurance(): Assurance | undefined {
    return this.#assurance;
  }

  /** Step-ups were failed; see {@linkcode Belief.block}. What was elevated is so no more. */
  block(): void {
    this.#belief.block(this.#lastEventMs, this.deps.nowMs());
    this.#isVerified = false;
    this.#assurance = undefined;
    this.#isTurned = true;
  }

  /**
   * The subject passed a step-up: the belief starts anew, and what follows at once is theirs. What
   * they typed before it is not learned, for a stranger's strokes may be among it.
   */
  verify(assurance?: Assurance): void {
    this.#keyboard.confirm();
    this.#pointer.confirm();
    this.#guard?.forgive();
    this.#belief.reset(this.deps.nowMs());
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
    const alert = this.#belief.takeAlert();
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
      carryMs: carriesOn(identity) ? settings.carryMs : 0,
      isVerified: this.#isVerified,
      profiles: this.#stored.profiles,
      sketches: sketches && { stored: sketches, keptDays: settings.retention.idleProfiles },
      learned: { keyboard: this.#keyboard.takeLearned(), pointer: this.#pointer.takeLearned() },
      seed: this.#seed,
      sessions: this.#keyboard.start.enrolment.sessions,
    });
    if (stamps.sketches) this.#guard?.committed(stamps.sketches);
    this.#stored = { ...this.#stored, ...stamps, checkpoint, profiles };
    this.#isTurned = this.#isVerified = false;
    if (profiles.keyboard.profile) this.#keyboard.profile = profiles.keyboard.profile;
    if (profiles.pointer.profile) this.#pointer.profile = profiles.pointer.profile;
    return { acknowledged: this.#progress.acknowledge(), ...this.#actionChange() };
  }

  /** What of the frame is a copy, to be weighed when it is applied; an exact one is not applied. */
  #guardAgainst(frame: Frame): readonly AutomationFinding[] {
    const isAccepted = this.decision.action === "allow";
    const seen = this.#guard?.inspect(frame, this.#progress, isAccepted);
    if (!seen?.isRefused) return seen?.findings ?? [];
    this.#lastEventMs = frame.events.reduce(
      (newest, { timeMs }) => Math.max(newest, timeMs),
      this.#lastEventMs,
    );
    this.#suspect(seen.findings);
    throw replayDetected();
  }

  async #take(event: StreamEvent, stream: number): Promise<void> {
    this.#lastEventMs = Math.max(this.#lastEventMs, event.timeMs);
    const seen = this.#watch.push(event, stream, this.#quantumMs);
    if (seen) this.#suspect(seen);
    switch (event.kind) {
      case "stroke":
        this.#strokes++;
        return await this.#assess(this.#keyboard, this.#keyboard.push(event));
      case "pointer":
      case "button":
      case "wheel":
        return await this.#assess(this.#pointer, this.#pointer.push(event));
      case "clock":
        this.#quantumMs = event.quantumMs;
        return;
      case "mark":
        // No interval may be read across what the collector had to drop.
        if (event.mark === "lost") {
          this.#keyboard.reset();
          this.#pointer.reset();
        }
    }
  }

  /** Window -> features -> evidence -> risk -> decision -> alert, and what may be learned of it. */
  async #assess<
    Event extends StreamEvent,
    Window extends KeyboardWindow | PointerWindow,
    Settings,
  >(track: Track<Event, Window, Settings>, window: Window | undefined): Promise<void> {
    if (!window) return;
    this.#suspect(this.#watch.look(window, this.#quantumMs));
    try {
      const observation = await track.observe(window);
      if (!observation || track.learnConfirmed(observation, this.deps.nowMs())) return;
      const evidence = await track.weigh(observation);
      const readiness = clockConfidence(this.#quantumMs) * readinessOf(track.profile);
      const heard = evidence && weakened(evidence, clockWeight(this.#quantumMs, evidence.nats));
      if (heard) this.#belief.add(heard, readiness, this.deps.nowMs());
      else this.#belief.endUnknown(this.#lastEventMs, this.deps.nowMs());
      const isTrusted = this.#belief.trusted && teaches(this.#quantumMs);
      await track.settle(observation, evidence, isTrusted, this.deps.nowMs());
    } catch (cause) {
      // A model that fails must not read as safe; the stream itself is sound and goes on.
      if (!(cause instanceof GaitkeeperError) || cause.code !== "model_unavailable") throw cause;
      this.#belief.markUnknown(this.#lastEventMs, this.deps.nowMs());
    }
  }

  /** Weighs what the automation rules found; the fading of older findings goes on without any. */
  #suspect(findings: readonly AutomationFinding[]): void {
    if (!findings.length && !this.#belief.state.risk.automation) return;
    this.#belief.add(weighFindings(findings, this.#lastEventMs), 1, this.deps.nowMs());
  }

  #actionChange(): Pick<Committed, "action"> {
    const { decision, state: { incident } } = this.#belief;
    if (decision === this.#committedDecision) return {};
    this.#committedDecision = decision;
    return { action: { ...decision, ...incident ? { alert: incident.id } : {} } };
  }

  #checkpoint(nowMs: number): Checkpoint {
    return {
      version: 1,
      subject: this.identity.subject,
      startedAtMs: this.#startedAtMs,
      expiresAtMs: nowMs + CHECKPOINT_LIFE_MS,
      streams: this.#progress.applied,
      keyboard: this.#keyboard.record,
      pointer: this.#pointer.record,
      belief: this.#belief.state,
      watch: this.#watch.record,
      ...this.#guard ? { guard: this.#guard.record } : {},
      quantumMs: this.#quantumMs,
      ...this.#assurance ? { assurance: this.#assurance } : {},
      strokes: this.#strokes,
      lastEventMs: this.#lastEventMs,
      ...this.#clockOffsetMs === undefined ? {} : { clockOffsetMs: this.#clockOffsetMs },
    };
  }

  #record(nowMs: number): SessionRecord {
    const { decision, state: { incident, history } } = this.#belief;
    return sessionRecord({
      session: this.identity.session,
      subject: this.identity.subject,
      startedAtMs: this.#startedAtMs,
      nowMs,
      keptDays: this.#stored.settings.retention.sessions,
      risk: this.risk,
      decision,
      alert: incident?.id,
      assurance: this.#assurance,
      statuses: {
        keyboard: { ...this.#keyboard.status, scored: this.#keyboard.scored },
        pointer: { ...this.#pointer.status, scored: this.#pointer.scored },
      },
      strokes: this.#strokes,
      clockQuantumMs: this.#quantumMs,
      history,
    });
  }
}
