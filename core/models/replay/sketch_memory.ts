/** Sketches of what a subject did, in the order in which they did it, the oldest forgotten first. */
import type { Modality } from "../../window.ts";
import { countBits } from "./embedding.ts";

/** 32-bit words of a sketch. */
export const SKETCH_WORDS = 3;
/** A sketch and its tag, bytes. */
export const SKETCH_BYTES = 4 * SKETCH_WORDS + 2;
/** Sketches that are stored, and forgotten, together. */
export const BLOCK_SKETCHES = 256;
/** Blocks kept: 8,192 sketches are about 60,000 strokes, or five hours of a busy pointer. */
export const BLOCKS_KEPT = 32;
const MOST_SKETCHES = BLOCK_SKETCHES * BLOCKS_KEPT;

/** A remembered sketch that is near: its place in order, and the bits in which it differs. */
export interface Near {
  readonly place: number;
  readonly bits: number;
}

export class SketchMemory {
  /** Place of the oldest that is kept, and of the next to come; places are for good. */
  #first: number;
  #end: number;
  #words: Uint32Array;
  #tags: Uint16Array;

  /** @param first place of the first sketch to be added: where a block begins. */
  constructor(first = 0) {
    this.#first = this.#end = first;
    this.#words = new Uint32Array(BLOCK_SKETCHES * SKETCH_WORDS);
    this.#tags = new Uint16Array(BLOCK_SKETCHES);
  }

  get first(): number {
    return this.#first;
  }

  get end(): number {
    return this.#end;
  }

  add(tag: number, sketch: Uint32Array): void {
    if (this.#end - this.#first === MOST_SKETCHES) this.#forgetBlock();
    const at = this.#end++ - this.#first;
    if (at === this.#tags.length) this.#grow();
    this.#words.set(sketch.subarray(0, SKETCH_WORDS), SKETCH_WORDS * at);
    this.#tags[at] = tag;
  }

  /** All of the same tag within so many bits. */
  near(tag: number, sketch: Uint32Array, bits: number): Near[] {
    const found: Near[] = [];
    const [a, b, c] = [sketch[0]!, sketch[1]!, sketch[2]!];
    const count = this.#end - this.#first;
    for (let i = 0, at = 0; i < count; i++, at += SKETCH_WORDS) {
      if (this.#tags[i] !== tag) continue;
      const differ = countBits(this.#words[at]! ^ a) + countBits(this.#words[at + 1]! ^ b) +
        countBits(this.#words[at + 2]! ^ c);
      if (differ <= bits) found.push({ place: this.#first + i, bits: differ });
    }
    return found;
  }

  /** The sketches from one place up to another, as bytes. */
  read(from: number, to: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array((to - from) * SKETCH_BYTES);
    const view = new DataView(bytes.buffer);
    for (let at = 0, i = from - this.#first; at < bytes.length; at += SKETCH_BYTES, i++) {
      view.setUint16(at, this.#tags[i]!, true);
      for (let word = 0; word < SKETCH_WORDS; word++) {
        view.setUint32(at + 2 + 4 * word, this.#words[SKETCH_WORDS * i + word]!, true);
      }
    }
    return bytes;
  }

  /** Adds what {@linkcode read} gave; a piece that is cut short is left out. */
  write(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const sketch = new Uint32Array(SKETCH_WORDS);
    for (let at = 0; at + SKETCH_BYTES <= bytes.length; at += SKETCH_BYTES) {
      for (let word = 0; word < SKETCH_WORDS; word++) {
        sketch[word] = view.getUint32(at + 2 + 4 * word, true);
      }
      this.add(view.getUint16(at, true), sketch);
    }
  }

  /** Forgets what was added from this place on. */
  truncate(place: number): void {
    this.#end = Math.max(this.#first, Math.min(this.#end, place));
  }

  #grow(): void {
    const [words, tags] = [this.#words, this.#tags];
    this.#words = new Uint32Array(2 * words.length);
    this.#tags = new Uint16Array(2 * tags.length);
    this.#words.set(words);
    this.#tags.set(tags);
  }

  #forgetBlock(): void {
    this.#words.copyWithin(0, BLOCK_SKETCHES * SKETCH_WORDS);
    this.#tags.copyWithin(0, BLOCK_SKETCHES);
    this.#first += BLOCK_SKETCHES;
  }
}

/** What is known of a subject's earlier input, by modality. */
export type SketchMemories = Readonly<Record<Modality, SketchMemory>>;

export function emptyMemories(): SketchMemories {
  return { keyboard: new SketchMemory(), pointer: new SketchMemory() };
}
