/** A session's events as the automation rules and the score see them live, window by window. */
import {
  type AutomationFinding,
  type AutomationRule,
  type AutomationScore,
  AutomationWatch,
} from "../../../core/models/automation.ts";
import {
  type KeyboardWindow,
  KeyboardWindower,
  type KeyboardWindowSettings,
  type Modality,
  PointerWindower,
  type PointerWindowSettings,
} from "../../../core/window.ts";
import type { StreamEvent } from "../../../core/wire.ts";
import { CollectorClock } from "../collector_clock.ts";

export interface Settings {
  readonly keyboard: KeyboardWindowSettings;
  readonly pointer: PointerWindowSettings;
}

/** What was found in one session. */
export interface Seen {
  /** Windows, and those in which or since the last of which something was found. */
  readonly windows: Readonly<Record<Modality, { count: number; flagged: number }>>;
  /** Windows that each rule flagged; of the events after the last window, the session. */
  readonly rules: ReadonlyMap<AutomationRule, number>;
}

const PAGE = 1;

/** Lets the rules and the score see a session; the clock is what the collector would measure. */
export function see(
  events: readonly StreamEvent[],
  score: AutomationScore,
  settings: Settings,
): Seen {
  const watch = new AutomationWatch(undefined, score);
  const keyboard = new KeyboardWindower(settings.keyboard);
  const pointer = new PointerWindower(settings.pointer);
  const windows = { keyboard: { count: 0, flagged: 0 }, pointer: { count: 0, flagged: 0 } };
  const rules = new Map<AutomationRule, number>();
  const pending = new Set<AutomationRule>();
  const clock = new CollectorClock();
  const add = (findings: readonly AutomationFinding[] | undefined) =>
    findings?.forEach(({ rule }) => pending.add(rule));
  const settle = () => {
    for (const rule of pending) rules.set(rule, (rules.get(rule) ?? 0) + 1);
    pending.clear();
  };
  const end = (modality: Modality) => {
    windows[modality].count++;
    if (pending.size) windows[modality].flagged++;
    settle();
  };
  for (const event of events) {
    const quantumMs = clock.observe(event);
    add(watch.push(event, PAGE, quantumMs));
    if (event.kind === "stroke") {
      const window: KeyboardWindow | undefined = keyboard.push(event);
      if (!window) continue;
      add(watch.look(window, quantumMs));
      end("keyboard");
    } else if (event.kind === "pointer" || event.kind === "button" || event.kind === "wheel") {
      const window = pointer.push(event);
      if (!window) continue;
      add(watch.look(window, quantumMs));
      end("pointer");
    }
  }
  settle();
  return { windows, rules };
}
