/**
 * Ways in which an impostor moves from a subject's typing to their own, little by little, from what
 * both have typed.
 */
import type { Random } from "../../../core/random.ts";
import { type Stroke, toWirePrecision } from "../../../core/wire.ts";

/** A stroke and the time since the one before it: typing without a place in time. */
export interface Beat {
  readonly zone: Stroke["zone"];
  readonly pressPressMs: number;
  readonly holdMs: number;
}

/** A longer pause is thought, not typing, ms. */
const LONGEST_PAUSE_MS = 2000;
const SHORTEST_MS = 1;

export function beatsOf(strokes: readonly Stroke[]): Beat[] {
  return strokes.slice(1).map(({ zone, timeMs, holdMs }, i) => ({
    zone,
    pressPressMs: Math.min(LONGEST_PAUSE_MS, Math.max(0, timeMs - strokes[i]!.timeMs)),
    holdMs,
  }));
}

export function strokesOf(beats: readonly Beat[], startMs: number): Stroke[] {
  let timeMs = startMs;
  return beats.map(({ zone, pressPressMs, holdMs }) => {
    timeMs += pressPressMs;
    return {
      kind: "stroke",
      timeMs: toWirePrecision(timeMs),
      holdMs: toWirePrecision(holdMs),
      zone,
    };
  });
}

/** The next strokes of an attack; `share` says how far it has come, 0 the subject, 1 the impostor. */
export type Attack = (share: number, strokes: number) => Beat[];

/** Each goes round and round in what both have typed. */
export const ATTACKS = {
  /** The subject's strokes, the logarithm of their times moved towards the impostor's for such keys. */
  interpolated: (own: readonly Beat[], stranger: readonly Beat[], random: Random): Attack => {
    const next = roundOf(own);
    const theirs = Map.groupBy(withBefore(stranger), ([key]) => key);
    const theirsByZone = Map.groupBy(stranger, ({ zone }) => zone);
    let before: Beat["zone"] | undefined;
    return (share, strokes) =>
      Array.from({ length: strokes }, () => {
        const beat = next();
        const alike = theirs.get(`${before}>${beat.zone}`)?.map(([, of]) => of) ??
          theirsByZone.get(beat.zone) ?? stranger;
        before = beat.zone;
        const other = alike[Math.floor(random() * alike.length)]!;
        return {
          zone: beat.zone,
          pressPressMs: between(beat.pressPressMs, other.pressPressMs, share),
          holdMs: between(beat.holdMs, other.holdMs, share),
        };
      });
  },
  /** Of every few strokes the first are the subject's, and ever more of the last the impostor's. */
  mixed: (own: readonly Beat[], stranger: readonly Beat[], _random: Random): Attack => {
    const [mine, theirs] = [roundOf(own), roundOf(stranger)];
    return (share, strokes) => {
      const kept = Math.round((1 - share) * strokes);
      return Array.from({ length: strokes }, (_, i) => i < kept ? mine() : theirs());
    };
  },
} as const;
export type AttackName = keyof typeof ATTACKS;
export const ATTACK_NAMES = Object.keys(ATTACKS) as AttackName[];

function withBefore(beats: readonly Beat[]): [string, Beat][] {
  return beats.map((beat, i) => [`${beats[i - 1]?.zone}>${beat.zone}`, beat]);
}

function roundOf(beats: readonly Beat[]): () => Beat {
  let at = 0;
  return () => beats[at++ % beats.length]!;
}

function between(fromMs: number, toMs: number, share: number): number {
  const log = (ms: number) => Math.log(Math.max(SHORTEST_MS, ms));
  return Math.exp((1 - share) * log(fromMs) + share * log(toMs));
}
