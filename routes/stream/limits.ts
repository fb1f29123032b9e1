/** What one socket may ask of the server, and how it is told that it asked for more. */
import type { ErrorCode } from "../../core/error.ts";

/** Close codes of the stream; 1009 and 1012 are those of RFC 6455 and its registry. */
export const CLOSE_CODES = {
  frame_malformed: 4400,
  unsupported_version: 4400,
  ticket_invalid: 4401,
  origin_refused: 4403,
  consent_missing: 4403,
  paused: 4403,
  replay_detected: 4403,
  session_superseded: 4409,
  frame_too_large: 4413,
  time_implausible: 4422,
  rate_exceeded: 4429,
  queue_full: 4429,
} as const satisfies Partial<Record<ErrorCode, number>>;

export const CLOSE_INTERNAL = 1011;
export const CLOSE_RESTARTING = 1012;

/** A page sends 2 to 4 frames a second; a resend after an outage brings a few hundred at once. */
export const FRAME_RATE = { perSecond: 40, burst: 400 } as const;
/** A 125 Hz pointer and a fast hand make 150 events a second. */
export const EVENT_RATE = { perSecond: 2000, burst: 40_000 } as const;
/**
 * Frames that may wait for the models or for the store. A recording is paused instead: TCP itself
 * slows its sender, and what was on its way then still fits.
 */
export const QUEUE = { length: 512, pauseAt: 64, resumeAt: 16 } as const;
/** A peer that has this much unread has stopped reading. */
export const UNREAD_BYTES = 256 * 1024;

/** Between two signs of life that are asked of a silent peer, ms; two missed ones end it. */
export const HEARTBEAT_MS = 30_000;
/** What a peer has to answer a close, ms. */
export const CLOSE_TIMEOUT_MS = 5000;

/** Token bucket (Turner 1986): `burst` at once, `perSecond` in the long run. */
export class TokenBucket {
  #tokens: number;
  #atMs: number;

  constructor(
    readonly rate: { readonly perSecond: number; readonly burst: number },
    nowMs: number,
  ) {
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes tokens; false, and nothing taken, where there are too few. */
  take(count: number, nowMs: number): boolean {
    const gained = Math.max(0, nowMs - this.#atMs) / 1000 * this.rate.perSecond;
    this.#tokens = Math.min(this.rate.burst, this.#tokens + gained);
    this.#atMs = nowMs;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }
}
