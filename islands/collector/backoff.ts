/** Upper bound of the first delay, ms. */
const BASE_MS = 1000;
/** Upper bound of every delay, ms. */
const CAP_MS = 30_000;
/** The attempt that a service which asks for less is tried as: up to 16 s. */
const BUSY_ATTEMPT = 4;

/**
 * Delays between tries to connect: exponential with full jitter (Brooker, "Exponential Backoff and
 * Jitter", AWS Architecture Blog, 2015), so that the pages of a restarted server do not return at once.
 */
export class Backoff {
  #attempt = 0;

  constructor(readonly random: () => number) {}

  /** Delay before the next try, ms. `busy`: the service said that it gets too much. */
  nextMs(busy = false): number {
    if (busy) this.#attempt = Math.max(this.#attempt, BUSY_ATTEMPT);
    return this.random() * Math.min(CAP_MS, BASE_MS * 2 ** this.#attempt++);
  }

  /** The service works: begin anew. */
  reset(): void {
    this.#attempt = 0;
  }
}
