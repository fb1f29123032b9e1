/** One impostor against one subject: enrolment, the attack through live sessions, what it gained. */
import { ulid } from "@std/ulid";
import { DEFAULT_DECISION_POLICY } from "../../../core/decision.ts";
import type { WindowEvidence } from "../../../core/evidence.ts";
import type { ModelSet } from "../../../core/models/model_set.ts";
import { learnWindow, type Profile } from "../../../core/profile.ts";
import { seededRandom } from "../../../core/random.ts";
import { addEvidence, DEFAULT_RISK_POLICY, readRisk } from "../../../core/risk.ts";
import { type LiveSession, openSession, type SessionDeps } from "../../../core/session.ts";
import { getProfile } from "../../../core/store/profiles.ts";
import { Vault } from "../../../core/store/vault.ts";
import { recordingSettings } from "../../../core/tenant.ts";
import { createKeyboardTrack } from "../../../core/modality_tracks.ts";
import type { Stroke } from "../../../core/wire.ts";
import { type AttackName, ATTACKS, type Beat, beatsOf, strokesOf } from "./attack.ts";

export interface Schedule {
  readonly steps: number;
  readonly strokesAStep: number;
  readonly stepsASession: number;
  readonly sessionsADay: number;
}

export const SCHEDULE: Schedule = {
  steps: 500,
  strokesAStep: 20,
  stepsASession: 10,
  sessionsADay: 5,
};

export interface Trial {
  /** What the subject typed first, and what the impostor has of them. */
  readonly enrol: readonly Stroke[];
  readonly own: readonly Stroke[];
  /** What the impostor moves to, and other typing of theirs, to measure by. */
  readonly stranger: readonly Stroke[];
  readonly probe: readonly Stroke[];
  readonly seed: number;
}

export interface Poisoned {
  /** The profile as it was enrolled, and as the attack left it. */
  readonly frozen: Profile;
  readonly poisoned: Profile;
  /** The attack itself, step by step. */
  readonly steps: readonly Beat[][];
  /** Sessions of the attack that ended with a step-up. */
  readonly stepUps: number;
  readonly sessions: number;
}

const MASTER_KEY = "0".repeat(64);
const START_MS = 1.7e12;
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const IDENTITY = { tenant: "evaluation", subject: "subject", replay: true };

/** `undefined` where enrolment does not make the profile ready. */
export async function poison(
  models: ModelSet,
  name: AttackName,
  trial: Trial,
  schedule: Schedule = SCHEDULE,
): Promise<Poisoned | undefined> {
  using kv = await Deno.openKv(":memory:");
  const clock = { nowMs: START_MS };
  const random = seededRandom(trial.seed);
  const vault = await Vault.open(MASTER_KEY);
  const withoutTenant = recordingSettings();
  const deps = { kv, vault, models, nowMs: () => clock.nowMs, random, withoutTenant };
  const open = () => openSession(deps, { ...IDENTITY, session: ulid() });

  const enrolling = await open();
  const player = new Player(clock);
  for (const stroke of strokesOf(beatsOf(trial.enrol), clock.nowMs)) {
    await player.play(enrolling, stroke);
    if (enrolling.decision.action !== "allow") enrolling.verify();
  }
  await enrolling.commit();
  const frozen = await profileOf(deps);
  if (enrolling.statuses.keyboard.stage !== "ready" || !frozen) return undefined;

  const [own, stranger] = [beatsOf(trial.own), beatsOf(trial.stranger)];
  const attack = ATTACKS[name](own, stranger, random);
  const steps = Array.from(
    { length: schedule.steps },
    (_, step) => attack((step + 1) / schedule.steps, schedule.strokesAStep),
  );
  const told = await attackLive(open, clock, steps, schedule);
  return { frozen, poisoned: (await profileOf(deps))!, steps, ...told };
}

/** Plays the attack as its sessions. Whoever is asked to step up cannot, and comes back later. */
async function attackLive(
  open: () => Promise<LiveSession>,
  clock: { nowMs: number },
  beats: readonly Beat[][],
  { stepsASession, sessionsADay }: Schedule,
): Promise<Pick<Poisoned, "stepUps" | "sessions">> {
  let [stepUps, sessions] = [0, 0];
  for (let from = 0; from < beats.length; from += stepsASession) {
    const day = 1 + Math.floor(sessions / sessionsADay);
    clock.nowMs = START_MS + day * DAY_MS + sessions % sessionsADay * HOUR_MS;
    const session = await open();
    const player = new Player(clock);
    for (const step of beats.slice(from, from + stepsASession)) {
      for (const stroke of strokesOf(step, clock.nowMs)) await player.play(session, stroke);
      await session.commit();
      if (session.decision.action === "allow") continue;
      stepUps++;
      break;
    }
    sessions++;
  }
  return { stepUps, sessions };
}

/** What becomes of a profile that learns all that is let pass, at once and without end. */
export async function learnAll(
  models: ModelSet,
  { frozen, steps }: Pick<Poisoned, "frozen" | "steps">,
): Promise<Profile> {
  const track = trackOf(models, frozen);
  for (const stroke of strokesOf(steps.flat(), START_MS)) {
    const window = track.push(stroke);
    const observation = window && await track.observe(window);
    const evidence = observation && await track.weigh(observation);
    if (evidence && isAccepted(evidence)) track.profile = learnWindow(track.profile, observation);
  }
  return track.profile;
}

/** Of somebody's windows, how many a profile lets pass. */
export async function countAccepted(
  models: ModelSet,
  profile: Profile,
  strokes: readonly Stroke[],
): Promise<{ readonly windows: number; readonly accepted: number }> {
  const track = trackOf(models, profile);
  let [windows, accepted] = [0, 0];
  for (const stroke of strokes) {
    const window = track.push(stroke);
    const observation = window && await track.observe(window);
    const evidence = observation && await track.weigh(observation);
    if (!evidence) continue;
    windows++;
    accepted += Number(isAccepted(evidence));
  }
  return { windows, accepted };
}

/** Whether a window is below a step-up, heard alone and of a profile that is wholly ready. */
function isAccepted(evidence: WindowEvidence): boolean {
  const state = addEvidence({}, evidence, 1, DEFAULT_RISK_POLICY);
  const { risk } = readRisk(state, evidence.endMs, DEFAULT_RISK_POLICY);
  return risk < DEFAULT_DECISION_POLICY.levels.high.enter;
}

function trackOf(models: ModelSet, profile: Profile) {
  const enrolment = { sessions: 1, mayEnrol: true };
  const start = { profile, seed: profile.seed, record: undefined, session: "", enrolment };
  return createKeyboardTrack(models.keyboard, start);
}

async function profileOf({ kv, vault, models }: SessionDeps): Promise<Profile | undefined> {
  const dataKey = await vault.dataKey(kv, IDENTITY.tenant, IDENTITY.subject);
  return (await getProfile(kv, dataKey, "keyboard", models.keyboard.version)).profile;
}

/** A page that sends strokes one at a time, as they are let go. */
class Player {
  #sequence = 0;

  constructor(readonly clock: { nowMs: number }) {}

  async play(session: LiveSession, stroke: Stroke): Promise<void> {
    this.clock.nowMs = Math.ceil(Math.max(this.clock.nowMs, stroke.timeMs + stroke.holdMs));
    await session.receive({ stream: 1, sequence: ++this.#sequence, events: [stroke] });
  }
}
