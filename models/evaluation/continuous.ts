/**
 * `--continuous`: each subject types on in a live session, then another person takes over, under the
 * policy that ships.
 */
import { ulid } from "@std/ulid";
import { DEFAULT_DECISION_POLICY } from "../../core/decision.ts";
import { quantile } from "../../core/features/vector.ts";
import { loadModels, type ReadModelFile } from "../../core/models/load.ts";
import type { ModelSet } from "../../core/models/model_set.ts";
import { seededRandom } from "../../core/random.ts";
import { DEFAULT_RISK_POLICY, type RiskPolicy } from "../../core/risk.ts";
import { type LiveSession, openSession, type SessionDeps } from "../../core/session.ts";
import { recordingSettings, type SessionSettings } from "../../core/tenant.ts";
import { Vault } from "../../core/store/vault.ts";
import type { TraceSession } from "../../core/trace.ts";
import { type Modality, POINTER_PAUSE_MS } from "../../core/window.ts";
import type { StreamEvent } from "../../core/wire.ts";
import { layEndToEnd } from "../training/people.ts";
import { withClock } from "./collector_clock.ts";
import { readModelFile, type Shape } from "./observe.ts";
import { type Trials } from "./trials.ts";

/** Of stores in memory that are gone with the measurement. */
const MASTER_KEY = "0".repeat(64);

/** Strokes, or seconds of movement, after which the share of strangers found is told. */
const DETECTED_BY = { keyboard: [25, 50, 100, 200], pointer: [15, 30, 60, 120] } as const;

export interface ContinuousFigures {
  /** Step-ups asked of the subjects themselves, each of which they pass. */
  readonly falseAlarmsPer1000Strokes?: number;
  readonly falseAlarmsPerHour?: number;
  /** Strokes, or seconds of movement, from the takeover to the step-up; `null` is never. */
  readonly medianToDetect: number | null;
  readonly p90ToDetect: number | null;
  /** Share of takeovers found by so many strokes or seconds. */
  readonly detectedBy: Readonly<Record<string, number>>;
  /** Share of the subjects' own time above `elevated`. */
  readonly genuineAboveElevated: number;
  /** Share of the subjects who ever were above it. */
  readonly subjectsAboveElevated: number;
  readonly takeovers: number;
  /** Subjects whose enrolment left the profile unready, and who are in no other figure here. */
  readonly notReady: number;
}

/** What one subject's session gave. */
interface Watched {
  /** Strokes, or seconds of movement, that the subject gave. */
  readonly own: number;
  readonly alarms: number;
  readonly elevated: number;
  /** Until the stranger was asked to step up; Infinity where that never came. */
  readonly found: number;
}

/** Enrols and watches everybody; strangers are chosen by the seed. */
export async function watch(
  modality: Modality,
  { enrolled, probes }: Trials,
  options: {
    readonly seed: number;
    readonly shape?: Shape;
    /** Instead of the one that ships. */
    readonly riskPolicy?: RiskPolicy;
    /** Instead of those that ship. */
    readonly readFile?: ReadModelFile;
    readonly onProgress?: (share: number, note: string) => void;
  },
): Promise<ContinuousFigures> {
  const random = seededRandom(options.seed);
  const models = await loadModels(options.readFile ?? readModelFile);
  const sessionsOf = (subject: string) =>
    (probes.get(subject) ?? []).filter(({ genuine }) => genuine !== false)
      .flatMap(({ sessions }) => sessions);
  const people = enrolled.filter(({ subject }) => sessionsOf(subject).length);
  const found: Watched[] = [];
  let notReady = 0;
  for (const [i, { subject, sessions }] of people.entries()) {
    const other = (i + 1 + Math.floor(random() * (people.length - 1))) % people.length;
    const stranger = sessionsOf(people[other]!.subject);
    const watched = await watchOne(models, modality, {
      enrol: sessions,
      own: sessionsOf(subject),
      stranger: people.length > 1 ? stranger : [],
      shape: options.shape,
      riskPolicy: options.riskPolicy,
      seed: Math.floor(random() * 2 ** 31),
    });
    if (watched) found.push(watched);
    else notReady++;
    options.onProgress?.((i + 1) / people.length, `${i + 1} of ${people.length} people watched`);
  }
  return figuresOf(modality, found, notReady);
}

interface Stay {
  readonly enrol: readonly TraceSession[];
  readonly own: readonly TraceSession[];
  readonly stranger: readonly TraceSession[];
  readonly shape?: Shape | undefined;
  readonly riskPolicy?: RiskPolicy | undefined;
  readonly seed: number;
}

