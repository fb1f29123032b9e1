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

/** Clocks up to this step (ms) are as good as any. */
const FINE_QUANTUM_MS = 2;
/** Beyond this step timing says little of anybody, and soon nothing. */
const COARSE_QUANTUM_MS = 20;
/** At this step confidence would be halved by the step alone. */
const HALVING_QUANTUM_MS = 100;
/** What a window says against the subject goes unheard up to so much, nats, the coarser the clock the nearer. */
const UNHEARD_NATS = 1.5;
/** How sharply what is heard is parted from what is not: an exponent. */
const SHARPNESS = 32;

/**
 * Share, 0 to 1, of a window's `nats` that is heard when its timing was read by a clock of this step.
 *
 * To 20 ms the step hardly blurs who is who, but windows of one hand scatter a little more. So what
 * speaks weakly against the subject is not heard, and what speaks clearly is heard in full: between
 * the two lies evidence that lifts a subject above `elevated` and is too weak for the step-up that
 * would end it, and a share for all alike made more of that. Beyond 20 ms confidence is soon too
 * small for any step-up, so there nothing is heard against the subject, and the share of what speaks
 * for them falls with the fourth power. Chosen on calibration people by an embedder that had not seen
 * them.
 */
export function clockWeight(quantumMs: number, nats: number): number {
  const share = fall(quantumMs);
  if (nats <= 0 || quantumMs <= FINE_QUANTUM_MS) return share;
  const unheardNats = UNHEARD_NATS * (1 - FINE_QUANTUM_MS / quantumMs);
  return share ** SHARPNESS / (1 + (unheardNats / nats) ** SHARPNESS);
}

/** Whether windows that a clock of this step read are fit to learn somebody's timing from. */
export function teaches(quantumMs: number): boolean {
  return quantumMs <= COARSE_QUANTUM_MS;
}

/** Share, 0 to 1, of the confidence that is left by a clock of this step. */
export function clockConfidence(quantumMs: number): number {
  if (quantumMs <= FINE_QUANTUM_MS) return 1;
  return fall(quantumMs) / (1 + quantumMs / HALVING_QUANTUM_MS);
}

function fall(quantumMs: number): number {
  return Math.min(1, (COARSE_QUANTUM_MS / Math.max(quantumMs, COARSE_QUANTUM_MS)) ** 4);
}
