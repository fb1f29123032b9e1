/** Who trains, who calibrates, and who is left to measure on: by name alone, the same every time. */

export type Part = "train" | "calibrate" | "heldOut";

/** The rule in words, for the manifests. */
export const SPLIT_RULE =
  "FNV-1a 32 of the subject's id modulo 100: below 75 trains, below 90 calibrates, the rest is held out";

export function partOf(subject: string): Part {
  const place = fnv1a(subject) % 100;
  return place < 75 ? "train" : place < 90 ? "calibrate" : "heldOut";
}

/** Who is left out while the others train, when people are too few for a part of their own. */
export const FOLDS = 3;

/** In which fold someone is left out, from 0; `undefined` for the held out, who never take part. */
export function foldOf(subject: string): number | undefined {
  return partOf(subject) === "heldOut" ? undefined : fnv1a(subject) % 100 % FOLDS;
}

/**
 * Whether someone trains.
 * @param leave what is left out: a fold, or `none`; the calibrate part where it is not said.
 */
export function trains(subject: string, leave?: string): boolean {
  if (leave === undefined) return partOf(subject) === "train";
  const fold = foldOf(subject);
  return fold !== undefined && String(fold) !== leave;
}

/** A manifest's account of who took part. */
export interface SplitAccount {
  readonly source: string;
  readonly rule: string;
  /** Everyone whom neither training nor calibration sees. */
  readonly heldOut: readonly string[];
}

export function accountOf(source: string, subjects: Iterable<string>): SplitAccount {
  const heldOut = [...subjects].filter((subject) => partOf(subject) === "heldOut").sort();
  return { source, rule: SPLIT_RULE, heldOut };
}

/** FNV-1a, 32 bits, of the UTF-8 bytes (Fowler, Noll and Vo; RFC 9923). */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
