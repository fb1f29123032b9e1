/** Sessions of the page that is pictured. */
import { createSession } from "../routes/seeded_store.ts";

/** One that still learns: what it lacks of each modality. */
export function learning(own: string, strokes: number, seconds: number) {
  const nowMs = Date.now();
  return createSession(own, nowMs, {
    subject: "you",
    reasons: [],
    history: [],
    keyboard: {
      stage: "learning",
      learned: 6,
      scored: 0,
      nats: 0,
      missing: { amount: strokes, unit: "strokes" },
    },
    pointer: {
      stage: seconds ? "learning" : "cold",
      learned: seconds ? 4 : 0,
      scored: 0,
      nats: 0,
      missing: { amount: 72 - seconds, unit: "seconds of movement" },
    },
  });
}
