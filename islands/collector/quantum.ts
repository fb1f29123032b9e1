/** Differences a first answer rests on; each later answer rests on as many new ones. */
const STEPS = 32;
/** The finest step that the wire carries, ms. */
const FINEST_MS = 0.1;
/** What a timestamp may be off its grid, ms: half of the finest step. */
const TOLERANCE_MS = FINEST_MS / 2;
/** Differences above this say little, for their error is multiplied, ms. */
const LONGEST_MS = 1000;

/**
 * Measures the step of the timestamps that a browser hands out: 0.1 ms in Chromium, 1 ms elsewhere,
 * 16.7 or 100 ms where it resists fingerprinting (High Resolution Time, section 5). The step is the
 * greatest common divisor of the differences, with a tolerance.
 */
export class ClockMeter {
  #lastMs: number | undefined;
  #divisorMs = 0;
  #steps = 0;
  #known: number | undefined;

  /** Takes an event's timestamp, ms. The step in ms when it has become known or has changed. */
  observe(timeStamp: number): number | undefined {
    const stepMs = Math.abs(timeStamp - (this.#lastMs ?? timeStamp));
    this.#lastMs = timeStamp;
    if (stepMs <= TOLERANCE_MS || stepMs > LONGEST_MS) return;
    this.#divisorMs = divisor(this.#divisorMs, stepMs);
    if (++this.#steps < STEPS) return;
    const quantumMs = Math.max(FINEST_MS, Math.round(this.#divisorMs * 10) / 10);
    this.#steps = this.#divisorMs = 0;
    if (quantumMs === this.#known) return;
    return this.#known = quantumMs;
  }
}

/** Euclid's algorithm on measured numbers: a remainder within the tolerance of a multiple is none. */
function divisor(a: number, b: number): number {
  while (a > TOLERANCE_MS) {
    const rest = b % a;
    b = a;
    a = Math.min(rest, a - rest);
  }
  return b;
}
