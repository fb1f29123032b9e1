/** Session records for store tests. */
import type { SessionRecord } from "../../../core/store/sessions.ts";

/** The record of a session that has just begun. */
export function createSessionRecord(
  session: string,
  facts: Partial<SessionRecord> = {},
): SessionRecord {
  return {
    version: 1,
    session,
    subject: "ada",
    startedAtMs: 0,
    updatedAtMs: 0,
    expiresAtMs: 30 * 24 * 3600_000,
    risk: 1,
    confidence: 0,
    level: "low",
    action: "allow",
    keyboard: { stage: "cold", learned: 0, scored: 0, nats: 0 },
    pointer: { stage: "cold", learned: 0, scored: 0, nats: 0 },
    reasons: [],
    evidenceNats: 0,
    strokes: 0,
    clockQuantumMs: 0,
    history: [],
    ...facts,
  };
}
