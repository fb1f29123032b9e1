/**
 * One modality of a live session: its open window, the subject's profile, the detectors that learned
 * it, and what may be learned next.
 */
import { usualOf, type Weigher, weighWindow, type WindowEvidence } from "./evidence.ts";
import type { Usual } from "./features/comparison.ts";
import type { Observation } from "./models/detector.ts";
import type { Observer } from "./models/model_set.ts";
import {
  anchorOf,
  createProfile,
  isSameProfile,
  isSettled,
  learnFrom,
  type Lesson,
  type Missing,
  type ModalityStatus,
  type Profile,
  PROFILE_SIZE,
  sessionsOf,
  type Stage,
  stageOf,
} from "./profile.ts";
import { openWindowOf, quarantineOf, type TrackRecord, trackRecord } from "./store/checkpoint.ts";
import type { TrackSettings, TrackStart, Windower } from "./track_settings.ts";
import type { Modality } from "./window.ts";
import type { StreamEvent } from "./wire.ts";

/** Evidence below which a window is taken by a profile that is not settled yet, nats. */
const ENROLLED_BELOW_NATS = -0.5;
/** Evidence below which a window may be learned, nats: stricter than what is let pass. */
const LEARNED_BELOW_NATS = -2.5;
/**
 * The same, by the anchors alone. Of a keyboard it is stricter still, so that what is half another's is
 * not learned: chosen by `deno task evaluate poisoning --part calibrate`.
 */
const ANCHORED_BELOW_NATS: Readonly<Record<Modality, number>> = { keyboard: -4.5, pointer: -2.5 };

/** Detectors that have learned a profile. */
interface Scales {
  readonly weigher: Weigher;
  readonly usual: Usual;
}

export class Track<Event extends StreamEvent, Window, Settings> {
  /** Windows learned since they were last taken by {@linkcode takeLearned}. */
  #learned: Lesson[] = [];
  #profile: Profile;
  #windower: Windower<Event, Window>;
  readonly #observer: Observer<Window>;
  #weigher: Scales | undefined;
  /** Holds windows against the first enrolment alone. */
  #anchor: Scales | undefined;
  /** A trusted window that waits for a whole further window of trust before it is learned. */
  #quarantine: Observation | undefined;
  #sinceLearned = 0;
  #scored = 0;
  /** Windows still to be learned because a step-up was just passed. */
  #confirmed = 0;

  constructor(
    readonly settings: TrackSettings<Event, Window, Settings>,
    readonly start: TrackStart,
  ) {
    const { modality, models, createWindower } = settings;
    const { profile, seed, record } = start;
    this.#profile = profile ?? createProfile(modality, models.version, seed);
    this.#windower = createWindower(models.window, record && openWindowOf<Event>(record));
    this.#observer = models.createObserver(record?.observer);
    if (!record) return;
    if (this.#profile.rollbacks === (record.rollbacks ?? 0)) {
      this.#quarantine = quarantineOf(record);
    }
    this.#sinceLearned = record.sinceLearned;
    this.#scored = record.scored;
    this.#confirmed = record.confirmed ?? 0;
  }

  get profile(): Profile {
    return this.#profile;
  }

