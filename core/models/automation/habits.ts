/** Rules on what a hand may do once, but not again and again: the last few times are remembered. */
import { type AutomationFinding, type AutomationRule, PROOF_NATS } from "./finding.ts";

/** Of how many times a habit is read, and how often it must have been so. */
export const TIMES_KEPT = 8;
const TIMES_SO = 7;
/** Times between two looks at a habit. */
const HOP = 4;

/** What the last times were, oldest first, and how many of them no look has counted. */
export interface HabitRecord {
  readonly times: readonly boolean[];
  readonly fresh: number;
}

const WORDS = {
  teleports: "the pointer jumps instead of moving",
  clicksWithoutApproach: "clicks come without the pointer having moved there",
  clicksWithoutHover: "the pointer presses as it arrives and lets go at once",
  impossibleClicks: "clicks follow each other faster than any finger",
  straightLines: "the pointer moves in perfectly straight lines",
  evenSpeed: "the pointer moves at a perfectly even speed",
} as const satisfies Partial<Record<AutomationRule, string>>;
export type Habit = keyof typeof WORDS;

/** Counts each habit's last times. */
export class Habits {
  readonly #records = new Map<Habit, { times: boolean[]; fresh: number }>();

  constructor(records: Readonly<Record<string, HabitRecord>> = {}) {
    for (const [habit, { times, fresh }] of Object.entries(records)) {
      // A habit of another version of the rules is forgotten.
      if (isHabit(habit)) this.#records.set(habit, { times: [...times], fresh });
    }
  }

  get record(): Record<string, HabitRecord> {
    return Object.fromEntries(
      [...this.#records].map(([habit, { times, fresh }]) => [habit, { times: [...times], fresh }]),
    );
  }

  /** Takes one more time. What a look finds; `undefined` where it is not yet due. */
  add(habit: Habit, isSo: boolean): AutomationFinding[] | undefined {
    const record = this.#records.get(habit) ?? { times: [], fresh: 0 };
    this.#records.set(habit, record);
    record.times.push(isSo);
    if (record.times.length > TIMES_KEPT) record.times.shift();
    if (++record.fresh < HOP || record.times.length < TIMES_KEPT) return undefined;
    record.fresh = 0;
    const count = record.times.filter(Boolean).length;
    if (count < TIMES_SO) return [];
    const words = `${WORDS[habit]}: ${count} of ${TIMES_KEPT} times`;
    return [{ rule: habit, words, nats: PROOF_NATS }];
  }
}

function isHabit(name: string): name is Habit {
  return Object.hasOwn(WORDS, name);
}
