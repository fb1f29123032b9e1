/** Somebody's rhythm, gathered in the page from what its collector captures; nothing of it is sent. */
import { type Signal, signal } from "@preact/signals";
import type { Stroke } from "../../core/wire.ts";
import type { Zone } from "../../core/zones.ts";

/** Values kept of each kind, so that the picture is of how somebody types now. */
const KEPT = 160;
/** Strokes of the strip. */
const RECENT_KEPT = 40;
/** A longer wait is a pause, and tells nothing of a rhythm, ms. */
const LONGEST_FLIGHT_MS = 1000;

/** What a rhythm is drawn of: how long keys are held, and how long it takes from one to the next. */
export const HOLDS = ["letter", "space", "erase", "modifier"] as const satisfies readonly Zone[];
export const FLIGHTS = ["letter letter", "letter space", "space letter"] as const;
export type HoldZone = typeof HOLDS[number];
export type FlightZones = typeof FLIGHTS[number];

export interface RhythmFacts {
  readonly strokes: number;
  /** Press to release, ms, the newest last. */
  readonly holdMs: Readonly<Record<HoldZone, readonly number[]>>;
  /** Release to the next press, ms; below zero where the next key goes down before. */
  readonly flightMs: Readonly<Record<FlightZones, readonly number[]>>;
  /** Newest last. */
  readonly recent: readonly Stroke[];
}

const NOTHING: RhythmFacts = {
  strokes: 0,
  holdMs: { letter: [], space: [], erase: [], modifier: [] },
  flightMs: { "letter letter": [], "letter space": [], "space letter": [] },
  recent: [],
};

export class Rhythm {
  readonly facts: Signal<RhythmFacts> = signal(NOTHING);

  take(stroke: Stroke): void {
    const { strokes, holdMs, flightMs, recent } = this.facts.peek();
    const before = recent.at(-1);
    const { zone } = stroke;
    const zones = `${before?.zone} ${zone}`;
    const flight = before ? stroke.timeMs - before.timeMs - before.holdMs : Infinity;
    const isFlight = isOneOf(FLIGHTS, zones) && flight <= LONGEST_FLIGHT_MS;
    this.facts.value = {
      strokes: strokes + 1,
      holdMs: isOneOf(HOLDS, zone) ? withValue(holdMs, zone, stroke.holdMs) : holdMs,
      flightMs: isFlight ? withValue(flightMs, zones as FlightZones, flight) : flightMs,
      recent: [...recent, stroke].slice(-RECENT_KEPT),
    };
  }

  /** Forgets, for somebody new. */
  reset(): void {
    this.facts.value = NOTHING;
  }
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

function withValue<Name extends string>(
  values: Readonly<Record<Name, readonly number[]>>,
  name: Name,
  value: number,
): Readonly<Record<Name, readonly number[]>> {
  return { ...values, [name]: [...values[name], value].slice(-KEPT) };
}
