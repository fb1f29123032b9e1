/** A progress bar on a terminal; elsewhere, a line for every tenth. */

export interface ProgressScreen {
  readonly isTerminal: boolean;
  write(text: string): void;
}

/** Standard error, so that what is printed on standard output stays clean. */
export const STANDARD_ERROR: ProgressScreen = {
  isTerminal: Deno.stderr.isTerminal(),
  write: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
};

const WIDTH = 24;
const CLEAR_LINE = "\r\x1b[2K";

export class ProgressBar {
  #share = 0;
  #note = "";

  constructor(readonly screen: ProgressScreen = STANDARD_ERROR) {}

  /** `share` is 0 to 1; the note stands behind the bar. */
  show(share: number, note: string): void {
    const before = this.#share;
    this.#share = share;
    this.#note = note;
    if (this.screen.isTerminal) this.screen.write(CLEAR_LINE + this.#text());
    else if (Math.floor(10 * share) > Math.floor(10 * before)) {
      this.screen.write(`${this.#text()}\n`);
    }
  }

  /** Takes the bar away, for other lines to be printed; the next `show` brings it back. */
  hide(): void {
    if (this.screen.isTerminal) this.screen.write(CLEAR_LINE);
  }

  #text(): string {
    const full = Math.round(WIDTH * this.#share);
    const percent = String(Math.round(100 * this.#share)).padStart(3);
    return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}] ${percent} %  ${this.#note}`;
  }
}
