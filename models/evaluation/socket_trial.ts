/** One person's trial over the socket: enrol, then probe with the same hand and with another. */
import type { StreamEvent } from "../../core/wire.ts";
import { type Part, play, type Played, type PlayOptions } from "./player.ts";
import type { Service, SessionView } from "./service.ts";

/** What one trial plays; every part begins at time 0. */
export interface Trial {
  readonly subject: string;
  readonly enrol: readonly StreamEvent[];
  readonly genuine: readonly StreamEvent[];
  readonly strangers: readonly {
    readonly subject: string;
    readonly events: readonly StreamEvent[];
  }[];
}

export interface TrialOptions {
  readonly system: () => Pick<PlayOptions, "nowMs" | "delay" | "stream">;
  /** The probe goes on in the session of enrolment; else it is a session of its own. */
  readonly takeover: boolean;
  /** Distinguishes this evaluation's subjects from all others of the service. */
  readonly run: string;
}

/** How one probe ended. */
export interface ProbeResult {
  readonly subject: string;
  readonly playing: string;
  readonly isStranger: boolean;
  /** Whether the profile was ready when the probe began. */
  readonly wasReady: boolean;
  readonly finalRisk: number;
  readonly confidence: number;
  readonly scored: number;
  /** Windows that the profile took from the probe. */
  readonly learned: number;
  /** Whether a step-up was asked while the probe played. */
  readonly isAlerted: boolean;
  /** Into the probe, when the first step-up was asked. */
  readonly alertedAtStroke: number | undefined;
  readonly alertedAtMs: number | undefined;
  /** Readings looked at, and those whose reasons do not add up to the evidence or are missing. */
  readonly assessments: number;
  readonly unexplained: number;
}

/** Frames on the way at a time: enough that the service, not the wait for commits, sets the pace. */
const WINDOW_FRAMES = 160;
/** Between enrolment and a probe on the same socket, ms. */
const PAUSE_MS = 2000;
/** Reasons and evidence are sums of the same numbers in another order. */
const SUM_TOLERANCE = 1e-6;

/** Runs every probe, each on a fresh profile, so that none teaches another's. */
export async function runTrial(
  service: Service,
  { subject, enrol, genuine, strangers }: Trial,
  options: TrialOptions,
): Promise<ProbeResult[]> {
  const run = options.takeover ? takeOver : probeApart;
  const results: ProbeResult[] = [];
  for (const [i, probe] of [{ subject, events: genuine }, ...strangers].entries()) {
    const as = `${subject}-${i}-${options.run}`;
    const played = { as, enrolled: subject, enrol, playing: probe.subject, probe: probe.events };
    const outcome = await run(service, played, options);
    results.push({ ...outcome, subject, playing: probe.subject, isStranger: i > 0 });
  }
  return results;
}

interface Probe {
  readonly as: string;
  readonly enrolled: string;
  readonly enrol: readonly StreamEvent[];
  readonly playing: string;
  readonly probe: readonly StreamEvent[];
}
type Outcome = Omit<ProbeResult, "subject" | "playing" | "isStranger">;

async function probeApart(
  service: Service,
  { as, enrol, probe, playing, enrolled }: Probe,
  { system }: TrialOptions,
): Promise<Outcome> {
  const options = () => ({ ...system(), as, speed: "max" as const, window: WINDOW_FRAMES });
  const first = await play(service, [at(enrolled, enrol, Date.now())], options());
  const second = await play(service, [at(playing, probe, Date.now())], options());
  return outcomeOf(second, first.final, second.stepUps[0], [first, second]);
}

async function takeOver(
  service: Service,
  { as, enrol, probe, playing, enrolled }: Probe,
  { system }: TrialOptions,
): Promise<Outcome> {
  const first = at(enrolled, enrol, Date.now());
  const second = at(`${playing} probing`, probe, first.events.at(-1)!.timeMs + PAUSE_MS);
  const played = await play(service, [first, second], {
    ...system(),
    as,
    speed: "max",
    window: WINDOW_FRAMES,
  });
  const before = played.readings.filter((reading) => reading.playing === first.subject).at(-1);
  const stepUp = played.stepUps.find((asked) => asked.playing === second.subject);
  return outcomeOf(played, before!, stepUp, [played]);
}

function at(subject: string, events: readonly StreamEvent[], startMs: number): Part {
  const shiftMs = startMs - events[0]!.timeMs;
  return { subject, events: events.map((event) => ({ ...event, timeMs: event.timeMs + shiftMs })) };
}

function learnedOf({ keyboard, pointer }: SessionView): number {
  return keyboard.windowsLearned + pointer.windowsLearned;
}

function outcomeOf(
  { final }: Played,
  enrolled: SessionView,
  stepUp: Played["stepUps"][number] | undefined,
  sessions: readonly Played[],
): Outcome {
  const readings = sessions.flatMap((played) => [...played.readings, played.final]);
  const unexplained = readings.filter(({ reasons, evidenceNats, keyboard, pointer }) => {
    const sum = reasons.reduce((total, { nats }) => total + nats, 0);
    const isSilent = keyboard.windowsScored + pointer.windowsScored > 0 && reasons.length === 0;
    return isSilent || Math.abs(sum - evidenceNats) > SUM_TOLERANCE;
  });
  return {
    wasReady: enrolled.keyboard.stage === "ready" || enrolled.pointer.stage === "ready",
    learned: learnedOf(final) - learnedOf(enrolled),
    finalRisk: final.risk,
    confidence: final.confidence,
    scored: final.keyboard.windowsScored + final.pointer.windowsScored,
    isAlerted: stepUp !== undefined,
    alertedAtStroke: stepUp?.strokesOfPart,
    alertedAtMs: stepUp?.msOfPart,
    assessments: readings.length,
    unexplained: unexplained.length,
  };
}
