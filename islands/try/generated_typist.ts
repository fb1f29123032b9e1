/**
 * A person who does not exist, typing: every seed is somebody else. Timings are sampled per zone and
 * zone pair from that person's own means and spreads, with rollover, pauses and corrections. For the
 * try page and for tests; never for training a model.
 *
 * The shape follows what is known of transcription typing: log-normal intervals, a tempo that
 * drifts, holds that overlap in fast typists, pauses between words (Dhakal et al. 2018, Observations
 * on Typing from 136 Million Keystrokes; Feit et al. 2016, How We Type).
 */
import { type Random, seededRandom } from "../../core/random.ts";
import { type Stroke, toWirePrecision } from "../../core/wire.ts";
import { type Zone, ZONES } from "../../core/zones.ts";
import { logNormal, normal } from "./sampling.ts";
import { generateText } from "./generated_text.ts";

/** What is a person's own. Times in ms; spreads are of the logarithm. */
export interface TypistTraits {
  /** Press to next press, inside a word. */
  readonly pressPressMs: number;
  readonly pressPressSpread: number;
  readonly holdMs: Readonly<Record<Zone, number>>;
  readonly holdSpread: number;
  /** Factor on press-press by `from>to` zone pair; 1 where absent. */
  readonly pairFactors: Readonly<Record<string, number>>;
  /** Chance of stopping to think before a word, and for how long. */
  readonly pauseChance: number;
  readonly pauseMs: number;
  /** Chance that a letter is mistyped and put right, and how long it takes to notice. */
  readonly errorChance: number;
  readonly noticeMs: number;
  /** How early shift goes down before its letter. */
  readonly shiftLeadMs: number;
}

/** Types on and on: a second call goes on with the same person, not with the same random numbers. */
export interface Typist {
  readonly traits: TypistTraits;
  /**
   * Strokes in press order, the first press at `startMs`. With a text, what it takes to type it,
   * corrections included; with a count, that many strokes of made-up sentences.
   */
  type(textOrStrokeCount: string | number, startMs: number): Stroke[];
}

/** A person by number: the same seed is the same person with the same performance. */
export function createTypist(seed: number): Typist {
  const random = seededRandom(seed);
  const traits = createTraits(random);
  return {
    traits,
    type(textOrStrokeCount, startMs) {
      if (typeof textOrStrokeCount === "string") {
        return new Performance(traits, random, startMs).type(textOrStrokeCount);
      }
      const performance = new Performance(traits, random, startMs);
      while (performance.strokes.length < textOrStrokeCount) performance.type(generateText(random));
      return performance.strokes.slice(0, textOrStrokeCount);
    },
  };
}

function createTraits(random: Random): TypistTraits {
  const about = (centre: number, spread: number) => logNormal(random, centre, spread);
  const baseHoldMs = about(95, 0.25);
  const holdMs = Object.fromEntries(
    ZONES.map((zone) => [zone, baseHoldMs * about(HOLD_FACTOR[zone] ?? 1, 0.12)]),
  ) as Record<Zone, number>;
  const pairFactors: Record<string, number> = {};
  for (const from of ZONES) {
    for (const to of ZONES) pairFactors[`${from}>${to}`] = about(PAIR_FACTOR[to] ?? 1, 0.14);
  }
  pairFactors["letter>letter"] = 1;
  return {
    pressPressMs: about(150, 0.22),
    pressPressSpread: about(0.26, 0.18),
    holdMs,
    holdSpread: about(0.18, 0.2),
    pairFactors,
    pauseChance: Math.min(0.3, about(0.06, 0.5)),
    pauseMs: about(550, 0.3),
    errorChance: Math.min(0.12, about(0.025, 0.5)),
    noticeMs: about(260, 0.3),
    shiftLeadMs: about(110, 0.3),
  };
}

/** Population habits: a modifier is held through its letter, rare keys are slower to reach. */
const HOLD_FACTOR: Partial<Record<Zone, number>> = { space: 0.95, punctuation: 0.92, erase: 0.85 };
const PAIR_FACTOR: Partial<Record<Zone, number>> = {
  space: 0.9,
  digit: 1.7,
  punctuation: 1.35,
  erase: 1.2,
  enterOrTab: 1.8,
};

