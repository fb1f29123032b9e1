/** What the automation score learns from: manners of people's windows and of generators'. */
import { pointerManner } from "../../../core/models/automation/pointer_manner.ts";
import { strokeManner } from "../../../core/models/automation/stroke_manner.ts";
import { type Random, seededRandom } from "../../../core/random.ts";
import type { TraceSession } from "../../../core/trace.ts";
import {
  KeyboardWindower,
  type KeyboardWindowSettings,
  PointerWindower,
  type PointerWindowSettings,
} from "../../../core/window.ts";
import type { StreamEvent, Stroke } from "../../../core/wire.ts";
import type { Zone } from "../../../core/zones.ts";
import { byClock } from "../../evaluation/shape.ts";
import { decimate } from "../../../core/features/pointer_rate.ts";
import { layEndToEnd } from "../people.ts";
import { generateTyping, KEYBOARD_GENERATORS } from "./keyboard_generators.ts";
import { generatePointer, POINTER_GENERATORS } from "./pointer_generators.ts";

/** Windows of one person or one generator that are learned from, at most. */
const MOST_WINDOWS = { keyboard: 8, pointer: 60 } as const;
/** A generator types so many strokes, or moves so long, ms. */
const GENERATED = { strokes: 150, pointerMs: 60_000 } as const;
/** The clock of most recordings, ms: what generators make is told by the same. */
const RECORDED_STEP_MS = 1;
/** Slower mice that everything is also seen through, Hz. */
const SLOWER_HZ = [60, 30, 15] as const;

export function eventsOf(sessions: readonly TraceSession[]): StreamEvent[] {
  return layEndToEnd(sessions).flatMap(({ events }) => events);
}

/** Manners of windows that share no stroke, evenly from the whole stream. */
export function strokeManners(
  events: readonly StreamEvent[],
  settings: KeyboardWindowSettings,
): Float64Array[] {
  const windower = new KeyboardWindower(settings);
  const overlap = settings.strokes / settings.hop;
  const windows = events.flatMap((event) => {
    const window = event.kind === "stroke" ? windower.push(event) : undefined;
    return window?.strokes.length === settings.strokes ? [window] : [];
  }).filter((_, i) => i % overlap === 0);
  return spread(windows, MOST_WINDOWS.keyboard).map(strokeManner);
}

/** Manners of windows that share no movement, evenly from the whole stream. */
export function pointerManners(
  events: readonly StreamEvent[],
  settings: PointerWindowSettings,
): Float64Array[] {
  const windower = new PointerWindower(settings);
  const overlap = Math.ceil(settings.activeMs / settings.hopMs);
  const windows = events.flatMap((event) => {
    const isInput = event.kind === "pointer" || event.kind === "button" || event.kind === "wheel";
    const window = isInput ? windower.push(event) : undefined;
    return window ? [window] : [];
  }).filter((_, i) => i % overlap === 0);
  return spread(windows, MOST_WINDOWS.pointer).map(pointerManner);
}

function spread<T>(items: readonly T[], most: number): T[] {
  const step = Math.max(1, items.length / most);
  return Array.from(
    { length: Math.min(items.length, most) },
    (_, i) => items[Math.floor(i * step)]!,
  );
}

/** Manners of `count` generators in turn, each typing somebody's zones without their corrections. */
export function generatedStrokeManners(
  zonesOf: readonly (readonly Zone[])[],
  count: number,
  settings: KeyboardWindowSettings,
  seed: number,
): Float64Array[] {
  const makers = Object.values(KEYBOARD_GENERATORS);
  return Array.from({ length: count }, (_, i) => {
    const random = seededRandom(seed + i);
    const zones = zonesOf[i % zonesOf.length]!.filter((zone) => zone !== "erase");
    const typed = generateTyping(
      makers[i % makers.length]!,
      random,
      zones.slice(0, GENERATED.strokes),
      0,
    );
    return strokeManners(byClock(typed, RECORDED_STEP_MS), settings);
  }).flat();
}

/** Manners of `count` generators in turn, every second one seen through a slower mouse. */
export function generatedPointerManners(
  count: number,
  settings: PointerWindowSettings,
  seed: number,
): Float64Array[] {
  const makers = Object.values(POINTER_GENERATORS);
  return Array.from({ length: count }, (_, i) => {
    const random = seededRandom(seed + i);
    const moved = generatePointer(makers[i % makers.length]!, random, GENERATED.pointerMs);
    const told = byClock(moved, RECORDED_STEP_MS);
    return pointerManners(random() < 0.5 ? slower(told, random) : told, settings);
  }).flat();
}

/** The same movement by a slower mouse. */
export function slower(events: readonly StreamEvent[], random: Random): StreamEvent[] {
  return decimate(events, SLOWER_HZ[Math.floor(random() * SLOWER_HZ.length)]!);
}

export function zonesOf(events: readonly StreamEvent[]): Zone[] {
  return events.filter((event): event is Stroke => event.kind === "stroke")
    .map(({ zone }) => zone);
}
