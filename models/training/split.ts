/** Who trains, who calibrates, and who is left to measure on: by name alone, the same every time. */

export type Part = "train" | "calibrate" | "heldOut";

/** The rule in words, for the manifests. */
export const SPLIT_RULE =
  "FNV-1a 32 of the subject's id modulo 100: below 75 trains, below 90 calibrates, the rest is held out";

export function partOf(subject: string): Part {
  const place = fnv1a(subject) % 100;
  return place < 75 ? "train" : place < 90 ? "calibrate" : "heldOut";
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
