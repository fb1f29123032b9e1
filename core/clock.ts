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
/** Doubt of what speaks against the subject, nats a ms of the clock's step. */
const DOUBT_NATS = 0.06;

/**
 * Share, 0 to 1, of a window's `nats` that is heard when its timing was read by a clock of this step.
 *
 * To 20 ms the step hardly blurs who is who, but windows of one hand scatter a little more, so what
 * speaks against the subject is doubted: the less, the more it says, for what is beyond doubt must
 * still be asked about. Weakening everything alike kept subjects above `elevated` for longer: too weak
 * for a step-up, the evidence stood. Beyond 20 ms the share falls with the fourth power.
 */
export function clockWeight(quantumMs: number, nats: number): number {
  const share = fall(quantumMs);
  if (nats <= 0 || quantumMs <= FINE_QUANTUM_MS) return share;
  return share * nats / (nats + DOUBT_NATS * quantumMs);
}

/** Share, 0 to 1, of the confidence that is left by a clock of this step. */
export function clockConfidence(quantumMs: number): number {
  if (quantumMs <= FINE_QUANTUM_MS) return 1;
  return fall(quantumMs) / (1 + quantumMs / HALVING_QUANTUM_MS);
}

function fall(quantumMs: number): number {
  return Math.min(1, (COARSE_QUANTUM_MS / Math.max(quantumMs, COARSE_QUANTUM_MS)) ** 4);
}
