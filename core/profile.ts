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
}

export interface Sitting {
  readonly session: string;
  readonly windows: number;
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
   * Who makes room in a full profile. `number`: so many of the first windows never do, and of the
   * others the oldest does. `spread`: one that is drawn, the new one too, so that what is kept is a uniform
   * sample of all that was learned (algorithm R, Vitter 1985): a hand at one task is not what it is
   * at the next.
   */
  readonly anchors: number | "spread";
}

export const PROFILE_SIZE: Readonly<Record<Modality, ProfileSize>> = {
  keyboard: { ready: 12, sitting: 3, settled: 24, keep: 48, anchors: 16 },
  pointer: { ready: 20, sitting: 5, settled: 32, keep: 96, anchors: "spread" },
};

export function createProfile(modality: Modality, version: string, seed: number): Profile {
  return { modality, version, seed, references: [], learned: 0, sittings: [] };
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

/** {@linkcode learnWindow}, and that it was this session which gave the window. */
export function learnFrom(session: string) {
  return (profile: Profile, observation: Observation): Profile => {
    const others = profile.sittings.filter((sitting) => sitting.session !== session);
    const before = profile.sittings.find((sitting) => sitting.session === session)?.windows ?? 0;
    const sittings = others.sort((a, b) => b.windows - a.windows).slice(0, SITTINGS_KEPT - 1);
    sittings.push({ session, windows: before + 1 });
    return { ...learnWindow(profile, observation), sittings };
  };
}

/**
 * The profile after learning one genuine window. Once it is full, one makes room as
 * {@linkcode ProfileSize}.anchors says, so the profile follows a person slowly without losing who they
 * were. Vectors are rounded to 32 bits, as they are stored, so that a
 * profile scores the same before and after a restart.
 */
export function learnWindow(profile: Profile, observation: Observation): Profile {
  const { keep, anchors } = PROFILE_SIZE[profile.modality];
  const kept = [...profile.references];
  kept.push({ ...observation, vector: Float64Array.from(observation.vector, Math.fround) });
  if (kept.length > keep) kept.splice(anchors === "spread" ? drawn(profile, keep) : anchors, 1);
  return { ...profile, references: kept, learned: profile.learned + 1 };
}

/** The place of the window that makes room for the next, `keep` for that one itself: the same each time. */
function drawn({ seed, learned }: Profile, keep: number): number {
  return Math.min(keep, Math.floor(seededRandom(seed + learned)() * (learned + 1)));
}
