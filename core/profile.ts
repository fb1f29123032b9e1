/** What is known of one subject in one modality, and what is still missing before it speaks. */
import type { Observation } from "./models/detector.ts";
import { seededRandom } from "./random.ts";
import type { Modality } from "./window.ts";

/** cold: nothing learned; learning: some; ready: enough to score. */
export type Stage = "cold" | "learning" | "ready";

/**
 * What a modality may still need: input; another session, since a profile of one sitting knows a mood;
 * a session that began with a strong sign-in, where the tenant lets no other teach.
 */
export const MISSING_UNITS = [
  "strokes",
  "seconds of movement",
  "sessions",
  "strong sign-ins",
] as const;

/** What a modality still needs, in the words of the person who gives it. */
export interface Missing {
  readonly amount: number;
  readonly unit: typeof MISSING_UNITS[number];
}

export interface ModalityStatus {
  readonly stage: Stage;
  /** Windows learned so far, ever. */
  readonly learned: number;
  /** Present until the stage is ready. */
  readonly missing?: Missing;
}

/** The detectors of a profile are rebuilt from this: reference windows and a seed, never trees. */
export interface Profile {
  readonly modality: Modality;
  /** Of the models that made the observations; others cannot be compared with them. */
  readonly version: string;
  readonly seed: number;
  /** Oldest first; at most {@linkcode PROFILE_SIZE}.keep. */
  readonly references: readonly Observation[];
  readonly learned: number;
  /** How many windows each session gave, of the sessions that gave most. */
  readonly sittings: readonly Sitting[];
  /** How far the profile has followed its subject lately. */
  readonly drift: Drift;
  /** How often the profile was rolled back: what was waiting to be learned before then is void. */
  readonly rollbacks: number;
}

export interface Sitting {
  readonly session: string;
  readonly windows: number;
}

/** What a settled profile learned on the last day that it learned anything. */
export interface Drift {
  /** Days since the epoch by the server's clock, UTC. */
  readonly day: number;
  readonly windows: number;
}

/** A window to be learned. */
export interface Lesson {
  readonly observation: Observation;
  /** By the server's clock, which whoever sends the events cannot turn. */
  readonly atMs: number;
  /** A step-up vouches for it: whoever gave it has proved who they are. */
  readonly vouched?: boolean;
  /** The last one that this step-up vouches for. */
  readonly last?: boolean;
}

/** In windows. */
export interface ProfileSize {
  /** From here on the profile speaks. */
  readonly ready: number;
  /** What a session must give to count among those that a profile is spread over. */
  readonly sitting: number;
  /** Up to here it is still enrolling: it takes every window that speaks for the subject. */
  readonly settled: number;
  readonly keep: number;
  /**
   * First windows, which never make room in a full profile: who the subject was when they enrolled.
   */
  readonly anchors: number;
  /**
   * Who of the others does. `oldest`; or one that is `drawn`, the new one too, so that what is kept is a
   * uniform sample of all that was learned (algorithm R, Vitter 1985): a hand at one task is not what
   * it is at the next.
   */
  readonly makesRoom: "oldest" | "drawn";
  /** What a settled profile takes a day, over all sessions, but for what a step-up vouches for. */
  readonly daily: number;
}

export const PROFILE_SIZE: Readonly<Record<Modality, ProfileSize>> = {
  keyboard: {
    ready: 12,
    sitting: 3,
    settled: 24,
    keep: 48,
    anchors: 24,
    makesRoom: "oldest",
    daily: 8,
  },
  pointer: {
    ready: 20,
    sitting: 5,
    settled: 32,
    keep: 96,
    anchors: 32,
    makesRoom: "drawn",
    daily: 16,
  },
};

const DAY_MS = 24 * 3600_000;
const NO_DRIFT: Drift = { day: 0, windows: 0 };

export function createProfile(modality: Modality, version: string, seed: number): Profile {
  return {
    modality,
    version,
    seed,
    references: [],
    learned: 0,
    sittings: [],
    drift: NO_DRIFT,
    rollbacks: 0,
  };
}