/** `undefined` where enrolment did not make the profile ready. */
async function watchOne(
  models: ModelSet,
  modality: Modality,
  { enrol, own, stranger, shape, riskPolicy = DEFAULT_RISK_POLICY, seed }: Stay,
): Promise<Watched | undefined> {
  using kv = await Deno.openKv(":memory:");
  let clockMs = 1.7e12;
  const random = seededRandom(seed);
  const defaults = recordingSettings();
  const withoutTenant: SessionSettings = {
    ...defaults,
    policy: { ...defaults.policy, risk: riskPolicy },
  };
  const deps: SessionDeps = {
    kv,
    vault: await Vault.open(MASTER_KEY),
    models,
    nowMs: () => clockMs,
    random,
    withoutTenant,
  };
  const identity = { tenant: "evaluation", subject: "subject", replay: true };
  const open = () => openSession(deps, { ...identity, session: ulid() });
  const eventsOf = (sessions: readonly TraceSession[], shape?: Shape) =>
    withClock(layEndToEnd(sessions, { startMs: clockMs, shape }).flatMap(({ events }) => events));

  const enrolling = await open();
  const player = new Player(modality, 1);
  for (const event of eventsOf(enrol)) {
    await player.play(enrolling, event);
    if (enrolling.decision.action !== "allow") enrolling.verify();
  }
  clockMs = Math.ceil(Math.max(clockMs, player.lastMs)) + 60_000;
  await enrolling.commit();
  if (enrolling.statuses[modality].stage !== "ready") return undefined;

  const session = await open();
  const mine = new Player(modality, 2);
  let [alarms, elevated] = [0, 0];
  for (const event of eventsOf(own, shape)) {
    const before = mine.amount;
    await mine.play(session, event);
    if (session.decision.level !== "low") elevated += mine.amount - before;
    if (session.decision.action === "allow") continue;
    alarms++;
    session.verify();
  }
  clockMs = Math.ceil(Math.max(clockMs, mine.lastMs)) + 2000;
  const theirs = new Player(modality, 3);
  let found = Infinity;
  for (const event of eventsOf(stranger, shape)) {
    await theirs.play(session, event);
    if (session.decision.action === "allow") continue;
    found = theirs.amount;
    break;
  }
  return { own: mine.amount, alarms, elevated, found };
}

/** Plays events into sessions one at a time and counts what they are worth. */
class Player {
  /** Strokes, or seconds of movement. */
  amount = 0;
  lastMs = 0;
  #sequence = 0;
  #lastSampleMs = -Infinity;

  /** @param page its stream: each player is a page of its own. */
  constructor(readonly modality: Modality, readonly page: number) {}

  async play(session: LiveSession, event: StreamEvent): Promise<void> {
    await session.receive({ stream: this.page, sequence: ++this.#sequence, events: [event] });
    this.lastMs = Math.max(this.lastMs, event.timeMs);
    if (this.modality === "keyboard") this.amount += event.kind === "stroke" ? 1 : 0;
    else if (event.kind === "pointer") {
      const gapMs = event.timeMs - this.#lastSampleMs;
      if (gapMs <= POINTER_PAUSE_MS) this.amount += gapMs / 1000;
      this.#lastSampleMs = event.timeMs;
    }
  }
}

function figuresOf(
  modality: Modality,
  found: readonly Watched[],
  notReady: number,
): ContinuousFigures {
  const own = found.reduce((sum, watched) => sum + watched.own, 0);
  const alarms = found.reduce((sum, watched) => sum + watched.alarms, 0);
  const elevated = found.reduce((sum, watched) => sum + watched.elevated, 0);
  const delays = found.map((watched) => watched.found);
  const at = (share: number) => {
    const delay = quantile(delays.map((value) => Math.min(value, 1e9)), share);
    return delay < 1e8 ? delay : null;
  };
  const shares = DETECTED_BY[modality].map((amount) =>
    [String(amount), delays.filter((delay) => delay <= amount).length / delays.length] as const
  );
  return {
    ...modality === "keyboard"
      ? { falseAlarmsPer1000Strokes: 1000 * alarms / own }
      : { falseAlarmsPerHour: 3600 * alarms / own },
    medianToDetect: at(0.5),
    p90ToDetect: at(0.9),
    detectedBy: Object.fromEntries(shares),
    genuineAboveElevated: elevated / own,
    subjectsAboveElevated: found.filter((watched) => watched.elevated > 0).length / found.length,
    takeovers: delays.length,
    notReady,
  };
}

/** What is counted as an alarm, in words. */
export const ALARM = `a step-up: risk ${DEFAULT_DECISION_POLICY.levels.high.enter} or more at a ` +
  `confidence of ${DEFAULT_DECISION_POLICY.stepUpConfidence}`;
