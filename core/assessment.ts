/**
 * The stages in order: events become windows, windows become features, features become evidence,
 * evidence becomes risk, and risk becomes a decision, in memory alone; session.ts makes it durable.
 */
import { ulid } from "@std/ulid";
import { Belief } from "./belief.ts";
import { clockConfidence, clockWeight, teaches } from "./clock.ts";
import { GaitkeeperError } from "./error.ts";
import { weakened, weighFindings } from "./evidence.ts";
import { type AutomationFinding, AutomationWatch } from "./models/automation.ts";
import { InputTally } from "./input_tally.ts";
import { type ModalityStatus, readinessOf } from "./profile.ts";
import type { Risk } from "./risk.ts";
import { enrolmentOf, type SessionDeps, type SessionIdentity } from "./session_terms.ts";
import type { Checkpoint } from "./store/checkpoint.ts";
import type { StoredSession } from "./store/checkpoints.ts";
import type { Track } from "./track.ts";
import {
  createKeyboardTrack,
  createPointerTrack,
  type KeyboardTrack,
  type PointerTrack,
} from "./modality_tracks.ts";
import type { KeyboardWindow, Modality, PointerWindow } from "./window.ts";
import type { StreamEvent } from "./wire.ts";

/** The part of a checkpoint that goes on with an assessment. */
export type AssessmentRecord = Pick<
  Checkpoint,
  "keyboard" | "pointer" | "belief" | "watch" | "input" | "quantumMs" | "strokes" | "lastEventMs"
>;

export class Assessment {
  readonly keyboard: KeyboardTrack;
  readonly pointer: PointerTrack;
  readonly belief: Belief;
  readonly #watch: AutomationWatch;
  readonly #input: InputTally;
  readonly #nowMs: () => number;
  /** Newest event's time, ms by the events' clock. */
  #lastEventMs: number;
  #quantumMs: number;
  #strokes: number;

  /** @param seed of a profile that begins here. */
  constructor(
    { models, nowMs }: SessionDeps,
    identity: SessionIdentity,
    { checkpoint, profiles, settings }: StoredSession,
    seed: number,
  ) {
    const enrolment = enrolmentOf(identity, settings);
    const { session } = identity;
    const start = (modality: Modality) => {
      const record = checkpoint?.[modality];
      return { profile: profiles[modality].profile, seed, record, session, enrolment };
    };
    this.#nowMs = nowMs;
    this.keyboard = createKeyboardTrack(models.keyboard, start("keyboard"));
    this.pointer = createPointerTrack(models.pointer, start("pointer"));
    this.#watch = new AutomationWatch(checkpoint?.watch, models.automation);
    this.#input = new InputTally(checkpoint?.input);
    const subject = { ...identity, createAlertId: ulid };
    this.belief = new Belief(subject, checkpoint?.belief, settings.policy);
    this.#lastEventMs = checkpoint?.lastEventMs ?? 0;
    this.#quantumMs = checkpoint?.quantumMs ?? 0;
    this.#strokes = checkpoint?.strokes ?? 0;
  }

  /** The belief at the newest event. */
  get risk(): Risk {
    return this.belief.read(this.#lastEventMs);
  }

  /** What is known of the subject, by modality. */
  get statuses(): Readonly<Record<Modality, ModalityStatus & { readonly scored: number }>> {
    const { keyboard, pointer } = this;
    return {
      keyboard: { ...keyboard.status, scored: keyboard.scored },
      pointer: { ...pointer.status, scored: pointer.scored },
    };
  }

  get record(): AssessmentRecord {
    return {
      keyboard: this.keyboard.record,
      pointer: this.pointer.record,
      belief: this.belief.state,
      watch: this.#watch.record,
      input: this.#input.record,
      quantumMs: this.#quantumMs,
      strokes: this.#strokes,
      lastEventMs: this.#lastEventMs,
    };
  }

  /** Takes note of the events' time, of those too that are not applied. */
  advance(events: readonly StreamEvent[]): void {
    for (const { timeMs } of events) this.#lastEventMs = Math.max(this.#lastEventMs, timeMs);
  }

  /** A step-up was passed: the belief starts anew, and the next windows are the subject's. */
  confirm(): void {
    this.keyboard.confirm();
    this.pointer.confirm();
    this.belief.reset(this.#nowMs());
  }

  /** Step-ups were failed; see {@linkcode Belief.block}. */
  block(): void {
    this.belief.block(this.#lastEventMs, this.#nowMs());
  }

  /** Applies one event of a stream. */
  async take(event: StreamEvent, stream: number): Promise<void> {
    this.advance([event]);
    this.#input.take(event);
    const seen = this.#watch.push(event, stream, this.#quantumMs);
    if (seen) this.suspect(seen);
    switch (event.kind) {
      case "stroke":
        this.#strokes++;
        return await this.#assess(this.keyboard, this.keyboard.push(event));
      case "pointer":
      case "button":
      case "wheel":
        return await this.#assess(this.pointer, this.pointer.push(event));
      case "clock":
        this.#quantumMs = event.quantumMs;
        return;
      case "mark":
        // No interval may be read across what the collector had to drop.
        if (event.mark === "lost") {
          this.keyboard.reset();
          this.pointer.reset();
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
    this.suspect(this.#watch.look(window, this.#quantumMs));
    try {
      const observation = await track.observe(window);
      if (!observation || track.learnConfirmed(observation, this.#nowMs())) return;
      const evidence = await track.weigh(observation);
      const readiness = clockConfidence(this.#quantumMs) * readinessOf(track.profile);
      const heard = evidence && weakened(evidence, clockWeight(this.#quantumMs, evidence.nats));
      if (heard) this.belief.add(heard, readiness, this.#nowMs());
      else this.belief.endUnknown(this.#lastEventMs, this.#nowMs());
      const isTrusted = this.belief.trusted && teaches(this.#quantumMs);
      await track.settle(observation, evidence, isTrusted, this.#nowMs());
    } catch (cause) {
      // A model that fails must not read as safe; the stream itself is sound and goes on.
      if (!(cause instanceof GaitkeeperError) || cause.code !== "model_unavailable") throw cause;
      this.belief.markUnknown(this.#lastEventMs, this.#nowMs());
    }
  }

  /** Weighs what the automation rules found; the fading of older findings goes on without any. */
  suspect(findings: readonly AutomationFinding[]): void {
    if (!findings.length && !this.belief.state.risk.automation) return;
    this.belief.add(weighFindings(findings, this.#lastEventMs), 1, this.#nowMs());
  }
}
