/** The browser's clock held against the server's: what its events may claim, and how fine it is. */
import { GaitkeeperError } from "./error.ts";
import type { StreamEvent } from "./wire.ts";

/**
 * How far events may run ahead of the server's clock beyond the first frame's offset: a page that
 * was offline when it loaded sends a first frame that is old.
 */
const SLACK_MS = 2 * 60_000;

/**
 * The events' clock less the server's, as the first frame showed it. Events may come late, for
 * frames are resent, but a stream that claims more time than has passed was not typed live.
 * @throws {GaitkeeperError} `time_implausible`
 */
export function checkSpan(
  events: readonly StreamEvent[],
  nowMs: number,
  firstOffsetMs: number | undefined,
): number | undefined {
  if (!events.length) return firstOffsetMs;
  const newestMs = events.reduce((newest, { timeMs }) => Math.max(newest, timeMs), -Infinity);
  const offsetMs = newestMs - nowMs;
  const aheadMs = offsetMs - (firstOffsetMs ?? offsetMs);
  if (aheadMs > SLACK_MS) {
    throw new GaitkeeperError(
      "time_implausible",
      `Cannot take frame: its events must not outrun the clock, got ${
        Math.round(aheadMs / 1000)
      } s ahead`,
    );
  }
  return firstOffsetMs ?? offsetMs;
}

/** Clocks up to this step (ms) are taken at full weight. */
const FINE_QUANTUM_MS = 2;

/**
 * Weight, 0 to 1, of timing read by a clock of this step: a coarse clock says less, either way. It
 * falls with the square of the step, as the noise that a step adds grows: by a weight that fell with
 * the step itself, subjects were above `elevated` more often the coarser their clock was.
 */
export function clockWeight(quantumMs: number): number {
  return Math.min(1, (FINE_QUANTUM_MS / Math.max(quantumMs, FINE_QUANTUM_MS)) ** 2);
}