/** Whether two profiles score alike: what was learned can differ where as much was. */
export function isSameProfile(one: Profile, other: Profile): boolean {
  if (one === other) return true;
  const isSame = (a: Observation, b: Observation | undefined) =>
    a.endMs === b?.endMs && a.vector.every((value, i) => Object.is(value, b.vector[i]));
  return one.seed === other.seed && one.references.length === other.references.length &&
    one.references.every((reference, i) => isSame(reference, other.references[i]));
}

/** How far a profile is from its full strength, 0 to 1; 0 until it is ready. */
export function readinessOf(profile: Profile): number {
  const { ready, keep } = PROFILE_SIZE[profile.modality];
  if (profile.learned < ready) return 0;
  return Math.min(1, 0.7 + 0.3 * (profile.references.length - ready) / (keep - ready));
}

/** `sessions` is how many a ready profile must be spread over. */
export function stageOf(profile: Profile, sessions = 1): Stage {
  if (profile.learned === 0) return "cold";
  const isSpread = sessions === 1 || sessionsOf(profile) >= sessions;
  return profile.learned >= PROFILE_SIZE[profile.modality].ready && isSpread ? "ready" : "learning";
}

/** Sessions that gave enough to count. */
export function sessionsOf({ modality, sittings }: Profile): number {
  return sittings.filter(({ windows }) => windows >= PROFILE_SIZE[modality].sitting).length;
}

/** Sessions remembered; a tenant may ask for fewer. */
const SITTINGS_KEPT = 8;

/**
 * {@linkcode learnWindow}, and that it was this session which gave the window. A settled profile that
 * has taken its share of the day is given back as it was.
 */
export function learnFrom(session: string) {
  return (profile: Profile, lesson: Lesson): Profile => {
    const drift = driftAfter(profile, lesson);
    if (!drift) return profile;
    const others = profile.sittings.filter((sitting) => sitting.session !== session);
    const before = profile.sittings.find((sitting) => sitting.session === session)?.windows ?? 0;
    const sittings = others.sort((a, b) => b.windows - a.windows).slice(0, SITTINGS_KEPT - 1);
    sittings.push({ session, windows: before + 1 });
    return { ...learnWindow(profile, lesson.observation), sittings, drift };
  };
}

/** Of the server's clock: days since the epoch, UTC. */
export const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS);

export function isSettled({ modality, learned }: Profile): boolean {
  return learned >= PROFILE_SIZE[modality].settled;
}

/** `undefined` where the day's share is used up. A clock that goes back begins no new day. */
function driftAfter(profile: Profile, { atMs, vouched }: Lesson): Drift | undefined {
  const { drift, modality } = profile;
  if (vouched || !isSettled(profile)) return drift;
  const today = dayOf(atMs) > drift.day ? { day: dayOf(atMs), windows: 0 } : drift;
  if (today.windows >= PROFILE_SIZE[modality].daily) return undefined;
  return { ...today, windows: today.windows + 1 };
}

/**
 * The profile after learning one genuine window. Once it is full, one makes room as
 * {@linkcode ProfileSize}.anchors says, so the profile follows a person slowly without losing who they
 * were. Vectors are rounded to 32 bits, as they are stored, so that a
 * profile scores the same before and after a restart.
 */
export function learnWindow(profile: Profile, observation: Observation): Profile {
  const { keep, anchors, makesRoom } = PROFILE_SIZE[profile.modality];
  const kept = [...profile.references];
  kept.push({ ...observation, vector: Float64Array.from(observation.vector, Math.fround) });
  if (kept.length > keep) kept.splice(makesRoom === "drawn" ? drawn(profile) : anchors, 1);
  return { ...profile, references: kept, learned: profile.learned + 1 };
}

/** The place of the window that makes room for the next, `keep` for that one itself: the same each time. */
function drawn({ modality, seed, learned }: Profile): number {
  const { keep, anchors } = PROFILE_SIZE[modality];
  const place = anchors + Math.floor(seededRandom(seed + learned)() * (learned + 1 - anchors));
  return Math.min(keep, place);
}

/** The profile as its first enrolment left it. */
export function anchorOf(profile: Profile): Profile {
  const references = profile.references.slice(0, PROFILE_SIZE[profile.modality].anchors);
  return { ...profile, references, learned: references.length };
}