const SHORTEST_PRESS_PRESS_MS = 18;
const SHORTEST_HOLD_MS = 22;
/** How much of the tempo lasts from one stroke to the next, and how far it wanders. */
const TEMPO_KEPT = 0.97;
const TEMPO_STEP = 0.03;

/** One run of strokes on one clock. */
class Performance {
  readonly strokes: Stroke[] = [];
  #pressMs: number;
  #tempo = 0;
  #previous: { key: string; zone: Zone; releaseMs: number } | undefined;

  constructor(readonly traits: TypistTraits, readonly random: Random, startMs: number) {
    this.#pressMs = startMs;
  }

  type(text: string): Stroke[] {
    for (const character of text) this.#typeCharacter(character);
    return this.strokes;
  }

  #typeCharacter(character: string): void {
    const { traits, random } = this;
    const zone = zoneOfCharacter(character);
    const startsWord = this.#previous?.zone === "space";
    if (startsWord && random() < traits.pauseChance) {
      this.#pressMs += logNormal(random, traits.pauseMs, 0.5);
    }
    if (zone === "letter" && random() < traits.errorChance) this.#mistype(zone);
    if (/[A-Z!?]/.test(character)) this.#typeShifted(character.toLowerCase(), zone);
    else this.#press(character, zone);
  }

  #mistype(zone: Zone): void {
    this.#press("", zone);
    this.#pressMs += logNormal(this.random, this.traits.noticeMs, 0.35);
    this.#press("", "erase");
  }

  /** Shift goes down first and comes up once its letter is down. */
  #typeShifted(key: string, zone: Zone): void {
    const { traits, random } = this;
    const shift = this.#press("shift", "modifier");
    const leadMs = Math.max(30, logNormal(random, traits.shiftLeadMs, 0.25));
    const letter = this.#press(key, zone, leadMs);
    const overlapMs = logNormal(random, 0.6 * traits.holdMs.modifier, 0.3);
    shift.holdMs = toWirePrecision(letter.timeMs - shift.timeMs + overlapMs);
  }

  #press(key: string, zone: Zone, pressPressMs?: number): Stroke {
    const { traits, random } = this;
    if (this.strokes.length) this.#pressMs += pressPressMs ?? this.#pressPressMs(zone);
    // A key must come up before it can go down again.
    if (key && this.#previous?.key === key) {
      this.#pressMs = Math.max(this.#pressMs, this.#previous.releaseMs + 25);
    }
    const holdMs = Math.max(
      SHORTEST_HOLD_MS,
      logNormal(random, traits.holdMs[zone] * Math.exp(0.3 * this.#tempo), traits.holdSpread),
    );
    const timeMs = toWirePrecision(this.#pressMs);
    const stroke: Stroke = { kind: "stroke", timeMs, holdMs: toWirePrecision(holdMs), zone };
    this.strokes.push(stroke);
    this.#previous = { key, zone, releaseMs: this.#pressMs + holdMs };
    return stroke;
  }

  #pressPressMs(zone: Zone): number {
    const { traits, random } = this;
    this.#tempo = TEMPO_KEPT * this.#tempo + TEMPO_STEP * normal(random);
    const factor = traits.pairFactors[`${this.#previous!.zone}>${zone}`] ?? 1;
    const centreMs = traits.pressPressMs * factor * Math.exp(this.#tempo);
    return Math.max(SHORTEST_PRESS_PRESS_MS, logNormal(random, centreMs, traits.pressPressSpread));
  }
}

/** Zone of the key that a US keyboard makes this character with. */
function zoneOfCharacter(character: string): Zone {
  if (/[a-zA-Z']/.test(character)) return "letter";
  if (/[0-9]/.test(character)) return "digit";
  if (character === " ") return "space";
  return character === "\n" || character === "\t" ? "enterOrTab" : "punctuation";
}
