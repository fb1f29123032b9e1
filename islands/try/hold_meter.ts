/** How long somebody holds letters, seen by the page alone; nothing of it is sent. */

/** What most people come near to, ms; taken before anything was typed. */
const POPULATION_HOLD_MS = 95;
/** Longer is a key held on purpose. */
const LONGEST_HOLD_MS = 1000;

export type KeyTiming = Pick<KeyboardEvent, "type" | "code" | "repeat" | "timeStamp">;

export class HoldMeter {
  readonly #pressedAt = new Map<string, number>();
  #sumMs = 0;
  #count = 0;

  /** Mean hold of letters so far, ms. */
  get meanMs(): number {
    return this.#count ? this.#sumMs / this.#count : POPULATION_HOLD_MS;
  }

  /** Takes a `keydown` or `keyup`. */
  observe({ type, code, repeat, timeStamp }: KeyTiming): void {
    if (!code.startsWith("Key") || repeat) return;
    if (type === "keydown") return void this.#pressedAt.set(code, timeStamp);
    const heldMs = timeStamp - (this.#pressedAt.get(code) ?? -Infinity);
    this.#pressedAt.delete(code);
    if (heldMs > LONGEST_HOLD_MS) return;
    this.#sumMs += heldMs;
    this.#count++;
  }

  /** Forgets, for somebody new. */
  reset(): void {
    this.#pressedAt.clear();
    this.#sumMs = this.#count = 0;
  }
}
