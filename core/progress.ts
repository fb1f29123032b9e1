/** How far each stream of a session has come: what was applied, and what of it is durable. */

/** Everything of `stream` up to `sequence` is durable. */
export interface Acknowledgement {
  readonly stream: number;
  readonly sequence: number;
}

/** Streams (page loads) whose sequence numbers a session remembers. */
const STREAMS_KEPT = 16;

export class StreamProgress {
  readonly #applied: Map<number, number>;
  #durable: Map<number, number>;

  /** @param durable `[stream, sequence]` as a checkpoint holds it, the latest stream last. */
  constructor(durable: Iterable<readonly [number, number]> = []) {
    this.#applied = new Map(durable);
    this.#durable = new Map(this.#applied);
  }

  /** Last durable sequence number by stream. */
  get durable(): ReadonlyMap<number, number> {
    return this.#durable;
  }

  /** What a checkpoint made now would hold. */
  get applied(): [number, number][] {
    return [...this.#applied];
  }

  get hasUncommitted(): boolean {
    return this.#uncommitted().length > 0;
  }

  /** Whether anything of the stream was applied. */
  knows(stream: number): boolean {
    return this.#applied.has(stream);
  }

  /** A frame that was applied before, or that a later one has overtaken. */
  isStale(stream: number, sequence: number): boolean {
    return sequence <= (this.#applied.get(stream) ?? 0);
  }

  advance(stream: number, sequence: number): void {
    this.#applied.delete(stream);
    this.#applied.set(stream, sequence);
    for (const old of [...this.#applied.keys()].slice(0, -STREAMS_KEPT)) this.#applied.delete(old);
  }

  /** After a commit: what has become durable by it. */
  acknowledge(): Acknowledgement[] {
    const acknowledged = this.#uncommitted().map(([stream, sequence]) => ({ stream, sequence }));
    this.#durable = new Map(this.#applied);
    return acknowledged;
  }

  #uncommitted(): [number, number][] {
    return [...this.#applied].filter(([stream, last]) => this.#durable.get(stream) !== last);
  }
}
