/** How levels, times, odds and ids are said to a person. */
import type {
  ActionName,
  DeviceName,
  LevelName,
  ModalityView,
  ReasonView,
  StageName,
} from "../../routes/live/feed.ts";

export const LEVEL_WORDS: Readonly<Record<LevelName, string>> = {
  low: "Low",
  elevated: "Elevated",
  high: "High",
  critical: "Critical",
  unknown: "Unknown",
};

export const ACTION_WORDS: Readonly<Record<ActionName, string>> = {
  allow: "let through",
  step_up: "asked to step up",
  block: "blocked",
};

/** In shadow mode. */
export const SHADOW_WORDS: Readonly<Record<ActionName, string>> = {
  allow: "let through",
  step_up: "would have been asked to step up",
  block: "would have been blocked",
};

export const MODALITY_WORDS = { keyboard: "Keyboard", pointer: "Pointer" } as const;

export const SOURCE_WORDS: Readonly<Record<ReasonView["source"], string>> = {
  ...MODALITY_WORDS,
  automation: "Automation",
};

export const DEVICE_WORDS: Readonly<Record<DeviceName | "unknown", string>> = {
  mouse: "Keyboard and mouse",
  touch: "Touch",
  pen: "Pen",
  keyboard: "Keyboard, no pointer",
  unknown: "Device unknown",
};

export const STAGE_WORDS: Readonly<Record<StageName, string>> = {
  cold: "Nothing learned yet",
  learning: "Learning",
  ready: "Ready",
};

const SINGULAR: Readonly<Record<NonNullable<ModalityView["missing"]>["unit"], string>> = {
  strokes: "stroke",
  "seconds of movement": "second of movement",
  sessions: "session",
  "strong sign-ins": "strong sign-in",
};

/** "120 more strokes", "1 more second of movement". */
export function missingWords({ amount, unit }: NonNullable<ModalityView["missing"]>): string {
  return `${amount} more ${amount === 1 ? SINGULAR[unit] : unit}`;
}

/** "just now", "40 s ago", "3 min ago". */
export function ageWords(ageMs: number): string {
  const seconds = Math.round(ageMs / 1000);
  if (seconds < 10) return "just now";
  if (seconds < 60) return `${seconds - seconds % 10} s ago`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

/** What nats do to the odds of "someone else": "×2.3", "÷4.1", "×8,900". */
export function factorWords(nats: number): string {
  const factor = Math.exp(Math.abs(nats));
  if (factor < 1.05) return "×1.0";
  const words = factor < 10 ? factor.toFixed(1) : factor < 1000
    ? factor.toFixed(0)
    // What is so large is known to two digits at best.
    : Number(factor.toPrecision(2)).toLocaleString("en");
  return `${nats < 0 ? "÷" : "×"}${words}`;
}

/** A chance as people say it: "1 in 100", "98 in 100". */
export function chanceWords(logOdds: number): string {
  const chance = 1 / (1 + Math.exp(-logOdds));
  if (chance > 0.995) return "more than 99 in 100";
  if (chance >= 0.1) return `${Math.round(100 * chance)} in 100`;
  return `1 in ${Math.round(1 / chance).toLocaleString("en")}`;
}

/** Risk as shown: whole, but never rounded into a certainty, and none where none can be told. */
export function riskWords(risk: number, level: LevelName): string {
  if (level === "unknown") return "?";
  if (risk < 1) return "<1";
  return risk > 99 ? ">99" : risk.toFixed(0);
}

/** Both ends of an id too long for a table cell. */
export function shortId(id: string): string {
  return id.length > 14 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id;
}
