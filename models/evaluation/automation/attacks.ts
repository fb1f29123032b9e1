/** Every attacker let loose on people's recordings, and people themselves, as sessions to be seen. */
import { seededRandom } from "../../../core/random.ts";
import type { TraceSession } from "../../../core/trace.ts";
import type { StreamEvent, Stroke } from "../../../core/wire.ts";
import { eventsOf, zonesOf } from "../../training/automation/manners.ts";
import type { AutomationRule } from "../../../core/models/automation.ts";
import type { Seen } from "./eye.ts";
import { KEYBOARD_ATTACKERS } from "./keyboard_attackers.ts";
import { POINTER_ATTACKERS } from "./pointer_attackers.ts";

/** What one attack types, strokes, or how long it moves, ms. */
export const ATTACK = { strokes: 300, pointerMs: 60_000 } as const;

/** One attack: what the page of the subject would have sent. */
export interface Attack {
  readonly attacker: string;
  readonly events: readonly StreamEvent[];
}

/**
 * What every keyboard attacker makes of a person: the zones are those of their later sessions, what
 * it has overheard their earlier ones. None where they typed too little.
 */
export function* keyboardAttacks(
  sessions: readonly TraceSession[],
  seed: number,
): Generator<Attack> {
  const half = Math.floor(sessions.length / 2);
  const overheard = eventsOf(sessions.slice(0, half))
    .filter((event): event is Stroke => event.kind === "stroke");
  const zones = zonesOf(eventsOf(sessions.slice(half))).slice(0, ATTACK.strokes);
  if (Math.min(overheard.length, zones.length) < ATTACK.strokes) return;
  const recording = overheard.slice(0, ATTACK.strokes);
  // A program corrects nothing, unless it replays who did.
  const clean = zones.filter((zone) => zone !== "erase");
  for (const [attacker, attack] of Object.entries(KEYBOARD_ATTACKERS)) {
    const random = seededRandom(seed);
    yield { attacker, events: attack({ random, zones: clean, recording }) };
  }
}

/** What every pointer attacker makes of a stretch of a person's movement. */
export function* pointerAttacks(
  recording: readonly StreamEvent[],
  seed: number,
): Generator<Attack> {
  for (const [attacker, attack] of Object.entries(POINTER_ATTACKERS)) {
    const random = seededRandom(seed);
    const events = attack({ random, durationMs: ATTACK.pointerMs, recording });
    yield { attacker, events };
  }
}

/** A person's pointer recording in stretches as long as an attack, `most` of them at most. */
export function stretches(sessions: readonly TraceSession[], most: number): StreamEvent[][] {
  const cut: StreamEvent[][] = [];
  for (const event of eventsOf(sessions)) {
    const open = cut.at(-1);
    if (open && event.timeMs - open[0]!.timeMs < 1.5 * ATTACK.pointerMs) open.push(event);
    else cut.push([event]);
  }
  const moved = cut.filter((events) => events.length > LEAST_EVENTS);
  const step = Math.max(1, moved.length / most);
  return Array.from(
    { length: Math.min(most, moved.length) },
    (_, i) => moved[Math.floor(i * step)]!,
  );
}
/** A stretch with less hardly moved. */
const LEAST_EVENTS = 150;

/** What was seen of many sessions, as shares. */
export interface Tally {
  readonly sessions: number;
  /** Share of sessions in which anything was found. */
  readonly sessionsFlagged: number;
  readonly windows: number;
  readonly windowsFlagged: number;
  /** Share of sessions that each rule flagged at least once. */
  readonly rules: Partial<Record<AutomationRule, number>>;
}

export function tally(seen: readonly Seen[]): Tally {
  const rules: Partial<Record<AutomationRule, number>> = {};
  let [windows, windowsFlagged, sessionsFlagged] = [0, 0, 0];
  for (const session of seen) {
    for (const { count, flagged } of Object.values(session.windows)) {
      windows += count;
      windowsFlagged += flagged;
    }
    if (session.rules.size) sessionsFlagged++;
    for (const rule of session.rules.keys()) rules[rule] = (rules[rule] ?? 0) + 1 / seen.length;
  }
  return {
    sessions: seen.length,
    sessionsFlagged: sessionsFlagged / seen.length,
    windows,
    windowsFlagged: windows ? windowsFlagged / windows : NaN,
    rules,
  };
}