  /**
   * The profile as it stands in the store, with what this and other sessions learned; or rolled back,
   * and then what waits here to be learned is void.
   */
  set profile(profile: Profile) {
    if (!isSameProfile(profile, this.#profile)) this.#weigher = this.#anchor = undefined;
    if (profile.rollbacks !== this.#profile.rollbacks) {
      this.#quarantine = undefined;
      this.#sinceLearned = 0;
    }
    this.#profile = profile;
  }

  get scored(): number {
    return this.#scored;
  }

  /** Takes an event; the window that it completes, if it does. */
  push(event: Event): Window | undefined {
    return this.#windower.push(event);
  }

  /** The last window of a stream that ends. */
  flush(): Window | undefined {
    return this.#windower.flush();
  }

  observe(window: Window): Promise<Observation | undefined> {
    return this.#observer.observe(window);
  }

  /** What a window says; `undefined` while the profile is not ready. */
  async weigh(observation: Observation): Promise<WindowEvidence | undefined> {
    if (this.#stage !== "ready") return undefined;
    this.#weigher ??= this.#createScales(this.#profile);
    const { weigher, usual } = this.#weigher;
    const evidence = await weighWindow(weigher, usual, observation);
    if (evidence) this.#scored++;
    return evidence;
  }

  /**
   * The subject passed a step-up: the open window, of which they may have typed nothing, is dropped,
   * and the next windows are theirs.
   */
  confirm(): void {
    this.reset();
    this.#quarantine = undefined;
    this.#sinceLearned = 0;
    this.#confirmed = this.settings.confirmed;
  }

  /**
   * Learns a window that a step-up vouches for: whoever was alarmed wrongly is known better
   * afterwards, and is not asked again at once.
   * @returns whether it was one; then it is no evidence.
   */
  learnConfirmed(observation: Observation, nowMs: number): boolean {
    if (!this.#confirmed) return false;
    this.#confirmed--;
    this.#learn({ observation, atMs: nowMs, vouched: true, last: this.#confirmed === 0 });
    return true;
  }

  /**
   * Learns, or does not; `nowMs` is the server's clock. An unfinished profile takes every window of a
   * trusted session; one that is ready and not yet settled, every one that speaks for the subject. A
   * settled one takes windows that share no input, speak clearly for the subject, held against its
   * anchors alone as well, and were followed by a whole further window of trust in which nothing spoke
   * against the subject: by then a stranger who took over would have been noticed. Of these it takes so
   * many a day and no more.
   */
  async settle(
    observation: Observation,
    evidence: WindowEvidence | undefined,
    trusted: boolean,
    nowMs: number,
  ): Promise<void> {
    if (!trusted) {
      this.#quarantine = undefined;
      this.#sinceLearned = 0;
      return;
    }
    const lesson = { observation, atMs: nowMs };
    if (!evidence) {
      return this.start.enrolment.mayEnrol && !this.#gaveShare ? this.#learn(lesson) : undefined;
    }
    if (!isSettled(this.#profile)) {
      return evidence.nats < ENROLLED_BELOW_NATS ? this.#learn(lesson) : undefined;
    }
    if (evidence.nats >= 0) this.#quarantine = undefined;
    if (++this.#sinceLearned < this.settings.length / this.settings.hop) return;
    if (this.#quarantine) this.#learn({ observation: this.#quarantine, atMs: nowMs });
    this.#sinceLearned = 0;
    const speaksFor = evidence.nats < LEARNED_BELOW_NATS && await this.#isAnchored(observation);
    this.#quarantine = speaksFor ? observation : undefined;
  }

  /**
   * Whether a window would be learned by who the subject was when they enrolled: however small the
   * steps, nobody walks a profile away from there.
   */
  async #isAnchored(observation: Observation): Promise<boolean> {
    this.#anchor ??= this.#createScales(anchorOf(this.#profile));
    const { weigher, usual } = this.#anchor;
    const evidence = await weighWindow(weigher, usual, observation);
    return evidence !== undefined && evidence.nats < ANCHORED_BELOW_NATS[this.settings.modality];
  }

  reset(): void {
    this.#windower.reset();
    this.#observer.reset();
  }

  /** Hands over what was learned, to be committed. */
  takeLearned(): readonly Lesson[] {
    const learned = this.#learned;
    this.#learned = [];
    return learned;
  }

  get status(): ModalityStatus {
    const { learned } = this.#profile;
    const stage = this.#stage;
    return stage === "ready" ? { stage, learned } : { stage, learned, missing: this.#missing };
  }

  get #stage(): Stage {
    return stageOf(this.#profile, this.start.enrolment.sessions);
  }

  get #missing(): Missing {
    const { missing, modality, hop } = this.settings;
    const { sessions, mayEnrol } = this.start.enrolment;
    if (!mayEnrol) return { amount: 1, unit: "strong sign-ins" };
    const windows = PROFILE_SIZE[modality].ready - this.#profile.learned;
    if (windows > 0 && !this.#gaveShare) {
      return missing(this.#windower.untilNext + (windows - 1) * hop);
    }
    return { amount: Math.max(1, sessions - sessionsOf(this.#profile)), unit: "sessions" };
  }

  /** Has this session given all that one of several may, before the others have given theirs? */
  get #gaveShare(): boolean {
    const { session, enrolment: { sessions } } = this.start;
    const given = this.#profile.sittings.find((sitting) => sitting.session === session)?.windows ??
      0;
    return sessions > 1 && given >= PROFILE_SIZE[this.settings.modality].settled / sessions;
  }

  get record(): TrackRecord {
    return trackRecord(this.#windower.open, {
      scored: this.#scored,
      sinceLearned: this.#sinceLearned,
      quarantine: this.#quarantine,
      confirmed: this.#confirmed,
      observer: this.#observer.record,
      rollbacks: this.#profile.rollbacks,
    });
  }

  #learn(lesson: Lesson): void {
    const profile = learnFrom(this.start.session)(this.#profile, lesson);
    if (profile === this.#profile) return;
    this.#profile = profile;
    this.#learned.push(lesson);
    this.#weigher = undefined;
  }

  #createScales(profile: Profile): Scales {
    const { modality, models } = this.settings;
    const detectors = models.createDetectors(profile.seed);
    for (const reference of profile.references) {
      for (const detector of detectors) detector.learnOne(reference);
    }
    const { features, withinDeviation, fusion } = models;
    const weigher = { modality, features, withinDeviation, fusion, detectors, profile };
    return { weigher, usual: usualOf(weigher) };
  }
}
