/** A policy as its form has it: numbers as they are shown, under the names of their fields. */
import type { TenantPolicy } from "../../core/tenant.ts";

/** Risks 0 to 100; shares in per cent; `blocks` and `shadow` are switches. */
export interface PolicyDraft {
  readonly elevatedEnter: number;
  readonly elevatedLeave: number;
  readonly highEnter: number;
  readonly highLeave: number;
  readonly criticalEnter: number;
  readonly criticalLeave: number;
  readonly stepUpConfidence: number;
  readonly blocks: boolean;
  readonly blockConfidence: number;
  readonly prior: number;
  readonly halfLifeMinutes: number;
  readonly shadow: boolean;
}

type NumberName = Exclude<keyof PolicyDraft, "blocks" | "shadow">;

export interface NumberField {
  readonly name: NumberName;
  readonly label: string;
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Where a slider ends that would be too coarse otherwise. */
  readonly sliderMax?: number;
}

const risk = (name: NumberName, label: string): NumberField => {
  return { name, label, unit: "of 100", min: 0, max: 100, step: 1 };
};
const share = (name: NumberName, label: string): NumberField => {
  return { name, label, unit: "%", min: 0, max: 100, step: 1 };
};

export const LEVEL_FIELDS = {
  elevated: [
    risk("elevatedEnter", "Enter elevated at"),
    risk("elevatedLeave", "Leave elevated below"),
  ],
  high: [risk("highEnter", "Enter high at"), risk("highLeave", "Leave high below")],
  critical: [
    risk("criticalEnter", "Enter critical at"),
    risk("criticalLeave", "Leave critical below"),
  ],
} as const;
export const STEP_UP_CONFIDENCE = share("stepUpConfidence", "Ask for a step-up from confidence");
export const BLOCK_CONFIDENCE = share("blockConfidence", "Block from confidence");
export const PRIOR: NumberField = {
  name: "prior",
  label: "Someone else before any evidence",
  unit: "%",
  min: 0.01,
  max: 50,
  step: 0.01,
};
export const HALF_LIFE: NumberField = {
  name: "halfLifeMinutes",
  label: "Evidence halves in",
  unit: "minutes",
  min: 1,
  max: 1440,
  step: 1,
  sliderMax: 120,
};
export const NUMBER_FIELDS: readonly NumberField[] = [
  ...Object.values(LEVEL_FIELDS).flat(),
  STEP_UP_CONFIDENCE,
  BLOCK_CONFIDENCE,
  PRIOR,
  HALF_LIFE,
];

/** Where blocking begins when it is switched on: sure beyond what most sessions reach. */
const BLOCK_AT_FIRST = 95;
const MINUTE_MS = 60_000;

export function draftOf(policy: TenantPolicy): PolicyDraft {
  const { elevated, high, critical } = policy.levels;
  const { blockConfidence } = policy;
  return {
    elevatedEnter: elevated.enter,
    elevatedLeave: elevated.leave,
    highEnter: high.enter,
    highLeave: high.leave,
    criticalEnter: critical.enter,
    criticalLeave: critical.leave,
    stepUpConfidence: shown(100 * policy.stepUpConfidence),
    blocks: blockConfidence !== null,
    blockConfidence: blockConfidence === null ? BLOCK_AT_FIRST : shown(100 * blockConfidence),
    prior: shown(100 * policy.prior),
    halfLifeMinutes: shown(policy.halfLifeMs / MINUTE_MS),
    shadow: policy.shadow,
  };
}

export function policyOf(draft: PolicyDraft): TenantPolicy {
  return {
    levels: {
      elevated: { enter: draft.elevatedEnter, leave: draft.elevatedLeave },
      high: { enter: draft.highEnter, leave: draft.highLeave },
      critical: { enter: draft.criticalEnter, leave: draft.criticalLeave },
    },
    stepUpConfidence: shareOf(draft.stepUpConfidence),
    blockConfidence: draft.blocks ? shareOf(draft.blockConfidence) : null,
    prior: shareOf(draft.prior),
    halfLifeMs: Math.round(draft.halfLifeMinutes * MINUTE_MS),
    shadow: draft.shadow,
  };
}

function shareOf(percent: number): number {
  return Number((percent / 100).toFixed(6));
}

/** 100 × 0.29 is not quite 29, and 2.8 / 100 not quite 0.028. */
function shown(value: number): number {
  return Number(value.toFixed(4));
}

/** What keeps a draft from being saved, for who has to mend it; `undefined` where nothing does. */
export function problemOf(draft: PolicyDraft): string | undefined {
  for (const { name, label, min, max } of NUMBER_FIELDS) {
    const value = draft[name];
    if (!(value >= min && value <= max)) return `“${label}” must be from ${min} to ${max}.`;
  }
  for (const level of ["elevated", "high", "critical"] as const) {
    if (draft[`${level}Leave`] >= draft[`${level}Enter`]) {
      return `The risk below which ${level} is left must be under the one at which it is entered.`;
    }
  }
  const { elevatedEnter, highEnter, criticalEnter } = draft;
  if (elevatedEnter < highEnter && highEnter < criticalEnter) return undefined;
  return "The levels must rise: elevated is entered before high, and high before critical.";
}

/** The draft in a form's fields or an address's query; what is not there stays as in `before`. */
export function draftFrom(
  value: (name: string) => string | undefined,
  before: PolicyDraft,
): PolicyDraft {
  const numbers = NUMBER_FIELDS.map(({ name }) => {
    const text = value(name);
    return [name, text === undefined || text.trim() === "" ? before[name] : Number(text)];
  });
  // A box that is not ticked is not sent, so its being there at all is told by another field.
  const ticked = (name: "blocks" | "shadow") =>
    value("form") === undefined ? before[name] : value(name) === "on";
  return {
    ...before,
    ...Object.fromEntries(numbers),
    blocks: ticked("blocks"),
    shadow: ticked("shadow"),
  };
}

/** Where the page is with this draft in its form. */
export function draftHref(draft: PolicyDraft): string {
  const query = new URLSearchParams({ form: "1" });
  for (const { name } of NUMBER_FIELDS) query.set(name, String(draft[name]));
  for (const name of ["blocks", "shadow"] as const) if (draft[name]) query.set(name, "on");
  return `/policy?${query}`;
}

/** What differs, in words: "Enter high at 50 → 60 of 100". */
export function differences(before: PolicyDraft, after: PolicyDraft): string[] {
  const told: string[] = [];
  for (const { name, label, unit } of NUMBER_FIELDS) {
    if (name === "blockConfidence" && !(before.blocks && after.blocks)) continue;
    if (before[name] === after[name]) continue;
    told.push(`${label} ${before[name]} → ${after[name]} ${unit}`);
  }
  if (before.blocks !== after.blocks) {
    told.push(after.blocks ? `Block from confidence ${after.blockConfidence} %` : "Block nobody");
  }
  if (before.shadow !== after.shadow) told.push(`Shadow mode ${after.shadow ? "on" : "off"}`);
  return told;
}
