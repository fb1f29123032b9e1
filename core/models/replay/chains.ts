/**
 * Chains of near sketches: one shingle may look like an earlier one by chance, and a word typed every
 * day does; a copy goes on where the last one left off.
 */
import type { Near } from "./sketch_memory.ts";

/** A chain's end: the place it has reached and how many shingles it holds. */
export interface Link {
  readonly place: number;
  readonly length: number;
  /** Of them, one after the other, so near that no hand made them again. */
  readonly exact: number;
}

/** Shingles that may be missing from a chain, here or there, one after the other. */
const MISSING = 2;

export class Chains {
  /** Links of the last shingles, newest last. */
  #recent: (readonly Link[])[];

  constructor(recent: readonly (readonly Link[])[] = []) {
    this.#recent = recent.slice(-1 - MISSING);
  }

  get recent(): readonly (readonly Link[])[] {
    return this.#recent;
  }

  /** Takes what is near the next shingle; the best chain that it ends, `undefined` for none. */
  push(near: readonly Near[], exactBits: number): Link | undefined {
    const links = near.map(({ place, bits }): Link => {
      let [length, exact] = [0, 0];
      for (const before of this.#recent.flat()) {
        const ahead = place - before.place;
        if (ahead < 1 || ahead > 1 + MISSING) continue;
        length = Math.max(length, before.length);
        exact = Math.max(exact, before.exact);
      }
      return { place, length: length + 1, exact: bits <= exactBits ? exact + 1 : 0 };
    });
    // Of very many the longest are enough to go on with.
    links.sort((a, b) => b.length - a.length || b.exact - a.exact);
    this.#recent = [...this.#recent, links.slice(0, LINKS_KEPT)].slice(-1 - MISSING);
    if (!links.length) return undefined;
    return {
      place: links[0]!.place,
      length: links[0]!.length,
      exact: Math.max(...links.map(({ exact }) => exact)),
    };
  }
}

const LINKS_KEPT = 16;
